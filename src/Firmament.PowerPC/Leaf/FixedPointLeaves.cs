using System.Numerics;
using System.Runtime.CompilerServices;
using Firmament.PowerPC.Interpreter;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf;

/// <summary>Fixed-point instructions of 64-bit CPUs that are rare or intricate. Source: Power ISA 3.0B Book I 3.3.</summary>
/// <remarks>Overflow of the extended divides leaves RT as 0; the architecture says undefined.</remarks>
internal static unsafe class FixedPointLeaves
{
    /// <summary>cnttzw.</summary>
    public static void Cnttzw(CpuState* s, Insn* i) => Set(s, i, i->A, (ulong)BitOperations.TrailingZeroCount((uint)s->Gpr[i->T]));

    /// <summary>cnttzd.</summary>
    public static void Cnttzd(CpuState* s, Insn* i) => Set(s, i, i->A, (ulong)BitOperations.TrailingZeroCount(s->Gpr[i->T]));

    /// <summary>popcntb: of each byte.</summary>
    public static void Popcntb(CpuState* s, Insn* i)
    {
        ulong v = s->Gpr[i->T];
        v -= (v >> 1) & 0x5555_5555_5555_5555;
        v = (v & 0x3333_3333_3333_3333) + ((v >> 2) & 0x3333_3333_3333_3333);
        s->Gpr[i->A] = (v + (v >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    }

    /// <summary>popcntw: of each word.</summary>
    public static void Popcntw(CpuState* s, Insn* i)
    {
        ulong v = s->Gpr[i->T];
        s->Gpr[i->A] = ((ulong)BitOperations.PopCount(v >> 32) << 32) | (uint)BitOperations.PopCount((uint)v);
    }

    /// <summary>popcntd.</summary>
    public static void Popcntd(CpuState* s, Insn* i) => s->Gpr[i->A] = (ulong)BitOperations.PopCount(s->Gpr[i->T]);

    /// <summary>prtyw: parity of the bytes' low bits in each word.</summary>
    public static void Prtyw(CpuState* s, Insn* i)
    {
        ulong v = s->Gpr[i->T] & 0x0101_0101_0101_0101;
        s->Gpr[i->A] = ((ulong)(BitOperations.PopCount(v >> 32) & 1) << 32) | (uint)(BitOperations.PopCount((uint)v) & 1);
    }

    /// <summary>prtyd.</summary>
    public static void Prtyd(CpuState* s, Insn* i) => s->Gpr[i->A] = (ulong)(BitOperations.PopCount(s->Gpr[i->T] & 0x0101_0101_0101_0101) & 1);

    /// <summary>bpermd: each byte of RS names a bit of RB, 64 and above a zero.</summary>
    public static void Bpermd(CpuState* s, Insn* i)
    {
        ulong selectors = s->Gpr[i->T];
        ulong source = s->Gpr[i->B];
        ulong result = 0;
        for (int n = 0; n < 8; n++)
        {
            int bit = (int)(selectors >> (8 * n)) & 0xff;
            result |= bit < 64 ? ((source >> (63 - bit)) & 1) << n : 0;
        }

        s->Gpr[i->A] = result;
    }

    /// <summary>cmpb: 0xff where bytes agree.</summary>
    public static void Cmpb(CpuState* s, Insn* i)
    {
        ulong difference = s->Gpr[i->T] ^ s->Gpr[i->B];
        ulong result = 0;
        for (int shift = 0; shift < 64; shift += 8)
        {
            result |= ((difference >> shift) & 0xff) == 0 ? 0xfful << shift : 0;
        }

        s->Gpr[i->A] = result;
    }

    /// <summary>cmprb: RA's low byte in one of the ranges of RB; L = 1 looks at two.</summary>
    public static void Cmprb(CpuState* s, Insn* i)
    {
        byte value = (byte)s->Gpr[i->A];
        uint ranges = (uint)s->Gpr[i->B];
        bool inside = value >= (byte)ranges && value <= (byte)(ranges >> 8);
        inside |= (i->T & 1) != 0 && value >= (byte)(ranges >> 16) && value <= (byte)(ranges >> 24);
        s->Cr[i->T >> 2] = (byte)(inside ? 4 : 0);
    }

    /// <summary>cmpeqb: RA's low byte is one of RB's.</summary>
    public static void Cmpeqb(CpuState* s, Insn* i)
    {
        ulong source = s->Gpr[i->B];
        bool found = false;
        for (int shift = 0; shift < 64; shift += 8)
        {
            found |= (byte)(source >> shift) == (byte)s->Gpr[i->A];
        }

        s->Cr[i->T >> 2] = (byte)(found ? 4 : 0);
    }

    /// <summary>setb: -1, 1 or 0 for LT, GT, neither.</summary>
    public static void Setb(CpuState* s, Insn* i)
    {
        byte field = s->Cr[i->A >> 2];
        s->Gpr[i->T] = (field & 8) != 0 ? ulong.MaxValue : (ulong)((field >> 2) & 1);
    }

    /// <summary>mcrxrx: OV, OV32, CA, CA32.</summary>
    public static void Mcrxrx(CpuState* s, Insn* i) =>
        s->Cr[i->T >> 2] = (byte)((s->XerOv << 3) | (s->XerOv32 << 2) | (s->XerCa << 1) | s->XerCa32);

    /// <summary>divde: RA || 0 by RB.</summary>
    public static void Divde(CpuState* s, Insn* i)
    {
        Int128 divisor = (long)s->Gpr[i->B];
        Int128 dividend = (Int128)(long)s->Gpr[i->A] << 64;
        // The most negative number by -1 is the only quotient the host cannot hold.
        bool overflow = divisor == 0 || (divisor == -1 && dividend == Int128.MinValue);
        Int128 quotient = overflow ? 0 : dividend / divisor;
        overflow |= quotient < long.MinValue || quotient > long.MaxValue;
        SetQuotient(s, i, overflow ? 0 : (ulong)(long)quotient, overflow);
    }

    /// <summary>divdeu.</summary>
    public static void Divdeu(CpuState* s, Insn* i)
    {
        bool overflow = s->Gpr[i->B] <= s->Gpr[i->A];
        UInt128 dividend = (UInt128)s->Gpr[i->A] << 64;
        SetQuotient(s, i, overflow ? 0 : (ulong)(dividend / s->Gpr[i->B]), overflow);
    }

    /// <summary>divwe: RA[32:63] || 0 by RB[32:63].</summary>
    public static void Divwe(CpuState* s, Insn* i)
    {
        long divisor = (int)s->Gpr[i->B];
        long dividend = (long)s->Gpr[i->A] << 32;
        bool overflow = divisor == 0 || (divisor == -1 && dividend == long.MinValue);
        long quotient = overflow ? 0 : dividend / divisor;
        overflow |= quotient != (int)quotient;
        SetQuotient(s, i, overflow ? 0 : (uint)quotient, overflow);
    }

    /// <summary>divweu.</summary>
    public static void Divweu(CpuState* s, Insn* i)
    {
        uint divisor = (uint)s->Gpr[i->B];
        bool overflow = divisor <= (uint)s->Gpr[i->A];
        SetQuotient(s, i, overflow ? 0 : (uint)((s->Gpr[i->A] << 32) / divisor), overflow);
    }

    /// <summary>modsw; undefined results are 0.</summary>
    public static void Modsw(CpuState* s, Insn* i)
    {
        int a = (int)s->Gpr[i->A];
        int b = (int)s->Gpr[i->B];
        s->Gpr[i->T] = b is 0 or -1 ? 0 : (ulong)(a % b);
    }

    /// <summary>moduw.</summary>
    public static void Moduw(CpuState* s, Insn* i)
    {
        uint b = (uint)s->Gpr[i->B];
        s->Gpr[i->T] = b == 0 ? 0 : (uint)s->Gpr[i->A] % b;
    }

    /// <summary>modsd.</summary>
    public static void Modsd(CpuState* s, Insn* i)
    {
        long b = (long)s->Gpr[i->B];
        s->Gpr[i->T] = b is 0 or -1 ? 0 : (ulong)((long)s->Gpr[i->A] % b);
    }

    /// <summary>modud.</summary>
    public static void Modud(CpuState* s, Insn* i) => s->Gpr[i->T] = s->Gpr[i->B] == 0 ? 0 : s->Gpr[i->A] % s->Gpr[i->B];

    /// <summary>maddhd.</summary>
    public static void Maddhd(CpuState* s, Insn* i) =>
        s->Gpr[i->T] = (ulong)((((Int128)(long)s->Gpr[i->A] * (long)s->Gpr[i->B]) + (long)s->Gpr[i->C]) >> 64);

    /// <summary>maddhdu.</summary>
    public static void Maddhdu(CpuState* s, Insn* i) =>
        s->Gpr[i->T] = (ulong)((((UInt128)s->Gpr[i->A] * s->Gpr[i->B]) + s->Gpr[i->C]) >> 64);

    /// <summary>maddld.</summary>
    public static void Maddld(CpuState* s, Insn* i) => s->Gpr[i->T] = (s->Gpr[i->A] * s->Gpr[i->B]) + s->Gpr[i->C];

    /// <summary>addex with CY = 0: OV is carry in and carry out. Other CY are reserved and do the same here.</summary>
    public static void Addex(CpuState* s, Insn* i)
    {
        ulong a = s->Gpr[i->A];
        ulong b = s->Gpr[i->B];
        UInt128 sum = (UInt128)a + b + s->XerOv;
        s->XerOv32 = (byte)(((a ^ b ^ (ulong)sum) >> 32) & 1);
        s->XerOv = IsWide(s) ? (byte)(sum >> 64) : s->XerOv32;
        s->Gpr[i->T] = (ulong)sum;
    }

    /// <summary>addpcis: the next instruction's address plus D shifted left by 16.</summary>
    public static void Addpcis(CpuState* s, Insn* i)
    {
        uint word = i->Word;
        short d = (short)((word & 0xffc0) | ((word >> 15) & 0x3e) | (word & 1));
        ulong next = s->PageEa + ((ulong)i->Index << 2) + 4;
        s->Gpr[i->T] = (IsWide(s) ? next : (uint)next) + (ulong)((long)d << 16);
    }

    /// <summary>
    /// darn: for L = 0 a word, for 1 and 2 a doubleword from the machine's seeded numbers. All ones, the architected error, where there are none
    /// and for L = 3 (Power ISA 3.0B Book I 3.3.9).
    /// </summary>
    public static void Darn(CpuState* s, Insn* i)
    {
        int form = i->A & 3;
        ulong number = form == 3 ? ulong.MaxValue : Cpu.From(s).RandomNumbers?.Invoke() ?? ulong.MaxValue;
        s->Gpr[i->T] = form == 0 && number != ulong.MaxValue ? (uint)number : number;
    }

    private static bool IsWide(CpuState* s) => (s->Msr & MsrBits.Sf) != 0;

    private static void SetQuotient(CpuState* s, Insn* i, ulong value, bool overflow)
    {
        if ((i->Word & 0x400) != 0)
        {
            s->XerOv = s->XerOv32 = (byte)(overflow ? 1 : 0);
            s->XerSo |= s->XerOv;
        }

        Set(s, i, i->T, value);
    }

    private static void Set(CpuState* s, Insn* i, int register, ulong value)
    {
        s->Gpr[register] = value;
        if (i->Rc)
        {
            long compared = IsWide(s) ? (long)value : (int)value;
            s->Cr[0] = (byte)((compared < 0 ? 8 : compared > 0 ? 4 : 2) | s->XerSo);
        }
    }
}
