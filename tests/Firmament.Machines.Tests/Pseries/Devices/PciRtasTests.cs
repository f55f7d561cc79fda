using Firmament.Core.Memory;
using Firmament.DeviceTree;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Virtio;
using Firmament.Machines.Placement;
using Firmament.Machines.Pseries.Rtas;

namespace Firmament.Machines.Tests.Pseries.Devices;

public sealed class PciRtasTests : IDisposable
{
    private const uint BuidHigh = 0x0800_0000;
    private const uint BuidLow = 0x2000_0000;
    private const uint Slot1 = 1 << 11;
    private const uint HardwareError = uint.MaxValue;
    private const uint ParameterError = unchecked((uint)-3);

    private readonly DeviceCallRig _rig = new();
    private readonly SpaprPhb _bridge;
    private readonly PciRtas _rtas;

    public PciRtasTests()
    {
        _bridge = new SpaprPhb(0, _rig.Tables, _rig.Numbers, _rig.Source, _rig.Tracer);
        _bridge.Bus.Place(new VirtioPciFunction(new VirtioEntropy("rng", new byte[32]), Endianness.Little, _rig.Tracer, hasMsix: true), 1);
        _rtas = new PciRtas([_bridge, new SpaprPhb(1, _rig.Tables, _rig.Numbers, _rig.Source, _rig.Tracer)]);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Configuration_space_is_read_and_written_by_buid()
    {
        Assert.Equal((0u, 0x1af4u), Read(Slot1, 2));
        Assert.Equal((0u, 0x1005u), Read(Slot1 | 2, 2));
        Assert.Equal(0u, _rig.Rtas(_rtas.WriteBridgeConfig, 1, Slot1 | 4, BuidHigh, BuidLow, 2, 7).Status);
        Assert.Equal((0u, 7u), Read(Slot1 | 4, 2));
    }

    [Theory]
    [InlineData(2u << 11, 4)]
    [InlineData(Slot1 | 1, 2)]
    [InlineData(Slot1, 3)]
    [InlineData(Slot1, 8)]
    [InlineData(Slot1 | 0x1000_0000, 4)]
    [InlineData(Slot1 | 0x1_0000, 4)]
    public void A_missing_function_and_a_bad_register_are_hardware_errors(uint address, uint size)
    {
        Assert.Equal(HardwareError, Read(address, size).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.WriteBridgeConfig, 1, address, BuidHigh, BuidLow, size, 0).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.ReadBridgeConfig, 2, Slot1, BuidHigh, BuidLow + 7, 4).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.ReadConfig, 2, Slot1, 4).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.WriteConfig, 1, Slot1, 4, 0).Status);
    }

    [Fact]
    public void Messages_are_given_asked_for_and_released()
    {
        (uint status, uint[] results) = Change(4, 2);
        Assert.Equal(0u, status);
        Assert.Equal([2u, 8u, 2u], results);
        Assert.Equal([0x1301u, 1u], _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot1, BuidHigh, BuidLow, 1).Results);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot1, BuidHigh, BuidLow, 2).Status);
        Assert.Equal(ParameterError, _rig.Rtas(_rtas.QueryInterruptSource, 3, 2u << 11, BuidHigh, BuidLow, 0).Status);
        Assert.Equal(0u, Change(1, 0).Status);
        Assert.Equal(HardwareError, Change(1, 0).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot1, BuidHigh, BuidLow, 0).Status);
    }

    [Fact]
    public void More_messages_than_there_are_changes_nothing_and_tells_how_many()
    {
        (uint status, uint[] results) = Change(4, 500);
        Assert.Equal((0u, 2u), (status, results[0]));
        Assert.Equal(-1, _bridge.MessageNumber(_bridge.Bus[1, 0]!, 0));
        Assert.Equal(HardwareError, Change(3, 1).Status);
        Assert.Equal(ParameterError, Change(9, 1).Status);
    }

    [Fact]
    public void Plain_messages_are_aligned_and_interrupt_by_their_own_numbers()
    {
        MsiFunction function = new();
        _bridge.Bus.Place(function, 2);
        const uint Slot2 = 2 << 11;
        Assert.Equal([1u, 8u, 2u], ChangeOf(Slot1, 4, 1).Results);
        (uint status, uint[] results) = ChangeOf(Slot2, 3, 4);
        Assert.Equal(0u, status);
        Assert.Equal([4u, 8u, 1u], results);
        uint[] source = _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot2, BuidHigh, BuidLow, 2).Results;
        Assert.Equal([0x1306u, 1u], source);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot2, BuidHigh, BuidLow, 4).Status);

        // The guest lets the function master the bus, and switches MSI on.
        _rig.Rtas(_rtas.WriteBridgeConfig, 1, Slot2 | 4, BuidHigh, BuidLow, 2, 4);
        function.Interrupt(2);
        Assert.Empty(_rig.Pulses);
        uint control = _rig.Rtas(_rtas.ReadBridgeConfig, 2, Slot2 | 0x42, BuidHigh, BuidLow, 2).Results[0];
        _rig.Rtas(_rtas.WriteBridgeConfig, 1, Slot2 | 0x42, BuidHigh, BuidLow, 2, control | 1);
        function.Interrupt(2);
        function.Interrupt(0);
        Assert.Equal([0x1306, 0x1304], _rig.Pulses);
        Assert.Equal(0u, ChangeOf(Slot2, 1, 0).Status);
        Assert.Equal(HardwareError, _rig.Rtas(_rtas.QueryInterruptSource, 3, Slot2, BuidHigh, BuidLow, 0).Status);
    }

    [Theory]
    [InlineData(1u, 3u, 2u, 1u)]
    [InlineData(1u, 9u, 4u, 1u)]
    [InlineData(3u, 1u, 1u, 1u)]
    public void Plain_messages_come_in_powers_of_two(uint change, uint count, uint granted, uint type)
    {
        _bridge.Bus.Place(new MsiFunction(), 2);
        Assert.Equal([granted, 8u, type], ChangeOf(2 << 11, change, count).Results);
        Assert.Equal(HardwareError, ChangeOf(2 << 11, 4, count).Status);
    }

    [Fact]
    public void A_function_with_neither_kind_keeps_its_pin()
    {
        _bridge.Bus.Place(new MsiFunction(hasMsi: false), 2);
        Assert.Equal(HardwareError, ChangeOf(2 << 11, 1, 1).Status);
        Assert.Equal(HardwareError, ChangeOf(2 << 11, 3, 1).Status);
        DeviceTree.DeviceTree tree = new();
        DeviceNode child = SpaprPhbPlacement.Write(_bridge, tree.Root, 0x1111).Children[1];
        Assert.Equal([1u], Cells(child, "interrupts"));
        Assert.Null(child["ibm,req#msi"]);
    }

    [Fact]
    public void The_tree_says_how_many_plain_messages_a_function_wants()
    {
        _bridge.Bus.Place(new MsiFunction(), 2);
        DeviceTree.DeviceTree tree = new();
        DeviceNode child = SpaprPhbPlacement.Write(_bridge, tree.Root, 0x1111).Children[1];
        Assert.Equal([4u], Cells(child, "ibm,req#msi"));
        Assert.Null(child["ibm,req#msi-x"]);
    }

    [Fact]
    public void Dynamic_windows_are_queried_created_removed_and_reset()
    {
        Assert.Equal([1u, 0x10_0000u, 0x107u, 0u], _rig.Rtas(_rtas.QueryDmaWindow, 5, 0, BuidHigh, BuidLow).Results);
        Assert.Equal([1u, 0u, 0x10_0000u, 0x107u, 0u], _rig.Rtas(_rtas.QueryDmaWindow, 6, 0, BuidHigh, BuidLow).Results);
        Assert.Equal([0x8000_0001u, 0x0800_0000u, 0u], Create(24, 30).Results);
        Assert.Equal(HardwareError, Create(24, 30).Status);
        Assert.Equal(0u, _rig.Rtas(_rtas.RemoveDmaWindow, 1, 0x8000_0001).Status);
        Assert.Equal(ParameterError, _rig.Rtas(_rtas.RemoveDmaWindow, 1, 0x8000_0001).Status);
        Assert.Equal(ParameterError, _rig.Rtas(_rtas.RemoveDmaWindow, 1, 0x8000_0100 + 5).Status);
        Assert.Equal(ParameterError, Create(13, 30).Status);
        Assert.Equal(ParameterError, Create(16, 15).Status);
        Assert.Equal(ParameterError, Create(16, 64).Status);
        Assert.Equal(ParameterError, Create(0xffff_ffff, 30).Status);
        Assert.Equal(HardwareError, Create(12, 63).Status);
        Assert.Equal(0u, Create(16, 30).Status);
        Assert.Equal(0u, _rig.Rtas(_rtas.ResetDmaWindow, 1, 0, BuidHigh, BuidLow).Status);
        Assert.False(_bridge.Windows[1].IsEnabled);
        Assert.Equal(ParameterError, _rig.Rtas(_rtas.ResetDmaWindow, 1, 0, 0, 0).Status);
        Assert.Equal(ParameterError, _rig.Rtas(_rtas.QueryDmaWindow, 5, 0, 0, 0).Status);
    }

    [Fact]
    public void The_node_is_the_oracle_s_and_its_child_can_have_messages()
    {
        DeviceTree.DeviceTree tree = new();
        DeviceNode node = SpaprPhbPlacement.Write(_bridge, tree.Root, 0x1111);
        Assert.Equal("pci@800000020000000", node.Name);
        Assert.Equal([0x0800_0000u, 0x2000_0000u, 0u, 0u], Cells(node, "reg"));
        Assert.Equal(
            [
                0x100_0000u, 0, 0, 0x2000, 0, 0, 0x1_0000,
                0x200_0000, 0, 0x8000_0000, 0x2000, 0x8000_0000, 0, 0x8000_0000,
                0x300_0000, 0x2100, 0, 0x2100, 0, 0x100, 0,
            ],
            Cells(node, "ranges"));
        Assert.Equal([0x8000_0000u, 0u, 0u, 0u, 0x4000_0000u], Cells(node, "ibm,dma-window"));
        Assert.Equal([0x2026u, 0x2027u, 0x2028u], Cells(node, "ibm,ddw-applicable"));
        uint[] map = Cells(node, "interrupt-map");
        Assert.Equal(32 * 4 * 7, map.Length);
        Assert.Equal([0u, 0, 0, 1, 0x1111, 0x1200, 1], map[..7]);
        Assert.Equal([0x800u, 0, 0, 1, 0x1111, 0x1201, 1], map[28..35]);
        DeviceNode child = Assert.Single(node.Children);
        Assert.Equal([2u], Cells(child, "ibm,req#msi-x"));
        Assert.Equal([1u], Cells(child, "interrupts"));
        Assert.Null(child["assigned-addresses"]);
    }

    private static uint[] Cells(DeviceNode node, string property) =>
        [.. Enumerable.Range(0, node[property]!.Value.Length / 4).Select(i => node.TryGetCell(property, i, out uint cell) ? cell : 0)];

    private (uint Status, uint Value) Read(uint address, uint size)
    {
        (uint status, uint[] results) = _rig.Rtas(_rtas.ReadBridgeConfig, 2, address, BuidHigh, BuidLow, size);
        return (status, results[0]);
    }

    private (uint Status, uint[] Results) Change(uint function, uint count) => ChangeOf(Slot1, function, count);

    private (uint Status, uint[] Results) ChangeOf(uint slot, uint function, uint count) =>
        _rig.Rtas(_rtas.ChangeMsi, 4, slot, BuidHigh, BuidLow, function, count, 7);

    private (uint Status, uint[] Results) Create(uint pageShift, uint windowShift) =>
        _rig.Rtas(_rtas.CreateDmaWindow, 4, 0, BuidHigh, BuidLow, pageShift, windowShift);
}
