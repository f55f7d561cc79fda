using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Tests.Shared;
using Firmament.DeviceTree;

namespace Firmament.Devices.Tests.Spapr;

public sealed class VioBusTests : IDisposable
{
    private const ulong Queue = 0x10_0000;

    private readonly SpaprRig _rig = new();
    private readonly Bench _console = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Devices_get_unit_addresses_in_order_and_a_node_each()
    {
        VioBus bus = _rig.Bus;
        bus.Place(Terminal());
        bus.Place(new SpaprNvram(SpaprNvram.DefaultSize));
        bus.Place(Terminal("late"), 0x7100_0005);
        bus.Place(new SpaprVscsi(_rig.Tracer));
        Assert.Throws<ArgumentException>(() => bus.Place(Terminal("twice"), 0x7100_0005));
        Assert.Equal([0x7100_0000u, 0x7100_0001u, 0x7100_0002u, 0x7100_0005u], bus.Devices.Select(static device => device.Reg));
        DeviceTree.DeviceTree tree = new();
        DeviceNode node = bus.WriteTo(tree.Root);
        Assert.Equal(["vty@71000000", "nvram@71000001", "v-scsi@71000002", "vty@71000005"], node.Children.Select(static child => child.Name));
        DeviceNode scsi = tree.Find("/vdevice/v-scsi@71000002")!;
        Assert.Equal([0x7100_0002u, 0u, 0u, 0u, 0x1000_0000u], Cells(scsi, "ibm,my-dma-window", 5));
        Assert.Equal([0x1102u, 0u], Cells(scsi, "interrupts", 2));
        Assert.Equal([0x1_0000u], Cells(tree.Find("/vdevice/nvram@71000001")!, "#bytes", 1));
    }

    [Fact]
    public void A_terminal_prints_up_to_sixteen_characters()
    {
        SpaprVty terminal = _rig.Bus.Place(Terminal());
        Assert.Equal(PaprStatus.Success, terminal.PutCharacters(10, 0x3031_3233_3435_3637, 0x3839_0000_0000_0000));
        Assert.Equal("0123456789"u8.ToArray(), _console.Output);
        Assert.Equal(PaprStatus.Parameter, terminal.PutCharacters(17, 0, 0));
        Assert.Equal(10, _console.Output.Count);
    }

    [Fact]
    public void Input_comes_in_order_with_one_edge_and_packed_from_the_left()
    {
        SpaprVty terminal = _rig.Bus.Place(Terminal());
        terminal.Input.Post([.. "abcdefghijklmnopqr"u8]);
        terminal.Input.Post([.. "s"u8]);
        _rig.Journal.Drain();
        Assert.Equal(1, _rig.Rises[0x1100]);
        terminal.GetCharacters(out ulong length, out ulong high, out ulong low);
        Assert.Equal((16ul, 0x6162_6364_6566_6768ul, 0x696a_6b6c_6d6e_6f70ul), (length, high, low));
        terminal.GetCharacters(out length, out high, out low);
        Assert.Equal((3ul, 0x7172_7300_0000_0000ul, 0ul), (length, high, low));
        terminal.GetCharacters(out length, out _, out _);
        Assert.Equal(0ul, length);
    }

    [Fact]
    public void A_nul_after_a_carriage_return_starts_the_next_reply()
    {
        SpaprVty terminal = _rig.Bus.Place(Terminal());
        terminal.Input.Post([(byte)'a', 13, 0, (byte)'b']);
        _rig.Journal.Drain();
        terminal.GetCharacters(out ulong length, out ulong high, out _);
        Assert.Equal((2ul, 0x610d_0000_0000_0000ul), (length, high));
        terminal.GetCharacters(out length, out high, out _);
        Assert.Equal((2ul, 0x0062_0000_0000_0000ul), (length, high));
    }

    [Fact]
    public void Input_beyond_the_queue_is_dropped_and_state_survives()
    {
        SpaprVty terminal = _rig.Bus.Place(Terminal());
        terminal.Input.Post(new byte[SpaprVty.MostPending + 5]);
        _rig.Journal.Drain();
        Assert.Equal(SpaprVty.MostPending, terminal.Read(new byte[SpaprVty.MostPending + 100]));
        terminal.Input.Post([1, 2]);
        _rig.Journal.Drain();
        SpaprVty fresh = new SpaprRig().Bus.Place(Terminal("copy"));
        SavedState.AssertRoundTrip([terminal], [fresh]);
        Assert.Equal(2, fresh.Read(new byte[10]));
    }

    [Fact]
    public void Unit_zero_is_the_terminal_with_the_lowest_address()
    {
        Assert.Null(_rig.Bus.FindTerminal(0));
        _rig.Bus.Place(new SpaprNvram(0x1_0000));
        SpaprVty second = _rig.Bus.Place(Terminal("second"), 0x7100_0007);
        SpaprVty first = _rig.Bus.Place(Terminal());
        Assert.Same(first, _rig.Bus.FindTerminal(0));
        Assert.Same(second, _rig.Bus.FindTerminal(0x7100_0007));
        Assert.Null(_rig.Bus.FindTerminal(0x7100_0000));
        Assert.Null(_rig.Bus.FindTerminal(0x1_7100_0007));
    }

