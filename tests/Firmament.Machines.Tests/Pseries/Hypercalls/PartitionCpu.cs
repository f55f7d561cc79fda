using Firmament.Core.Memory;
using Firmament.PowerPC;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.Machines.Tests.Pseries.Hypercalls;

/// <summary>A CPU that only has registers, and remembers what it was told to forget.</summary>
internal sealed class PartitionCpu(int index, PartitionTranslation translation) : IPartitionProcessor
{
    private readonly ulong[] _gpr = new ulong[32];

    public List<SegmentPage> ForgottenPages { get; } = [];

    public int ForgottenAll { get; set; }

    public ulong Pc { get; set; } = 0x1004;

    public ulong Msr { get; set; } = 0x8000_0000_0000_1000;

    public ulong Lr { get; set; }

    public int Index => index;

    public bool Is64Bit => true;

    public ulong Lpcr { get; set; }

    public PartitionTranslation Translation => translation;

    public INonMaskableHandlers? NonMaskableHandlers { get; set; }

    public bool IsStopped => false;

    public bool IsCeded => false;

    public ulong ReadGpr(int register) => _gpr[register];

    public void WriteGpr(int register, ulong value) => _gpr[register] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        return true;
    }

    public void InvalidateTranslations() => ForgottenAll++;

    public void InvalidatePage(ulong segmentOffset, int pageShift) => ForgottenPages.Add(new SegmentPage(segmentOffset, pageShift));

    public void Stop()
    {
    }

    public void Start(ulong pc, ulong r3)
    {
    }

    public void Cede()
    {
    }

    public void Prod()
    {
    }

    public void SystemReset()
    {
    }

    public ulong ReadSpr(int spr) => 0;

    public void WriteSpr(int spr, ulong value)
    {
    }
}
