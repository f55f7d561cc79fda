using Firmament.Core.Interrupts;
using Firmament.Core.Time;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;
using Firmament.Devices.Timers;

namespace Firmament.Devices.Tests.Timers;

public sealed class I8254Tests
{
    private readonly Bench _bench = new();
    private readonly I8254 _pit;

    public I8254Tests() => _pit = new I8254(_bench.Line, _bench.Scheduler);

    private void Load(int channel, int mode, ushort count)
    {
        _pit.Out(3, (byte)((channel << 6) | 0x30 | (mode << 1)));
        _pit.Out((ulong)channel, (byte)count);
        _pit.Out((ulong)channel, (byte)(count >> 8));
    }

    private void AdvanceTicks(ulong ticks) =>
        _bench.Scheduler.AdvanceTo(VirtualTime.FromTicks(_bench.Scheduler.Now.ToTicks(I8254.Frequency) + ticks, I8254.Frequency));

    private int ReadCount(int channel)
    {
        _pit.Out(3, (byte)(channel << 6));
        return _pit.In((ulong)channel) | (_pit.In((ulong)channel) << 8);
    }

    [Fact]
    public void Mode_0_interrupts_once_at_terminal_count()
    {
        Load(0, 0, 1000);
        Assert.False(_bench.Line.Level);
        AdvanceTicks(999);
        Assert.False(_bench.Line.Level);
        AdvanceTicks(1);
        Assert.True(_bench.Line.Level);
        AdvanceTicks(100_000);
        Assert.Equal(1, _bench.Rises);
    }

    [Fact]
    public void Mode_2_interrupts_every_period()
    {
        Load(0, 2, 1193);
        int before = _bench.Rises;
        AdvanceTicks(1193 * 10);
        Assert.Equal(10, _bench.Rises - before);
    }

    [Fact]
    public void Mode_3_is_a_square_wave()
    {
        Load(0, 3, 100);
        int before = _bench.Rises;
        Assert.True(_bench.Line.Level);
        AdvanceTicks(50);
        Assert.False(_bench.Line.Level);
        AdvanceTicks(50);
        Assert.True(_bench.Line.Level);
        Assert.Equal(1, _bench.Rises - before);
    }

    [Fact]
    public void Mode_4_strobes_for_one_tick()
    {
        Load(0, 4, 10);
        Assert.True(_bench.Line.Level);
        AdvanceTicks(10);
        Assert.False(_bench.Line.Level);
        AdvanceTicks(1);
        Assert.True(_bench.Line.Level);
    }

    [Fact]
    public void Modes_1_and_5_wait_for_the_gate()
    {
        IsaBus isa = new(new I8259Pair(InterruptLine.Unconnected));
        _pit.Map(isa);
        Load(2, 1, 10);
        AdvanceTicks(100);
        Assert.Equal(0x20, ReadPort61() & 0x20);
        WritePort61(1);
        Assert.Equal(0x00, ReadPort61() & 0x20);
        AdvanceTicks(10);
        Assert.Equal(0x20, ReadPort61() & 0x20);

        WritePort61(0);
        Load(2, 5, 10);
        WritePort61(1);
        Assert.Equal(0x20, ReadPort61() & 0x20);
        AdvanceTicks(10);
        Assert.Equal(0x00, ReadPort61() & 0x20);
    }

    [Fact]
    public void The_gate_stops_a_mode_0_count()
    {
        WritePort61(1);
        Load(2, 0, 1000);
        AdvanceTicks(100);
        WritePort61(0);
        AdvanceTicks(5000);
        Assert.Equal(900, ReadCount(2));
        WritePort61(1);
        AdvanceTicks(900);
        Assert.Equal(0x20, ReadPort61() & 0x20);
    }

    [Fact]
    public void A_latched_count_does_not_move()
    {
        Load(0, 2, 5000);
        AdvanceTicks(100);
        _pit.Out(3, 0x00);
        AdvanceTicks(50);
        Assert.Equal(4900, _pit.In(0) | (_pit.In(0) << 8));
        Assert.Equal(4850, ReadCount(0));
    }

    [Fact]
    public void Read_back_latches_status_then_count()
    {
        Load(0, 2, 5000);
        AdvanceTicks(10);
        _pit.Out(3, 0xc2);
        Assert.Equal(0xb4, _pit.In(0));
        Assert.Equal(4990, _pit.In(0) | (_pit.In(0) << 8));
    }

    [Fact]
    public void Counts_in_bcd_when_told_to()
    {
        _pit.Out(3, 0x35);
        _pit.Out(0, 0x00);
        _pit.Out(0, 0x10);
        AdvanceTicks(1);
        Assert.Equal(0x0999, ReadCount(0));
    }

    [Fact]
    public void The_refresh_bit_toggles()
    {
        int first = ReadPort61() & 0x10;
        _bench.AdvanceNanoseconds(15_085);
        Assert.NotEqual(first, ReadPort61() & 0x10);
    }

    [Fact]
    public void An_absurd_count_of_one_does_not_hang()
    {
        Load(0, 2, 1);
        AdvanceTicks(10_000);
        Assert.InRange(_bench.Rises, 1, 10_000);
    }

    [Fact]
    public void State_survives_a_round_trip_and_runs_on_alike()
    {
        Load(0, 2, 1193);
        Load(2, 3, 400);
        AdvanceTicks(700);
        _pit.Out(3, 0x00);
        _pit.In(0);
        Bench other = new();
        I8254 fresh = new(other.Line, other.Scheduler);
        SavedState.AssertRoundTrip([_bench.Scheduler, _pit], [other.Scheduler, fresh]);
        _bench.AdvanceMicroseconds(12_345);
        other.AdvanceMicroseconds(12_345);
        Assert.Equal(SavedState.Hash(_bench.Scheduler, _pit), SavedState.Hash(other.Scheduler, fresh));
    }

    private PciBus? _bus;

    private PciBus Bus()
    {
        if (_bus == null)
        {
            _bus = new PciBus("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, _bench.Tracer);
            IsaBus isa = new(new I8259Pair(InterruptLine.Unconnected));
            _pit.Map(isa);
            isa.Attach(_bus);
        }

        return _bus;
    }

    private byte ReadPort61() => Bus().Io.In(0x61);

    private void WritePort61(byte value) => Bus().Io.Out(0x61, value);
}
