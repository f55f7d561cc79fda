using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Tests.Placement;

public sealed class PciAssignerTests
{
    private readonly PciBus _bus = new("pci.1", new NoMemory(), static (_, _) => InterruptLine.Unconnected, new Tracer());

    private IReadOnlyList<string> Assign(uint memoryEnd = 0xc000_0000) =>
        new PciAssigner(new BusConfig(_bus), (0x1000, 0x1_0000), (0x8000_0000, memoryEnd)).Assign();

    [Fact]
    public void Larger_registers_come_first_and_every_one_is_aligned_to_its_size()
    {
        Card small = _bus.Place(new Card((PciSpace.Io, 0x20), (PciSpace.Memory, 0x1000)), 2);
        Card large = _bus.Place(new Card((PciSpace.Memory, 0x10_0000), (PciSpace.Io, 0x100)), 3);

        Assert.Empty(Assign());

        Assert.Equal((0x8000_0000ul, 0x8010_0000ul), (large.Bars[0]!.Address, small.Bars[1]!.Address));
        Assert.Equal((0x1000ul, 0x1100ul), (large.Bars[1]!.Address, small.Bars[0]!.Address));
        Assert.All(new[] { small, large }, static card => Assert.Equal(3, card.Command & 3));
    }

    [Fact]
    public void A_register_without_room_stays_unassigned_and_is_reported()
    {
        Card card = _bus.Place(new Card((PciSpace.Memory, 0x1000), (PciSpace.Memory, 0x10_0000)), 5);

        Assert.Equal(["5.0 14"], Assign(memoryEnd: 0x8001_0000));

        Assert.Equal((0x8000_0000ul, 0ul), (card.Bars[0]!.Address, card.Bars[1]!.Address));
    }

    [Fact]
    public void A_bridge_to_the_host_is_left_alone()
    {
        Card bridge = _bus.Place(new Card(0x06_0000, (PciSpace.Memory, 0x1000)), 0);

        Assert.Empty(Assign());

        Assert.Equal((0ul, 0), (bridge.Bars[0]!.Address, bridge.Command));
    }

    private sealed class BusConfig(PciBus bus) : IConfigAccess
    {
        public uint Read(int devfn, int offset, int size) => bus.ReadConfig(devfn, offset, size);

        public void Write(int devfn, int offset, uint value, int size) => bus.WriteConfig(devfn, offset, value, size);
    }

    private sealed class Card : PciFunction, IMmioTarget
    {
        public Card(params (PciSpace Space, uint Size)[] bars)
            : this(0x02_0000, bars)
        {
        }

        public Card(uint classCode, params (PciSpace Space, uint Size)[] bars)
            : base(0x1234, 0x5678, classCode, 0)
        {
            for (int i = 0; i < bars.Length; i++)
            {
                DefineBar(i, bars[i].Space, bars[i].Size, this);
            }
        }

        public override string Name => "card";

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, ulong value, int size)
        {
        }
    }

    private sealed class NoMemory : IDmaSpace
    {
        public bool TryRead(ulong address, Span<byte> destination) => false;

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => false;
    }
}
