using Firmament.Core.Interrupts;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class I8259PairTests
{
    private bool _intr;

    private I8259Pair Create(byte icw4 = 1)
    {
        I8259Pair pair = new(new InterruptLine("intr", level => _intr = level));
        foreach (var (ports, vector, cascade) in new[] { (pair.MasterPorts, (byte)0x20, (byte)4), (pair.SlavePorts, (byte)0x28, (byte)2) })
        {
            ports.Out(0, 0x11);
            ports.Out(1, vector);
            ports.Out(1, cascade);
            ports.Out(1, icw4);
        }

        return pair;
    }

    [Fact]
    public void After_power_on_everything_is_masked()
    {
        I8259Pair pair = new(new InterruptLine("intr", level => _intr = level));
        pair.Input(4).Raise();
        Assert.False(_intr);
        Assert.Equal(0xff, pair.MasterPorts.In(1));
        Assert.Equal(0, pair.EdgeLevelPorts.In(0));
    }

    [Fact]
    public void An_edge_is_acknowledged_once_and_needs_an_end_of_interrupt()
    {
        I8259Pair pair = Create();
        pair.Input(4).Raise();
        Assert.True(_intr);
        Assert.Equal(0x24, pair.Acknowledge());
        Assert.False(_intr);
        pair.Input(4).Lower();
        pair.Input(4).Raise();
        Assert.False(_intr); // still in service
        pair.MasterPorts.Out(0, 0x20);
        Assert.True(_intr);
    }

    [Fact]
    public void A_level_input_interrupts_again_while_it_is_high()
    {
        I8259Pair pair = Create();
        pair.EdgeLevelPorts.Out(1, 0xff);
        Assert.Equal(0xde, pair.EdgeLevelPorts.In(1));
        pair.Input(9).Raise();
        Assert.Equal(0x29, pair.Acknowledge());
        pair.SlavePorts.Out(0, 0x20);
        pair.MasterPorts.Out(0, 0x20);
        Assert.True(_intr);
        pair.Input(9).Lower();
        Assert.False(_intr);
    }

    [Fact]
    public void The_slave_interrupts_through_input_2_and_a_second_slave_request_follows()
    {
        I8259Pair pair = Create();
        pair.Input(14).Raise();
        pair.Input(12).Raise();
        Assert.Equal(0x2c, pair.Acknowledge());
        Assert.Equal(0x04, ReadInService(pair.MasterPorts));
        pair.SlavePorts.Out(0, 0x20);
        pair.MasterPorts.Out(0, 0x20);
        Assert.True(_intr);
        Assert.Equal(0x2e, pair.Acknowledge());
    }

    [Fact]
    public void Higher_priority_preempts_and_lower_waits()
    {
        I8259Pair pair = Create();
        pair.Input(4).Raise();
        Assert.Equal(0x24, pair.Acknowledge());
        pair.Input(6).Raise();
        Assert.False(_intr);
        pair.Input(1).Raise();
        Assert.True(_intr);
        Assert.Equal(0x21, pair.Acknowledge());
    }

    [Fact]
    public void A_request_that_vanishes_gives_the_spurious_vector_and_no_service_bit()
    {
        I8259Pair pair = Create();
        pair.Input(3).Raise();
        pair.Input(3).Lower();
        Assert.Equal(0x27, pair.Acknowledge());
        Assert.Equal(0, ReadInService(pair.MasterPorts));
    }

    [Fact]
    public void Poll_mode_acknowledges_by_a_read()
    {
        I8259Pair pair = Create();
        pair.MasterPorts.Out(0, 0x0c);
        Assert.Equal(0x07, pair.MasterPorts.In(0));
        pair.Input(5).Raise();
        pair.MasterPorts.Out(0, 0x0c);
        Assert.Equal(0x85, pair.MasterPorts.In(0));
        Assert.Equal(0x20, ReadInService(pair.MasterPorts));
    }

    [Fact]
    public void Automatic_end_of_interrupt_leaves_nothing_in_service_and_can_rotate()
    {
        I8259Pair pair = Create(icw4: 3);
        pair.MasterPorts.Out(0, 0x80);
        pair.Input(0).Raise();
        Assert.Equal(0x20, pair.Acknowledge());
        Assert.Equal(0, ReadInService(pair.MasterPorts));
        pair.Input(0).Lower();
        pair.Input(0).Raise();
        pair.Input(1).Raise();
        Assert.Equal(0x21, pair.Acknowledge()); // 0 is lowest now
    }

    [Fact]
    public void Rotation_on_end_of_interrupt_makes_the_served_input_lowest()
    {
        I8259Pair pair = Create();
        pair.Input(3).Raise();
        pair.Acknowledge();
        pair.MasterPorts.Out(0, 0xa0);
        pair.Input(3).Lower();
        pair.Input(3).Raise();
        pair.Input(6).Raise();
        Assert.Equal(0x26, pair.Acknowledge());
    }

    [Fact]
    public void Special_mask_mode_lets_lower_priorities_through()
    {
        I8259Pair pair = Create();
        pair.Input(1).Raise();
        pair.Acknowledge();
        pair.MasterPorts.Out(0, 0x68);
        pair.MasterPorts.Out(1, 0x02);
        pair.Input(5).Raise();
        Assert.Equal(0x25, pair.Acknowledge());
    }

    [Fact]
    public void A_masked_request_waits()
    {
        I8259Pair pair = Create();
        pair.MasterPorts.Out(1, 0x10);
        pair.Input(4).Raise();
        Assert.False(_intr);
        Assert.Equal(0x10, pair.MasterPorts.In(0)); // IRR
        pair.MasterPorts.Out(1, 0x00);
        Assert.True(_intr);
    }

    [Fact]
    public void State_survives_a_round_trip()
    {
        I8259Pair pair = Create();
        pair.Input(4).Raise();
        pair.Input(14).Raise();
        pair.Acknowledge();
        I8259Pair fresh = new(InterruptLine.Unconnected);
        SavedState.AssertRoundTrip([pair], [fresh]);
        Assert.Equal(pair.Acknowledge(), fresh.Acknowledge());
    }

    private static byte ReadInService(Firmament.Core.Memory.IMmioTarget ports)
    {
        ports.Out(0, 0x0b);
        byte value = ports.In(0);
        ports.Out(0, 0x0a);
        return value;
    }
}
