using Firmament.Core.Memory;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Tests.Bridges;

/// <summary>A PCI card with a memory BAR of 4 KiB that returns its offset, an I/O BAR, and pin INTA.</summary>
internal sealed class TestCard : PciFunction, IMmioTarget
{
    public TestCard()
        : base(0x1234, 0x5678, 0xff0000, 1)
    {
        DefineBar(0, PciSpace.Memory, 4096, this);
        DefineBar(1, PciSpace.Io, 16, this);
        Define8(0x3d, 1, 0);
        Reset();
    }

    public override string Name => "card";

    public ulong LastWrite { get; private set; }

    public ulong Read(ulong offset, int size) => offset;

    public void Write(ulong offset, ulong value, int size) => LastWrite = value;
}
