using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Reciprocal, reciprocal square root, exponential and logarithm estimates. Power ISA 2.07B Book I 6.10.5.
// The bounds are 1/4096, 1/4096 and 1/16 relative and 1/32 absolute; these are near single precision. They are made of IEEE basic
// operations only, so every host gives the same bits. Not modelled: the bits a particular chip gives within the bounds.
public static unsafe partial class VectorLeaves
{
    /// <summary>vrefp VRT,VRB: 1 / VRB. ±0 gives ±∞, ±∞ gives ±0.</summary>
    public static void Vrefp(CpuState* s, Insn* i)
    {
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, Vector128<float>.One / b, b, b, b);
    }

    /// <summary>vrsqrtefp VRT,VRB: 1 / √VRB. ±0 gives ±∞, +∞ gives +0, less than zero the default NaN.</summary>
    public static void Vrsqrtefp(CpuState* s, Insn* i)
    {
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, Vector128<float>.One / Vector128.Sqrt(b), b, b, b);
    }

    /// <summary>vexptefp VRT,VRB: 2^VRB. -∞ gives +0, +∞ gives +∞; an integer gives the exact power.</summary>
    public static void Vexptefp(CpuState* s, Insn* i)
    {
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, Vector128.Create(Exp2(b[0]), Exp2(b[1]), Exp2(b[2]), Exp2(b[3])), b, b, b);
    }

    /// <summary>vlogefp VRT,VRB: log₂ VRB. ±0 gives -∞, +∞ gives +∞, less than 0 the default NaN; a power of two is exact.</summary>
    public static void Vlogefp(CpuState* s, Insn* i)
    {
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, Vector128.Create(Log2(b[0]), Log2(b[1]), Log2(b[2]), Log2(b[3])), b, b, b);
    }

    private static float Exp2(float x)
    {
        if (float.IsNaN(x))
        {
            return x;
        }

        // Outside these bounds the result is an infinity, or less than half the smallest denormal.
        double clamped = Math.Clamp((double)x, -200, 200);
        double whole = Math.Round(clamped);
        double t = (clamped - whole) * 0.693147180559945309;

        // e^t for |t| ≤ ln 2 / 2, Taylor to t^8: the first term left out is below 2^-31.
        double power = 1;
        for (int n = 8; n > 0; n--)
        {
            power = 1 + (t / n * power);
        }

        return (float)(power * BitConverter.Int64BitsToDouble(((long)whole + 1023) << 52));
    }

    private static float Log2(float x)
    {
        if (!(x > 0) || float.IsPositiveInfinity(x))
        {
            return x == 0 ? float.NegativeInfinity : x < 0 ? float.NaN : x;
        }

        // Every positive float is a normal double. Its significand is taken to between √½ and √2.
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> 52) - 1023;
        double significand = BitConverter.Int64BitsToDouble((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
        if (significand > 1.4142135623730951)
        {
            significand /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)), to the ninth power: the first term left out is below 2^-30.
        double t = (significand - 1) / (significand + 1);
        double u = t * t;
        double series = t * (1 + (u * ((1.0 / 3) + (u * ((1.0 / 5) + (u * ((1.0 / 7) + (u / 9))))))));
        return (float)(exponent + (series * 2.8853900817779268));
    }
}
