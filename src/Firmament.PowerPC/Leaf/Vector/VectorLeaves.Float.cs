using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Single-precision arithmetic: round to nearest even, no exceptions, VSCR[NJ] the only mode. Power ISA 2.07B Book I 6.10.1, 6.10.2;
// AltiVec PEM chapter 3. NaNs never come from the host instruction: hosts differ in which operand wins and in the default's sign.
// Quirk: the 74xx traps to an assist on denormals in Java mode; the IEEE result that its handler would give is given at once.
public static unsafe partial class VectorLeaves
{
    private const uint SignBit = 0x8000_0000;
    private const uint QuietBit = 0x0040_0000;
    private const uint ExponentField = 0x7f80_0000;
    private const uint DefaultNan = 0x7fc0_0000;
    private const uint SmallestNormal = 0x0080_0000;

    /// <summary>vaddfp VRT,VRA,VRB: add.</summary>
    public static void Vaddfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, a + b, a, b, b);
    }

    /// <summary>vsubfp VRT,VRA,VRB: subtract.</summary>
    public static void Vsubfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        SetFloat(s, i, a - b, a, b, b);
    }

    /// <summary>vmaddfp VRT,VRA,VRC,VRB: VRA · VRC + VRB, rounded once.</summary>
    public static void Vmaddfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        Vector128<float> c = FloatC(s, i);
        Vector128<float> sum = Vector128.FusedMultiplyAdd(a, c, b);
        SetFloat(s, i, FlushTiny(s, sum, a, c, b), a, b, c);
    }

    /// <summary>vnmsubfp VRT,VRA,VRC,VRB: -(VRA · VRC - VRB), rounded once; a NaN keeps its sign.</summary>
    public static void Vnmsubfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        Vector128<float> c = FloatC(s, i);
        Vector128<float> difference = Vector128.FusedMultiplyAdd(a, c, Negate(b));
        SetFloat(s, i, Negate(FlushTiny(s, difference, a, c, Negate(b))), a, b, c);
    }

    /// <summary>vmaxfp VRT,VRA,VRB: maximum; +0 is greater than -0; a NaN operand gives a NaN.</summary>
    public static void Vmaxfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);

        // Equal operands have equal bits, or are zeros: then the and of the signs is the greater's.
        Vector128<float> greater = Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);
        SetFloat(s, i, Vector128.ConditionalSelect(Vector128.Equals(a, b), a & b, greater) | Unordered(a, b), a, b, b);
    }

    /// <summary>vminfp VRT,VRA,VRB: minimum; -0 is less than +0; a NaN operand gives a NaN.</summary>
    public static void Vminfp(CpuState* s, Insn* i)
    {
        Vector128<float> a = FloatA(s, i);
        Vector128<float> b = FloatB(s, i);
        Vector128<float> less = Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);
        SetFloat(s, i, Vector128.ConditionalSelect(Vector128.Equals(a, b), a | b, less) | Unordered(a, b), a, b, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FloatA(CpuState* s, Insn* i) => ByMode(s, A<float>(s, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FloatB(CpuState* s, Insn* i) => ByMode(s, B<float>(s, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FloatC(CpuState* s, Insn* i) => ByMode(s, C<float>(s, i));

    /// <summary>An operand or result as the mode has it: in non-Java mode a denormal is a zero of its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ByMode(CpuState* s, Vector128<float> v)
    {
        if ((s->Vscr & Nj) == 0)
        {
            return v;
        }

        Vector128<uint> bits = v.AsUInt32();
        Vector128<uint> zeroExponent = Vector128.Equals(bits & Vector128.Create(ExponentField), Vector128<uint>.Zero);
        return Vector128.AndNot(bits, zeroExponent & Vector128.Create(~SignBit)).AsSingle();
    }

    /// <summary>Writes VRT: <paramref name="result"/>, by the NaN rule where it is a NaN, then by the mode.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFloat(
        CpuState* s, Insn* i, Vector128<float> result, Vector128<float> first, Vector128<float> second, Vector128<float> third)
    {
        if (!Vector128.EqualsAll(result, result))
        {
            result = PropagateNan(result, first, second, third);
        }

        Set(s, i, ByMode(s, result));
    }

    /// <summary>A NaN result is the first NaN operand, quieted; without a NaN operand, the default NaN. AltiVec PEM 3.2.5.</summary>
    private static Vector128<float> PropagateNan(
        Vector128<float> result, Vector128<float> first, Vector128<float> second, Vector128<float> third)
    {
        Vector128<float> nan = Vector128.Create(DefaultNan).AsSingle();
        nan = Vector128.ConditionalSelect(Vector128.Equals(third, third), nan, third);
        nan = Vector128.ConditionalSelect(Vector128.Equals(second, second), nan, second);
        nan = Vector128.ConditionalSelect(Vector128.Equals(first, first), nan, first);
        nan |= Vector128.Create(QuietBit).AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(result, result), result, nan);
    }

    /// <summary>
    /// In non-Java mode a sum below the smallest normal number is flushed even if it would round up to it: tininess is detected
    /// before rounding. Only a fused sum can be that close; other sums of normal numbers are exact there.
    /// </summary>
    private static Vector128<float> FlushTiny(
        CpuState* s, Vector128<float> sum, Vector128<float> a, Vector128<float> c, Vector128<float> addend)
    {
        if ((s->Vscr & Nj) == 0)
        {
            return sum;
        }

        Vector128<uint> atBoundary = Vector128.Equals(sum.AsUInt32() & Vector128.Create(~SignBit), Vector128.Create(SmallestNormal));
        if (atBoundary == Vector128<uint>.Zero)
        {
            return sum;
        }

        for (int lane = 0; lane < 4; lane++)
        {
            if (atBoundary[lane] != 0 && RoundedUpInMagnitude(a[lane], c[lane], addend[lane], sum[lane]))
            {
                sum = sum.WithElement(lane, sum[lane] * 0f);
            }
        }

        return sum;
    }

    /// <summary>Whether a · c + b, exactly, is smaller in magnitude than <paramref name="rounded"/>, its rounded value.</summary>
    private static bool RoundedUpInMagnitude(float a, float c, float b, float rounded)
    {
        // The product of two normal floats is exact in double; so are sum and error together (Knuth's two-sum).
        double product = (double)a * c;
        double sum = product + b;
        double addend = sum - product;
        double error = (product - (sum - addend)) + (b - addend);
        double excess = (sum - rounded) + error;
        return rounded > 0 ? excess < 0 : excess > 0;
    }

    private static Vector128<float> Negate(Vector128<float> v) => v ^ Vector128.Create(SignBit).AsSingle();

    /// <summary>Ones, which are a NaN, where either operand is a NaN.</summary>
    private static Vector128<float> Unordered(Vector128<float> a, Vector128<float> b) =>
        ~(Vector128.Equals(a, a) & Vector128.Equals(b, b));
}
