using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Integer multiply-add, multiply-sum and sum-across. Power ISA 2.07B Book I 6.9.1.
// The sums are the infinitely precise ones of the manual, clamped once at the end.
public static unsafe partial class VectorLeaves
{
    /// <summary>vmhaddshs VRT,VRA,VRB,VRC: high 17 bits of the signed halfword products, plus VRC, saturate.</summary>
    public static void Vmhaddshs(CpuState* s, Insn* i) => MultiplyHighAdd(s, i, rounding: 0);

    /// <summary>vmhraddshs VRT,VRA,VRB,VRC: as vmhaddshs, the product rounded first.</summary>
    public static void Vmhraddshs(CpuState* s, Insn* i) => MultiplyHighAdd(s, i, rounding: 0x4000);

    /// <summary>vmladduhm VRT,VRA,VRB,VRC: halfword product plus VRC, modulo.</summary>
    public static void Vmladduhm(CpuState* s, Insn* i) => Set(s, i, (A<ushort>(s, i) * B<ushort>(s, i)) + C<ushort>(s, i));

    /// <summary>vmsumubm VRT,VRA,VRB,VRC: sums of four unsigned byte products plus VRC, modulo.</summary>
    public static void Vmsumubm(CpuState* s, Insn* i)
    {
        Vector128<ushort> even = Even(A<ushort>(s, i)) * Even(B<ushort>(s, i));
        Vector128<ushort> odd = Odd(A<ushort>(s, i)) * Odd(B<ushort>(s, i));
        Set(s, i, SumPairs(even) + SumPairs(odd) + C<uint>(s, i));
    }

    /// <summary>vmsummbm VRT,VRA,VRB,VRC: sums of four products of signed VRA and unsigned VRB bytes plus VRC, modulo.</summary>
    public static void Vmsummbm(CpuState* s, Insn* i)
    {
        Vector128<short> even = Even(A<short>(s, i)) * Even(B<ushort>(s, i)).AsInt16();
        Vector128<short> odd = Odd(A<short>(s, i)) * Odd(B<ushort>(s, i)).AsInt16();
        Set(s, i, SumPairs(even) + SumPairs(odd) + C<int>(s, i));
    }

    /// <summary>vmsumuhm VRT,VRA,VRB,VRC: sums of two unsigned halfword products plus VRC, modulo.</summary>
    public static void Vmsumuhm(CpuState* s, Insn* i) =>
        Set(s, i, (Even(A<uint>(s, i)) * Even(B<uint>(s, i))) + (Odd(A<uint>(s, i)) * Odd(B<uint>(s, i))) + C<uint>(s, i));

    /// <summary>vmsumshm VRT,VRA,VRB,VRC: sums of two signed halfword products plus VRC, modulo.</summary>
    public static void Vmsumshm(CpuState* s, Insn* i) =>
        Set(s, i, (Even(A<int>(s, i)) * Even(B<int>(s, i))) + (Odd(A<int>(s, i)) * Odd(B<int>(s, i))) + C<int>(s, i));

    /// <summary>vmsumuhs VRT,VRA,VRB,VRC: sums of two unsigned halfword products plus VRC, saturate.</summary>
    public static void Vmsumuhs(CpuState* s, Insn* i)
    {
        // No term is negative, so clamping each partial sum gives what clamping the total gives.
        Vector128<uint> even = Even(A<uint>(s, i)) * Even(B<uint>(s, i));
        Vector128<uint> odd = Odd(A<uint>(s, i)) * Odd(B<uint>(s, i));
        Vector128<uint> addend = C<uint>(s, i);
        Vector128<uint> products = Vector128.AddSaturate(even, odd);
        Vector128<uint> sum = Vector128.AddSaturate(products, addend);
        if (!Vector128.EqualsAll(products, even + odd) || !Vector128.EqualsAll(sum, products + addend))
        {
            s->Vscr |= Sat;
        }

        Set(s, i, sum);
    }

