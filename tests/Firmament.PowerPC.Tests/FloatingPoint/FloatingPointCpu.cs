using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>A bare register file that runs floating-point instruction words through the leaves.</summary>
internal sealed unsafe class FloatingPointCpu : IDisposable
{
    public const uint XE = 8;

    private readonly CpuState* _state = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));

    public uint Fpscr
    {
        get => _state->Fpscr;
        set => _state->Fpscr = value;
    }

    public ulong Msr
    {
        get => _state->Msr;
        set => _state->Msr = value;
    }

    public uint Exit
    {
        get => _state->Exit;
        set => _state->Exit = value;
    }

    public ulong this[int fpr]
    {
        get => _state->Fpr(fpr);
        set => _state->Fpr(fpr) = value;
    }

    /// <summary>The condition register as the architecture numbers it.</summary>
    public uint Cr
    {
        get
        {
            uint cr = 0;
            for (int n = 0; n < 8; n++)
            {
                cr = (cr << 4) | _state->Cr[n];
            }

            return cr;
        }
    }

    public void Clear() => *_state = default;

    /// <summary>Executes one instruction word; false if it is not one of ours.</summary>
    public bool Execute(uint word)
    {
        delegate*<CpuState*, Insn*, void> leaf = Find(word);
        if (leaf == null)
        {
            return false;
        }

        Insn insn = new()
        {
            Word = word,
            T = (byte)((word >> 21) & 31),
            A = (byte)((word >> 16) & 31),
            B = (byte)((word >> 11) & 31),
            C = (byte)((word >> 6) & 31),
        };
        leaf(_state, &insn);
        return true;
    }

    public void Dispose() => NativeMemory.Free(_state);

    private static delegate*<CpuState*, Insn*, void> Find(uint word)
    {
        uint arithmetic = (word >> 1) & 31;
        uint extended = (word >> 1) & 1023;
        return (word >> 26, arithmetic, extended) switch
        {
            (63, 18, _) => &FloatingPointLeaves.Fdiv,
            (63, 20, _) => &FloatingPointLeaves.Fsub,
            (63, 21, _) => &FloatingPointLeaves.Fadd,
            (63, 22, _) => &FloatingPointLeaves.Fsqrt,
            (63, 23, _) => &FloatingPointLeaves.Fsel,
            (63, 24, _) => &FloatingPointLeaves.Fre,
            (63, 25, _) => &FloatingPointLeaves.Fmul,
            (63, 26, _) => &FloatingPointLeaves.Frsqrte,
            (63, 28, _) => &FloatingPointLeaves.Fmsub,
            (63, 29, _) => &FloatingPointLeaves.Fmadd,
            (63, 30, _) => &FloatingPointLeaves.Fnmsub,
            (63, 31, _) => &FloatingPointLeaves.Fnmadd,
            (59, 18, _) => &FloatingPointLeaves.Fdivs,
            (59, 20, _) => &FloatingPointLeaves.Fsubs,
            (59, 21, _) => &FloatingPointLeaves.Fadds,
            (59, 22, _) => &FloatingPointLeaves.Fsqrts,
            (59, 24, _) => &FloatingPointLeaves.Fres,
            (59, 25, _) => &FloatingPointLeaves.Fmuls,
            (59, 26, _) => &FloatingPointLeaves.Frsqrtes,
            (59, 28, _) => &FloatingPointLeaves.Fmsubs,
            (59, 29, _) => &FloatingPointLeaves.Fmadds,
            (59, 30, _) => &FloatingPointLeaves.Fnmsubs,
            (59, 31, _) => &FloatingPointLeaves.Fnmadds,
            (59, _, 846) => &FloatingPointLeaves.Fcfids,
            (59, _, 974) => &FloatingPointLeaves.Fcfidus,
            (63, _, 0) => &FloatingPointLeaves.Fcmpu,
            (63, _, 8) => &FloatingPointLeaves.Fcpsgn,
            (63, _, 12) => &FloatingPointLeaves.Frsp,
            (63, _, 14) => &FloatingPointLeaves.Fctiw,
            (63, _, 15) => &FloatingPointLeaves.Fctiwz,
            (63, _, 32) => &FloatingPointLeaves.Fcmpo,
            (63, _, 38) => &FloatingPointLeaves.Mtfsb1,
            (63, _, 40) => &FloatingPointLeaves.Fneg,
            (63, _, 64) => &FloatingPointLeaves.Mcrfs,
            (63, _, 70) => &FloatingPointLeaves.Mtfsb0,
            (63, _, 72) => &FloatingPointLeaves.Fmr,
            (63, _, 128) => &FloatingPointLeaves.Ftdiv,
            (63, _, 134) => &FloatingPointLeaves.MtfsfiWide,
            (63, _, 136) => &FloatingPointLeaves.Fnabs,
            (63, _, 142) => &FloatingPointLeaves.Fctiwu,
            (63, _, 143) => &FloatingPointLeaves.Fctiwuz,
            (63, _, 160) => &FloatingPointLeaves.Ftsqrt,
            (63, _, 264) => &FloatingPointLeaves.Fabs,
            (63, _, 392) => &FloatingPointLeaves.Frin,
            (63, _, 424) => &FloatingPointLeaves.Friz,
            (63, _, 456) => &FloatingPointLeaves.Frip,
            (63, _, 488) => &FloatingPointLeaves.Frim,
            (63, _, 583) => &FloatingPointLeaves.Mffs,
            (63, _, 711) => &FloatingPointLeaves.MtfsfWide,
            (63, _, 814) => &FloatingPointLeaves.Fctid,
            (63, _, 815) => &FloatingPointLeaves.Fctidz,
            (63, _, 838) => &FloatingPointLeaves.Fmrgow,
            (63, _, 846) => &FloatingPointLeaves.Fcfid,
            (63, _, 942) => &FloatingPointLeaves.Fctidu,
            (63, _, 943) => &FloatingPointLeaves.Fctiduz,
            (63, _, 966) => &FloatingPointLeaves.Fmrgew,
            (63, _, 974) => &FloatingPointLeaves.Fcfidu,
            _ => null,
        };
    }
}
