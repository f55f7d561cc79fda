using Firmament.Core.Interrupts;
using Firmament.DeviceTree;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class PseriesInterruptsTests
{
    [Fact]
    public void A_level_asserted_before_the_controller_changes_is_presented_by_the_new_one()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        Assert.True(rig.Line());
        rig.Interrupts.Select(InterruptMode.Xive);
        Assert.False(rig.Line());
        Assert.Equal(0, rig.Xive.SetQueue(1, 0, 6, PseriesRig.Queue, 12));
        Assert.Equal(0, rig.Xive.SetSource(2, PseriesRig.Lsi, 0, 6, 9));
        rig.SetPriority(0xff);
        rig.Load(PseriesRig.Lsi, 0xc00);
        Assert.True(rig.Line());
        Assert.Equal(0x80000009u, rig.Entry(0));
        rig.Interrupts.Select(InterruptMode.Xics);
        Assert.False(rig.Line());
        rig.Xics.SetXive(PseriesRig.Lsi, 0, 5);
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.Equal(0xff000000u | PseriesRig.Lsi, rig.Xics.Accept(0));
    }

    [Fact]
    public void A_reset_closes_the_controller_and_keeps_levels()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        rig.Pulse(PseriesRig.Msi);
        rig.Interrupts.Select(InterruptMode.Xics);
        Assert.False(rig.Line());
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.False(rig.Line());
        rig.Xics.SetXive(PseriesRig.Msi, 0, 5); // a message does not outlive a reset
        Assert.False(rig.Line());
        rig.Xics.SetXive(PseriesRig.Lsi, 0, 5);
        Assert.True(rig.Line());
    }

    [Fact]
    public void A_source_has_one_wire_that_does_nothing_until_it_is_claimed()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        InterruptLine wire = rig.Interrupts.Source(0x1203);
        Assert.Same(wire, rig.Interrupts.Source(0x1203));
        wire.Raise();
        rig.Interrupts.Claim(0x1203, isLevel: true);
        rig.Xics.SetXive(0x1203, 0, 5);
        Assert.True(rig.Line()); // it was high when it was claimed
    }

    [Theory]
    [InlineData(0x1000, false)]
    [InlineData(0x11ff, false)]
    [InlineData(0x1204, true)]
    [InlineData(0x127f, true)]
    [InlineData(0x1280, false)]
    [InlineData(0x1300, false)]
    public void Connecting_a_source_claims_it_with_the_type_of_its_number(int number, bool isLevel)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        InterruptLine wire = rig.Interrupts.Connect(number);
        Assert.Same(wire, rig.Interrupts.Connect(number));
        rig.Xics.SetXive((uint)number, 0, 5);
        wire.Raise();
        rig.Xics.EndOfInterrupt(0, rig.Xics.Accept(0));
        Assert.Equal(isLevel, rig.Line());
    }

    [Theory]
    [InlineData(PseriesRig.Msi)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0x2000)]
    public void A_number_that_is_taken_or_out_of_range_cannot_be_claimed(int number)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.Throws<InvalidOperationException>(() => rig.Interrupts.Claim(number, isLevel: false));
    }

    [Fact]
    public void A_freed_number_can_be_claimed_again_and_is_off()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Free(PseriesRig.Msi);
        rig.Interrupts.Free(PseriesRig.Msi);
        rig.Interrupts.Free(-1);
        Assert.False(rig.Interrupts.IsClaimed(PseriesRig.Msi));
        rig.Interrupts.Claim(PseriesRig.Msi, isLevel: true);
        Assert.True(rig.Xics.GetXive(PseriesRig.Msi, out _, out uint priority));
        Assert.Equal(0xffu, priority);
    }

    [Theory]
    [InlineData(InterruptMode.Xics)]
    [InlineData(InterruptMode.Xive)]
    public void A_store_to_the_message_window_pulses_message_sources_only(InterruptMode mode)
    {
        using PseriesRig rig = mode == InterruptMode.Xics ? PseriesRig.OpenXics() : PseriesRig.OpenXive();
        foreach (uint number in (uint[])[PseriesRig.Lsi, 0x1fff, 0x2000, uint.MaxValue])
        {
            rig.Interrupts.Pulse(number);
        }

        Assert.False(rig.Line());
        Assert.Equal(4, rig.GuestErrors.Count);
        rig.Interrupts.Pulse(PseriesRig.Msi);
        Assert.True(rig.Line());
    }

    [Fact]
    public void Message_blocks_are_consecutive_aligned_and_given_back()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.True(rig.Interrupts.TryAllocate(3, align: false, out int first));
        Assert.Equal(0x1300, first);
        Assert.True(rig.Interrupts.TryAllocate(3, align: true, out int aligned));
        Assert.Equal(0x1304, aligned);
        Assert.True(rig.Interrupts.TryAllocate(1, align: true, out int single));
        Assert.Equal(0x1303, single);
        rig.Interrupts.Release(first, 3);
        Assert.True(rig.Interrupts.TryAllocate(4, align: false, out int next));
        Assert.Equal(0x1307, next);
        Assert.True(rig.Interrupts.TryAllocate(2, align: true, out first));
        Assert.Equal(0x1300, first);
        Assert.True(rig.Interrupts.IsClaimed(0x1301));
        Assert.False(rig.Interrupts.IsClaimed(0x1302));
    }

    [Fact]
    public void All_message_numbers_can_be_had_and_then_no_more()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.True(rig.Interrupts.TryAllocate(0xd00, align: false, out int first));
        Assert.Equal(0x1300, first);
        Assert.False(rig.Interrupts.TryAllocate(1, align: false, out _));
        rig.Interrupts.Release(0x1fff, 1);
        Assert.False(rig.Interrupts.TryAllocate(2, align: false, out _));
        Assert.True(rig.Interrupts.TryAllocate(1, align: true, out first));
        Assert.Equal(0x1fff, first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(0xd01)]
    [InlineData(int.MaxValue)]
    public void A_block_that_cannot_exist_is_refused(int count)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.False(rig.Interrupts.TryAllocate(count, align: false, out _));
        Assert.False(rig.Interrupts.TryAllocate(count, align: true, out _));
        Assert.True(rig.Interrupts.TryAllocate(1, align: false, out _));
    }

    [Fact]
    public void The_nodes_have_the_properties_that_guests_look_for()
    {
        DeviceTree.DeviceTree tree = new();
        DeviceNode xics = tree.Root.AddChild(XicsController.NodeName);
        XicsController.Describe(xics, 2);
        Assert.Equal("/interrupt-controller", xics.Path);
        Assert.Equal("PowerPC-External-Interrupt-Presentation\0"u8, xics["device_type"]!.Value.Span);
        Assert.Equal("IBM,ppc-xicp\0"u8, xics["compatible"]!.Value.Span);
        Assert.Equal("0000000000000002", Hex(xics, "ibm,interrupt-server-ranges"));
        DeviceNode xive = tree.Root.AddChild(XiveController.NodeName);
        XiveController.Describe(xive, tree.Root, 2);
        Assert.Equal("/interrupt-controller@60302031b0000", xive.Path);
        Assert.Equal("00060302031b0000000000000001000000060302031a00000000000000010000", Hex(xive, "reg"));
        Assert.Equal("ibm,power-ivpe\0"u8, xive["compatible"]!.Value.Span);
        Assert.Equal("00000010", Hex(xive, "ibm,xive-eq-sizes"));
        Assert.Equal("0000000000000002", Hex(xive, "ibm,xive-lisn-ranges"));
        Assert.Equal("00000007000000f8", Hex(tree.Root, "ibm,plat-res-int-priorities"));
        foreach (DeviceNode node in (DeviceNode[])[xics, xive])
        {
            Assert.Equal("00000002", Hex(node, "#interrupt-cells"));
            Assert.Equal("", Hex(node, "interrupt-controller"));
        }
    }

    private static string Hex(DeviceNode node, string property) => Convert.ToHexStringLower(node[property]!.Value.Span);
}
