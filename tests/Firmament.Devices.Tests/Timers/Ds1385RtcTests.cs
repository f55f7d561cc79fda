using Firmament.Core.Interrupts;
using Firmament.Core.Time;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;
using Firmament.Devices.Timers;

namespace Firmament.Devices.Tests.Timers;

public sealed class Ds1385RtcTests
{
    private static readonly DateTime Start = new(2026, 11, 22, 23, 59, 58, DateTimeKind.Unspecified);

    private readonly Bench _bench = new();
    private readonly Ds1385Rtc _rtc;
    private readonly PciBus _bus;

    public Ds1385RtcTests()
    {
        _rtc = new Ds1385Rtc(Start, _bench.Line, _bench.Scheduler);
        _bus = new PciBus("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, _bench.Tracer);
        IsaBus isa = new(new I8259Pair(InterruptLine.Unconnected));
        _rtc.Map(isa);
        isa.Attach(_bus);
    }

    private byte Get(byte index)
    {
        _bus.Io.Out(0x70, index);
        return _bus.Io.In(0x71);
    }

    private void Set(byte index, byte value)
    {
        _bus.Io.Out(0x70, index);
        _bus.Io.Out(0x71, value);
    }

    private void AdvanceSeconds(long seconds) => _bench.Scheduler.AdvanceTo(_bench.Scheduler.Now + VirtualTime.FromSeconds(seconds));

    [Fact]
    public void Power_on_shows_the_base_time_in_bcd_and_24_hours()
    {
        Assert.Equal(new byte[] { 0x58, 0x59, 0x23, 0x01, 0x22, 0x11, 0x26, 0x20 }, (byte[])[Get(0), Get(2), Get(4), Get(6), Get(7), Get(8), Get(9), Get(0x32)]);
        Assert.Equal(0x26, Get(10));
        Assert.Equal(0x02, Get(11));
        Assert.Equal(0x80, Get(13));
    }

    [Fact]
    public void Time_runs_with_the_virtual_clock_over_midnight()
    {
        AdvanceSeconds(3);
        Assert.Equal(new byte[] { 0x01, 0x00, 0x00, 0x23 }, (byte[])[Get(0), Get(2), Get(4), Get(7)]);
        Assert.Equal(Start.AddSeconds(3), _rtc.GetTime());
    }

    [Fact]
    public void Binary_and_twelve_hour_modes_change_the_encoding()
    {
        Set(11, 0x04);
        Assert.Equal(new byte[] { 58, 59, 0x80 | 11 }, (byte[])[Get(0), Get(2), Get(4)]);
        _rtc.SetTime(new DateTime(2026, 1, 1, 0, 30, 0, DateTimeKind.Unspecified));
        Assert.Equal(12, Get(4));
    }

    [Fact]
    public void Setting_through_the_ports_freezes_and_takes_effect_when_released()
    {
        Set(11, 0x82);
        AdvanceSeconds(5);
        Assert.Equal(0x58, Get(0));
        foreach ((byte index, byte value) in new (byte, byte)[] { (0, 0x30), (2, 0x15), (4, 0x12), (7, 0x29), (8, 0x02), (9, 0x28) })
        {
            Set(index, value);
        }

        Set(11, 0x02);
        Assert.Equal(new DateTime(2028, 2, 29, 12, 15, 30, DateTimeKind.Unspecified), _rtc.GetTime());
        AdvanceSeconds(1);
        Assert.Equal(0x31, Get(0));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(9999, 12, 31)]
    public void Firmware_can_set_any_year(int year, int month, int day)
    {
        DateTime time = new(year, month, day, 1, 2, 3, DateTimeKind.Unspecified);
        AdvanceSeconds(10);
        _rtc.SetTime(time);
        Assert.Equal(time, _rtc.GetTime());
        Assert.Equal(0x03, Get(0));
    }

    [Fact]
    public void Nonsense_in_the_time_bytes_is_bounded()
    {
        Set(11, 0x82);
        for (byte i = 0; i < 10; i++)
        {
            Set(i, 0xff);
        }

        Set(0x32, 0xff);
        Set(11, 0x02);
        Assert.Equal(9999, _rtc.GetTime().Year);
    }

    [Fact]
    public void Update_in_progress_shows_at_the_end_of_each_second()
    {
        Assert.Equal(0, Get(10) & 0x80);
        _bench.AdvanceNanoseconds(999_900_000);
        Assert.Equal(0x80, Get(10) & 0x80);
        _bench.AdvanceNanoseconds(100_000);
        Assert.Equal(0, Get(10) & 0x80);
    }

    [Fact]
    public void The_update_interrupt_comes_each_second_and_register_c_clears_it()
    {
        Set(11, 0x12);
        AdvanceSeconds(1);
        Assert.True(_bench.Line.Level);
        Assert.Equal(0x90, Get(12) & 0x90);
        Assert.False(_bench.Line.Level);
        AdvanceSeconds(1);
        Assert.Equal(2, _bench.Rises);
    }

    [Fact]
    public void The_alarm_fires_at_its_time_only()
    {
        Set(1, 0x05);
        Set(3, 0x00);
        Set(5, 0xc0);
        Set(11, 0x22);
        AdvanceSeconds(6);
        Assert.False(_bench.Line.Level);
        AdvanceSeconds(1);
        Assert.True(_bench.Line.Level);
        Assert.Equal(0xa0, Get(12) & 0xa0);
    }

    [Fact]
    public void The_periodic_interrupt_follows_its_rate()
    {
        Set(10, 0x26); // 1024 Hz
        Set(11, 0x42);
        int interrupts = 0;
        for (int i = 0; i < 4096; i++)
        {
            _bench.AdvanceNanoseconds(1_000_000_000 / 4096);
            if (_bench.Line.Level)
            {
                interrupts++;
                Get(12);
            }
        }

        Assert.InRange(interrupts, 1022, 1024);
    }

    [Fact]
    public void Flags_are_set_without_interrupts_being_enabled()
    {
        AdvanceSeconds(1);
        Assert.Equal(0x50, Get(12));
        Assert.Equal(0x00, Get(12));
        Assert.False(_bench.Line.Level);
    }

    [Fact]
    public void Memory_is_kept_in_both_banks_over_reset()
    {
        Set(0x40, 0x5a);
        _bus.Io.Out(0x72, 0xc1);
        _bus.Io.Out(0x73, 0xa5);
        Set(11, 0x72);
        _rtc.Reset();
        Assert.Equal(0x5a, Get(0x40));
        _bus.Io.Out(0x72, 0xc1);
        Assert.Equal(0xa5, _bus.Io.In(0x73));
        Assert.Equal(0x02, Get(11));
    }

    [Fact]
    public void State_survives_a_round_trip_and_runs_on_alike()
    {
        Set(11, 0x72);
        _bench.AdvanceMicroseconds(1_234_567);
        Bench other = new();
        Ds1385Rtc fresh = new(Start, other.Line, other.Scheduler);
        SavedState.AssertRoundTrip([_bench.Scheduler, _rtc], [other.Scheduler, fresh]);
        _bench.AdvanceMicroseconds(3_000_000);
        other.AdvanceMicroseconds(3_000_000);
        Assert.Equal(SavedState.Hash(_bench.Scheduler, _rtc), SavedState.Hash(other.Scheduler, fresh));
    }
}
