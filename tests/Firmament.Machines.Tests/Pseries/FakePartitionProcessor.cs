using Firmament.Core.Memory;
using Firmament.PowerPC;
using Firmament.PowerPC.Mmu;

namespace Firmament.Machines.Tests.Pseries;

/// <summary>Registers, and what a hypervisor did to the CPU.</summary>
internal sealed class FakePartitionProcessor(int index) : IPartitionProcessor
{
    public const ulong Supervisor = 0x8000_0000_0000_1002;

    private readonly ulong[] _gpr = new ulong[32];

    /// <summary>Special-purpose registers the CPU has.</summary>
    public Dictionary<int, ulong> Sprs { get; } = new() { [180] = 0, [187] = 0, [188] = 0, [272] = 0 };

    public int Prods { get; private set; }

    public int Resets { get; private set; }

    public ulong Pc { get; set; }

    public ulong Msr { get; set; } = Supervisor;

    public ulong Lr { get; set; }

    public int Index => index;

    public bool Is64Bit => true;

    public ulong Lpcr { get; set; }

    public PartitionTranslation Translation { get; } = new();

    public INonMaskableHandlers? NonMaskableHandlers { get; set; }

    public bool IsStopped { get; set; }

    public bool IsCeded { get; private set; }

    public void Stop() => IsStopped = true;

    public void Start(ulong pc, ulong r3)
    {
        IsStopped = false;
        Msr = 0x8000_0000_0000_1000;
        Pc = pc;
        _gpr[3] = r3;
    }

    public void Cede()
    {
        Msr |= 0x8000;
        IsCeded = true;
    }

    public void Prod()
    {
        Prods++;
        IsCeded = false;
    }

    public void SystemReset() => Resets++;

    public ulong ReadSpr(int spr) => Sprs.GetValueOrDefault(spr);

    public void WriteSpr(int spr, ulong value)
    {
        if (Sprs.ContainsKey(spr))
        {
            Sprs[spr] = value;
        }
    }

    public void InvalidateTranslations()
    {
    }

    public ulong ReadGpr(int register) => _gpr[register];

    public void WriteGpr(int register, ulong value) => _gpr[register] = value;

    public bool TryTranslate(ulong effectiveAddress, bool write, out PhysicalAddress physicalAddress)
    {
        physicalAddress = new PhysicalAddress(effectiveAddress);
        return true;
    }
}
