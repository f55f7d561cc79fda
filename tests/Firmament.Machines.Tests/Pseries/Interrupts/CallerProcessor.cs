using Firmament.Core.Memory;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Pseries.Interrupts;

/// <summary>The registers of a 64-bit CPU that makes hypercalls.</summary>
internal sealed class CallerProcessor(int index) : IProcessor
{
    private readonly ulong[] _gpr = new ulong[32];

    public ulong Pc { get; set; }

    public ulong Msr { get; set; } = 1UL << 63;

    public ulong Lr { get; set; }

    public int Index => index;

    public bool Is64Bit => true;

    public ulong ReadGpr(int register) => _gpr[register];

    public void WriteGpr(int register, ulong value) => _gpr[register] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        return true;
    }
}
