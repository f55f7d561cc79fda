using Firmament.Core.Memory;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Spapr;

public sealed class SpaprPhbTests : IDisposable
{
    private readonly SpaprRig _rig = new();
    private readonly SpaprPhb _bridge;
    private readonly Card _card;

    public SpaprPhbTests()
    {
        _bridge = _rig.Bridge();
        _card = _bridge.Bus.Place(new Card(), 2);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Windows_lead_to_the_bus_as_the_reference_says()
    {
        MemoryMap map = new(_rig.Ram, _rig.Tracer);
        _bridge.MapTo(map);
        _rig.Bridge(1).MapTo(map);
        _bridge.Bus.WriteConfig(0x10, 0x10, 0x1000, 4);
        _bridge.Bus.WriteConfig(0x10, 0x14, 0xc000_0000, 4);
        _bridge.Bus.WriteConfig(0x10, 0x18, 0x0000_1000, 4);
        _bridge.Bus.WriteConfig(0x10, 0x1c, 0x0000_2100, 4);
        _bridge.Bus.WriteConfig(0x10, 4, 3, 2);
        map.Write(new PhysicalAddress(0x2000_0000_1004), 0x11, 1);
        map.Write(new PhysicalAddress(0x2000_8000_0000 + 0x4000_0008), 0x2233_4455, 4);
        map.Write(new PhysicalAddress(0x2100_0000_1010), 0x66, 1);
        Assert.Equal([(4ul, 0x11ul), (8ul, 0x5544_3322ul), (0x10ul, 0x66ul)], _card.Writes);
        Assert.Equal(0x2100_0000_1000ul, _card.Bars[2]!.Address);
        Assert.Equal(0xffu, map.Read(new PhysicalAddress(0x2000_0001_1004), 1, out bool answered));
        Assert.True(answered);
    }

    [Fact]
    public void Pins_are_swizzled_over_four_level_sources_that_devices_share()
    {
        Card other = _bridge.Bus.Place(new Card(), 6);
        _card.Interrupt.Raise();
        Assert.True(_rig.Source(0x1202).Level);
        other.Interrupt.Raise();
        _card.Interrupt.Lower();
        Assert.True(_rig.Source(0x1202).Level);
        other.Interrupt.Lower();
        Assert.False(_rig.Source(0x1202).Level);
        Assert.Equal(0x1205, _rig.Bridge(1).LsiNumber(1));
    }

    [Fact]
    public void Dma_goes_through_the_window_and_needs_the_master_bit()
    {
        _rig.Map(0x8000_0000, 0x1000, 0x7000, 1);
        Assert.False(_card.Dma.TryWrite(0x1000, [1]));
        _bridge.Bus.WriteConfig(0x10, 4, 4, 2);
        Assert.True(_card.Dma.TryWrite(0x1000, [1]));
        Assert.False(_card.Dma.TryWrite(0x7000, [1]));
        Assert.Equal(1, _rig.Read(0x7000, 1)[0]);
    }

    [Fact]
    public void A_message_pulses_its_source_only_while_it_is_given_to_a_device()
    {
        _bridge.Bus.WriteConfig(0x10, 4, 4, 2);
        Assert.True(_bridge.TryAllocateMessages(_card, 2));
        Assert.Equal(0x1300, _bridge.MessageNumber(_card, 0));
        Assert.Equal(0x1301, _bridge.MessageNumber(_card, 1));
        Assert.Equal(-1, _bridge.MessageNumber(_card, 2));
        Assert.True(_card.Dma.TryWrite(SpaprPhb.MsiWindow, [0x01, 0x13, 0, 0]));
        Assert.Equal(1, _rig.Rises[0x1301]);
        Assert.False(_rig.Source(0x1301).Level);
        Assert.False(_card.Dma.TryWrite(SpaprPhb.MsiWindow, [0x02, 0x13, 0, 0]));
        Assert.False(_card.Dma.TryWrite(SpaprPhb.MsiWindow, [0x01, 0x13]));
        Assert.True(_bridge.ReleaseMessages(_card));
        Assert.False(_bridge.ReleaseMessages(_card));
        Assert.False(_card.Dma.TryWrite(SpaprPhb.MsiWindow, [0x01, 0x13, 0, 0]));
    }

    [Fact]
    public void Asking_again_gives_other_numbers_back_and_the_range_ends()
    {
        Assert.True(_bridge.TryAllocateMessages(_card, 4));
        Assert.True(_bridge.TryAllocateMessages(_card, 3));
        Assert.Equal(0x1300, _bridge.MessageNumber(_card, 0));
        Assert.True(_rig.Numbers.TryAllocate(PseriesInterruptNumbers.MessageCount - 3, align: false, out int rest));
        Assert.Equal(0x1303, rest);
        _bridge.ReleaseMessages(_card);
        Assert.True(_bridge.TryAllocateMessages(_card, 3));
        Assert.False(_bridge.TryAllocateMessages(_bridge.Bus.Place(new Card(), 3), 1));
        _bridge.Reset();
        Assert.True(_rig.Numbers.TryAllocate(1, align: false, out int first));
        Assert.Equal(0x1300, first);
    }

    [Fact]
    public void Two_dma_windows_come_and_go_and_the_last_one_made_alone_starts_at_zero()
    {
        TceTable second = _bridge.CreateWindow(16, 16)!;
        Assert.Equal((0x8000_0001u, SpaprPhb.DynamicWindowStart), (second.Liobn, second.Start));
        Assert.Null(_bridge.CreateWindow(16, 16));
        Assert.True(_bridge.RemoveWindow(0x8000_0000));
        Assert.False(_bridge.RemoveWindow(0x8000_0000));
        Assert.True(_bridge.RemoveWindow(0x8000_0001));
        Assert.Equal(0ul, _bridge.CreateWindow(24, 1)!.Start);
        _bridge.ResetWindows();
        Assert.Equal((true, 0x4000_0000ul, false), (_bridge.Windows[0].IsEnabled, _bridge.Windows[0].Length, _bridge.Windows[1].IsEnabled));
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        _bridge.TryAllocateMessages(_card, 2);
        _card.Interrupt.Raise();
        using SpaprRig rig = new();
        SpaprPhb fresh = rig.Bridge();
        Card card = fresh.Bus.Place(new Card(), 2);
        SavedState.AssertRoundTrip([_bridge, _rig.Numbers], [fresh, rig.Numbers]);
        Assert.Equal(0x1301, fresh.MessageNumber(card, 1));
    }

    private sealed class Card : PciFunction, IMmioTarget
    {
        public Card()
            : base(0x1234, 0x5678, 0x020000, 0)
        {
            Define8(0x3d, 1, 0);
            DefineBar(0, PciSpace.Io, 16, this);
            DefineBar(1, PciSpace.Memory, 16, this);
            DefineBar(2, PciSpace.Memory, 4096, this, is64Bit: true);
            DefineMsix(0x40, 4, 4);
        }

        public override string Name => $"card{DevFn}";

        public List<(ulong Offset, ulong Value)> Writes { get; } = [];

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, ulong value, int size) => Writes.Add((offset, value));
    }
}
