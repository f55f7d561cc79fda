using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Mmu;

/// <summary>A CPU whose data is translated (MSR[DR]) and whose code is not, with a 64 KiB hashed page table in RAM.</summary>
internal sealed unsafe class MmuRig : IDisposable
{
    public const uint TableAt = 0x8_0000;
    public const uint Vsid = 0x12_3456;

    public MmuRig(string model = "7457")
    {
        Cpu = new CpuRig(model);
        SetSpr(SprNumber.Sdr1, TableAt);
        Cpu.Cpu.Msr = 0x1010; // ME, DR
    }

    public CpuRig Cpu { get; }

    public void SetSpr(int spr, uint value)
    {
        Cpu.Cpu.State->Spr[spr] = value;
        Cpu.Cpu.Family.Reload();
    }

    public void SetSegment(uint ea, uint value) => Cpu.Cpu.Mmu.WriteSegment((int)(ea >> 28), value);

    /// <summary>Puts an entry into the table; returns the address of its second word.</summary>
    public uint Map(uint ea, uint lower, bool secondary = false, uint vsid = Vsid)
    {
        uint hash = (vsid & 0x7_ffff) ^ ((ea >> 12) & 0xffff);
        hash = secondary ? ~hash : hash;
        uint at = TableAt | ((hash & 0x3ff) << 6);
        while ((Cpu.Read(at) & 0x8000_0000) != 0)
        {
            at += 8;
        }

        Cpu.Write(at, 0x8000_0000 | (vsid << 7) | (secondary ? 0x40u : 0) | ((ea >> 22) & 0x3f));
        Cpu.Write(at + 4, lower);
        return at + 4;
    }

    /// <summary>Runs one instruction with r4 = <paramref name="ea"/>; the vector it took, 0 for none.</summary>
    public uint Try(uint ea, Action<Assembler> code)
    {
        Cpu.Cpu.Msr |= 0x1010;
        Cpu[4] = ea;
        Cpu.Load(code);
        Cpu.Cpu.Pc = CpuRig.CodeAt;
        Cpu.Run(1);
        return Cpu.Pc == CpuRig.CodeAt + 4 ? 0 : Cpu.Pc;
    }

    public uint Load(uint ea) => Try(ea, static a => a.Lwz(5, 0, 4));

    public uint Store(uint ea) => Try(ea, static a => a.Stw(5, 0, 4));

    public void Dispose() => Cpu.Dispose();
}