    [Fact]
    public void Registering_a_queue_checks_unit_address_length_kind_and_window()
    {
        VioBus bus = _rig.Bus;
        uint scsi = bus.Place(new SpaprVscsi(_rig.Tracer)).Reg;
        uint terminal = bus.Place(Terminal()).Reg;
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(1, 0, 4096));
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 0, 4096));
        _rig.Map(scsi, 0, Queue, 2);
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 16, 4096));
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 0, 2048));
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 0, 4096 + 16));
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 0, (256ul << 20) + 4096));
        Assert.Equal(PaprStatus.Parameter, bus.RegisterCrq(scsi, 0, 3 * 4096));
        Assert.Equal(PaprStatus.NotFound, bus.RegisterCrq(terminal, 0, 4096));
        Assert.Equal(PaprStatus.Success, bus.RegisterCrq(scsi, 0, 4096));
        Assert.Equal(PaprStatus.Resource, bus.RegisterCrq(scsi, 0, 4096));
        Assert.Equal(PaprStatus.Success, bus.FreeCrq(scsi));
        Assert.Equal(PaprStatus.Parameter, bus.FreeCrq(1));
        Assert.Equal(PaprStatus.Success, bus.RegisterCrq(scsi, 0x1000, 4096));
        Assert.Equal(PaprStatus.Success, bus.EnableCrq(scsi));
        Assert.Equal(PaprStatus.Parameter, bus.EnableCrq(1));
    }

    [Fact]
    public void Sending_needs_a_unit_a_queue_and_a_valid_entry_and_the_handshake_is_answered()
    {
        VioBus bus = _rig.Bus;
        uint scsi = bus.Place(new SpaprVscsi(_rig.Tracer)).Reg;
        uint terminal = bus.Place(Terminal()).Reg;
        const ulong Initialize = 0xc001_0000_0000_0000;
        Assert.Equal(PaprStatus.Parameter, bus.SendCrq(1, Initialize, 0));
        Assert.Equal(PaprStatus.Hardware, bus.SendCrq(terminal, Initialize, 0));
        Assert.Equal(PaprStatus.Closed, bus.SendCrq(scsi, Initialize, 0));
        _rig.Map(scsi, 0, Queue, 1);
        bus.RegisterCrq(scsi, 0, 4096);
        Assert.Equal(PaprStatus.Parameter, bus.SendCrq(scsi, 0x4001_0000_0000_0000, 0));
        Assert.Equal(PaprStatus.Success, bus.SendCrq(scsi, Initialize, 0));
        Assert.Equal(0xc002_0000_0000_0000ul, _rig.Read64(Queue));
        Assert.False(_rig.Rises.ContainsKey(0x1100));
        Assert.Equal(PaprStatus.Parameter, bus.Signal(scsi, 2));
        Assert.Equal(PaprStatus.Parameter, bus.Signal(1, 1));
        Assert.Equal(PaprStatus.Success, bus.Signal(scsi, 1));
        Assert.Equal(PaprStatus.Success, bus.SendCrq(scsi, Initialize, 0));
        Assert.Equal(1, _rig.Rises[0x1100]);
        Assert.Equal(PaprStatus.Success, bus.SendCrq(scsi, 0xff00_0000_0000_0000, 0));
        Assert.Equal(PaprStatus.Success, bus.SendCrq(scsi, 0x8007_0000_0000_0000, 0));
        Assert.Equal(0ul, _rig.Read64(Queue + 32));
    }

    [Fact]
    public void The_queue_wraps_and_a_response_without_a_place_is_dropped()
    {
        VioBus bus = _rig.Bus;
        SpaprVscsi scsi = bus.Place(new SpaprVscsi(_rig.Tracer));
        _rig.Map(scsi.Reg, 0, Queue, 1);
        bus.RegisterCrq(scsi.Reg, 0, 4096);
        byte[] entry = new byte[16];
        entry[0] = 0x80;
        for (int i = 0; i < 256; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(12), i);
            Assert.True(scsi.Crq!.Send(entry));
        }

        Assert.False(scsi.Crq!.Send(entry));
        _rig.Write(Queue, [0]);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(12), 256);
        Assert.True(scsi.Crq.Send(entry));
        Assert.Equal(256ul, _rig.Read64(Queue + 8));
        Assert.Equal(255ul, _rig.Read64(Queue + 4096 - 8));
        Assert.Equal(1ul, _rig.Read64(Queue + 24));
        _rig.Tables.Stuff(scsi.Reg, 0, 0, 1);
        Assert.False(scsi.Crq.Send(entry));
    }

    [Fact]
    public void Quiesce_ends_queues_and_windows_and_bypass_is_for_devices_with_dma()
    {
        VioBus bus = _rig.Bus;
        SpaprVscsi scsi = bus.Place(new SpaprVscsi(_rig.Tracer));
        uint terminal = bus.Place(Terminal()).Reg;
        Assert.True(bus.TrySetBypass(scsi.Reg, true));
        Assert.False(bus.TrySetBypass(terminal, true));
        Assert.False(bus.TrySetBypass(5, true));
        Assert.Equal(PaprStatus.Success, bus.RegisterCrq(scsi.Reg, Queue, 4096));
        bus.Quiesce();
        Assert.False(scsi.Crq!.IsRegistered);
        Assert.False(scsi.Dma!.Bypass);
    }

    private static uint[] Cells(DeviceNode node, string property, int count) =>
        [.. Enumerable.Range(0, count).Select(i => node.TryGetCell(property, i, out uint cell) ? cell : throw new InvalidOperationException(property))];

    private SpaprVty Terminal(string name = "vty") => new(name, _console, _rig.Journal, _rig.Tracer);
}
