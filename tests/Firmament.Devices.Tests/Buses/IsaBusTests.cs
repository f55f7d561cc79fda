using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Buses;

public sealed class IsaBusTests
{
    private readonly I8259Pair _pic = new(InterruptLine.Unconnected);

    [Fact]
    public void A_claim_made_earlier_wins_and_unmapping_uncovers_the_other()
    {
        IsaBus isa = new(_pic);
        PciBus bus = new("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, new Bench().Tracer);
        isa.Attach(bus);
        Fixed first = new(1);
        isa.Map("first", 0x3f0, 2, first);
        isa.Map("second", 0x3f0, 6, new Fixed(2));
        Assert.Equal(1, bus.Io.In(0x3f1));
        Assert.Equal(2, bus.Io.In(0x3f2));
        isa.Unmap(first);
        Assert.Equal(2, bus.Io.In(0x3f1));
        Assert.Equal(0xff, bus.Io.In(0x3f6));
    }

    [Fact]
    public void A_sixteen_bit_device_gets_sixteen_bit_accesses()
    {
        IsaBus isa = new(_pic);
        PciBus bus = new("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, new Bench().Tracer);
        isa.Attach(bus);
        Fixed target = new(0x1234);
        isa.Map("data", 0x1f0, 2, target, width: 2);
        Assert.Equal(0x1234ul, bus.Io.Read(0x1f0, 2));
        Assert.Equal(2, target.LastSize);
    }

    [Fact]
    public void Sources_of_one_irq_are_ored()
    {
        IsaBus isa = new(_pic);
        InterruptLine a = isa.ConnectIrq(9, "a");
        InterruptLine b = isa.ConnectIrq(9, "b");
        a.Raise();
        b.Raise();
        a.Lower();
        Assert.True(_pic.Input(9).Level);
        b.Lower();
        Assert.False(_pic.Input(9).Level);
    }

    private sealed class Fixed(ulong value) : IMmioTarget
    {
        public int LastSize { get; private set; }

        public ulong Read(ulong offset, int size)
        {
            LastSize = size;
            return value;
        }

        public void Write(ulong offset, ulong value, int size)
        {
        }
    }
}