    /// <summary>vmsumshs VRT,VRA,VRB,VRC: sums of two signed halfword products plus VRC, saturate.</summary>
    public static void Vmsumshs(CpuState* s, Insn* i)
    {
        Vector128<int> even = Even(A<int>(s, i)) * Even(B<int>(s, i));
        Vector128<int> odd = Odd(A<int>(s, i)) * Odd(B<int>(s, i));
        Vector128<int> addend = C<int>(s, i);
        Vector128<long> lower = Vector128.WidenLower(even) + Vector128.WidenLower(odd) + Vector128.WidenLower(addend);
        Vector128<long> upper = Vector128.WidenUpper(even) + Vector128.WidenUpper(odd) + Vector128.WidenUpper(addend);
        SetSaturated(s, i, Vector128.NarrowWithSaturation(lower, upper), Vector128.Narrow(lower, upper));
    }

    /// <summary>vsum4ubs VRT,VRA,VRB: sums of a word's four unsigned bytes plus VRB's word, saturate.</summary>
    public static void Vsum4ubs(CpuState* s, Insn* i)
    {
        Vector128<uint> bytes = SumPairs(Even(A<ushort>(s, i)) + Odd(A<ushort>(s, i)));
        SetSaturated(s, i, Vector128.AddSaturate(bytes, B<uint>(s, i)), bytes + B<uint>(s, i));
    }

    /// <summary>vsum4sbs VRT,VRA,VRB: sums of a word's four signed bytes plus VRB's word, saturate.</summary>
    public static void Vsum4sbs(CpuState* s, Insn* i)
    {
        Vector128<int> bytes = SumPairs(Even(A<short>(s, i)) + Odd(A<short>(s, i)));
        SetSaturated(s, i, Vector128.AddSaturate(bytes, B<int>(s, i)), bytes + B<int>(s, i));
    }

    /// <summary>vsum4shs VRT,VRA,VRB: sums of a word's two signed halfwords plus VRB's word, saturate.</summary>
    public static void Vsum4shs(CpuState* s, Insn* i)
    {
        Vector128<int> halfwords = SumPairs(A<short>(s, i));
        SetSaturated(s, i, Vector128.AddSaturate(halfwords, B<int>(s, i)), halfwords + B<int>(s, i));
    }

    /// <summary>vsum2sws VRT,VRA,VRB: in words 1 and 3, the sum of VRA's two words to there and VRB's word; zeros elsewhere.</summary>
    public static void Vsum2sws(CpuState* s, Insn* i)
    {
        Vector128<int> a = A<int>(s, i);
        Vector128<int> b = B<int>(s, i);
        int word1 = ClampToWord(s, (long)a[3] + a[2] + b[2]);
        int word3 = ClampToWord(s, (long)a[1] + a[0] + b[0]);
        Set(s, i, Vector128.Create(word3, 0, word1, 0));
    }

    /// <summary>vsumsws VRT,VRA,VRB: in word 3, the sum of VRA's four words and VRB's word 3; zeros elsewhere.</summary>
    public static void Vsumsws(CpuState* s, Insn* i)
    {
        Vector128<int> a = A<int>(s, i);
        Set(s, i, Vector128.CreateScalar(ClampToWord(s, (long)a[0] + a[1] + a[2] + a[3] + B<int>(s, i)[0])));
    }

    private static void MultiplyHighAdd(CpuState* s, Insn* i, int rounding)
    {
        (Vector128<int> aLower, Vector128<int> aUpper) = Vector128.Widen(A<short>(s, i));
        (Vector128<int> bLower, Vector128<int> bUpper) = Vector128.Widen(B<short>(s, i));
        (Vector128<int> cLower, Vector128<int> cUpper) = Vector128.Widen(C<short>(s, i));
        Vector128<int> round = Vector128.Create(rounding);
        Vector128<int> lower = (((aLower * bLower) + round) >> 15) + cLower;
        Vector128<int> upper = (((aUpper * bUpper) + round) >> 15) + cUpper;
        SetSaturated(s, i, Vector128.NarrowWithSaturation(lower, upper), Vector128.Narrow(lower, upper));
    }

    private static Vector128<uint> SumPairs(Vector128<ushort> v) => Even(v.AsUInt32()) + Odd(v.AsUInt32());

    private static Vector128<int> SumPairs(Vector128<short> v) => Even(v.AsInt32()) + Odd(v.AsInt32());

    private static int ClampToWord(CpuState* s, long sum)
    {
        int clamped = (int)Math.Clamp(sum, int.MinValue, int.MaxValue);
        if (clamped != sum)
        {
            s->Vscr |= Sat;
        }

        return clamped;
    }
}
