using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Single-precision compares, rounding to integer, conversion to and from integers. Power ISA 2.07B Book I 6.10.3, 6.10.4.
public static unsafe partial class VectorLeaves
{
    /// <summary>vcmpeqfp[.] VRT,VRA,VRB: equal; false when unordered.</summary>
    public static void Vcmpeqfp(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.Equals(FloatA(s, i), FloatB(s, i)));

    /// <summary>vcmpgefp[.] VRT,VRA,VRB: greater than or equal; false when unordered.</summary>
    public static void Vcmpgefp(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThanOrEqual(FloatA(s, i), FloatB(s, i)));

    /// <summary>vcmpgtfp[.] VRT,VRA,VRB: greater than; false when unordered.</summary>
    public static void Vcmpgtfp(CpuState* s, Insn* i) => SetCompare(s, i, Vector128.GreaterThan(FloatA(s, i), FloatB(s, i)));

    /// <summary>
    /// vcmpbfp[.] VRT,VRA,VRB: bit 0 of a word set unless VRA ≤ VRB, bit 1 unless VRA ≥ -VRB. CR6 is 0b0010 when all are within
    /// bounds, else 0.
    /// </summary>
    public static void Vcmpbfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        Vector128<uint> above = ~Vector128.LessThanOrEqual(a, b).AsUInt32() & Vector128.Create(0x8000_0000u);
        Vector128<uint> below = ~Vector128.GreaterThanOrEqual(a, Negate(b)).AsUInt32() & Vector128.Create(0x4000_0000u);
        Vector128<uint> outside = above | below;
        Set(s, i, outside);
        if ((i->Word & VectorRc) != 0)
        {
            s->Cr[6] = (byte)(outside == Vector128<uint>.Zero ? 2 : 0);
        }
    }

    /// <summary>vrfin VRT,VRB: round to the nearest integer, ties to even.</summary>
    public static void Vrfin(CpuState* s, Insn* i) => SetRounded(s, i, FloatB(s, i), Vector128.Round(FloatB(s, i)));

    /// <summary>vrfiz VRT,VRB: round toward zero.</summary>
    public static void Vrfiz(CpuState* s, Insn* i) => SetRounded(s, i, FloatB(s, i), Vector128.Truncate(FloatB(s, i)));

    /// <summary>vrfip VRT,VRB: round toward plus infinity.</summary>
    public static void Vrfip(CpuState* s, Insn* i) => SetRounded(s, i, FloatB(s, i), Vector128.Ceiling(FloatB(s, i)));

    /// <summary>vrfim VRT,VRB: round toward minus infinity.</summary>
    public static void Vrfim(CpuState* s, Insn* i) => SetRounded(s, i, FloatB(s, i), Vector128.Floor(FloatB(s, i)));

    /// <summary>vcfux VRT,VRB,UIM: unsigned words to floats, divided by 2^UIM.</summary>
    public static void Vcfux(CpuState* s, Insn* i)
    {
        // The upper and lower halves are exact floats; their sum rounds once, so the host needs no unsigned conversion.
        Vector128<uint> b = B<uint>(s, i);
        Vector128<float> upper = Vector128.ConvertToSingle((b >>> 16).AsInt32()) * Vector128.Create(65536f);
        Vector128<float> lower = Vector128.ConvertToSingle((b & Vector128.Create(0xffffu)).AsInt32());
        Set(s, i, (upper + lower) * PowerOfTwo(-Scale(i)));
    }

    /// <summary>vcfsx VRT,VRB,UIM: signed words to floats, divided by 2^UIM.</summary>
    public static void Vcfsx(CpuState* s, Insn* i) => Set(s, i, Vector128.ConvertToSingle(B<int>(s, i)) * PowerOfTwo(-Scale(i)));

    /// <summary>vctuxs VRT,VRB,UIM: floats times 2^UIM to unsigned words, toward zero, saturate; a NaN gives 0.</summary>
    public static void Vctuxs(CpuState* s, Insn* i)
    {
        // A finite product past the float range becomes an infinity, which saturates as the product would.
        Vector128<float> v = B<float>(s, i) * PowerOfTwo(Scale(i));
        Vector128<float> high = Vector128.GreaterThanOrEqual(v, Vector128.Create(4294967296f));
        if (Vector128.LessThanOrEqualAny(v, Vector128.Create(-1f)) || high != Vector128<float>.Zero)
        {
            s->Vscr |= Sat;
        }

        // Values of 2^31 and more are converted less 2^31, a difference that is exact; both ranges are the host's signed one.
        Vector128<float> half = Vector128.Create(2147483648f);
        Vector128<float> large = Vector128.GreaterThanOrEqual(v, half);
        Vector128<float> ordinary = Vector128.GreaterThanOrEqual(v, Vector128<float>.One);
        Vector128<int> low = Vector128.ConvertToInt32Native((v - (half & large)) & ordinary);
        Vector128<uint> words = low.AsUInt32() ^ (large.AsUInt32() & Vector128.Create(0x8000_0000u));
        Set(s, i, words | high.AsUInt32());
    }

    /// <summary>vctsxs VRT,VRB,UIM: floats times 2^UIM to signed words, toward zero, saturate; a NaN gives 0.</summary>
    /// <remarks>
    /// Exactly -2^31 does not set SAT: it is representable, and the PEM saturates what is less than it. The pseudo-code of Power ISA
    /// 2.07 would set SAT there, with the same word.
    /// </remarks>
    public static void Vctsxs(CpuState* s, Insn* i)
    {
        Vector128<float> v = B<float>(s, i) * PowerOfTwo(Scale(i));
        Vector128<float> limit = Vector128.Create(2147483648f);
        Vector128<float> high = Vector128.GreaterThanOrEqual(v, limit);
        Vector128<float> low = Vector128.LessThan(v, -limit);
        if ((high | low) != Vector128<float>.Zero)
        {
            s->Vscr |= Sat;
        }

        Vector128<float> ordinary = Vector128.AndNot(Vector128.Equals(v, v), high | low);
        Vector128<int> words = Vector128.ConvertToInt32Native(v & ordinary);
        words |= high.AsInt32() & Vector128.Create(int.MaxValue);
        Set(s, i, words | (low.AsInt32() & Vector128.Create(int.MinValue)));
    }

    private static void SetRounded(CpuState* s, Insn* i, Vector128<float> b, Vector128<float> rounded) => SetFloat(s, i, rounded, b, b, b);

    /// <summary>UIM of a conversion, 0 to 31.</summary>
    private static int Scale(Insn* i) => i->A & 31;

    private static Vector128<float> PowerOfTwo(int exponent) =>
        Vector128.Create(BitConverter.Int32BitsToSingle((127 + exponent) << 23));
}
