using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>
/// Quad precision. Power ISA 3.0B Book I 7.6.1. T, A and B are vector registers (VSR 32 to 63). With the last bit of the word, RO,
/// results are rounded to odd.
/// </content>
public static unsafe partial class VsxLeaves
{
    /// <summary>xsaddqp[o] VRT,VRA,VRB: VRA + VRB.</summary>
    public static void Xsaddqp(CpuState* s, Insn* i) => AddQuad(s, i, QuadA(s, i), QuadB(s, i));

    /// <summary>xssubqp[o] VRT,VRA,VRB: VRA - VRB.</summary>
    public static void Xssubqp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        AddQuad(s, i, QuadA(s, i), Binary128.IsNaN(b) ? b : b ^ Binary128.SignBit);
    }

    /// <summary>xsmulqp[o] VRT,VRA,VRB: VRA × VRB.</summary>
    public static void Xsmulqp(CpuState* s, Insn* i)
    {
        UInt128 a = QuadA(s, i);
        UInt128 b = QuadB(s, i);
        UInt128 sign = (a ^ b) & Binary128.SignBit;
        if (TryDeliverNaN(s, i, a, b))
        {
            return;
        }

        if (Binary128.IsInfinity(a) || Binary128.IsInfinity(b))
        {
            if (Binary128.IsZero(a) || Binary128.IsZero(b))
            {
                DeliverQuad(s, i, Binary128.DefaultNaN, Fpscr.VXIMZ);
            }
            else
            {
                DeliverQuad(s, i, sign | Binary128.Infinity, 0);
            }

            return;
        }

        RoundQuad(s, i, QuadArithmetic.Multiply(Binary128.Value(a), Binary128.Value(b)));
    }

    /// <summary>xsdivqp[o] VRT,VRA,VRB: VRA ÷ VRB.</summary>
    public static void Xsdivqp(CpuState* s, Insn* i)
    {
        UInt128 a = QuadA(s, i);
        UInt128 b = QuadB(s, i);
        UInt128 sign = (a ^ b) & Binary128.SignBit;
        if (TryDeliverNaN(s, i, a, b))
        {
            return;
        }

        if (Binary128.IsInfinity(a))
        {
            bool invalid = Binary128.IsInfinity(b);
            DeliverQuad(s, i, invalid ? Binary128.DefaultNaN : sign | Binary128.Infinity, invalid ? Fpscr.VXIDI : 0);
        }
        else if (Binary128.IsInfinity(b))
        {
            DeliverQuad(s, i, sign, 0);
        }
        else if (Binary128.IsZero(b))
        {
            bool invalid = Binary128.IsZero(a);
            DeliverQuad(s, i, invalid ? Binary128.DefaultNaN : sign | Binary128.Infinity, invalid ? Fpscr.VXZDZ : Fpscr.ZX);
        }
        else
        {
            RoundQuad(s, i, QuadArithmetic.Divide(Binary128.Value(a), Binary128.Value(b)));
        }
    }

    /// <summary>xssqrtqp[o] VRT,VRB: √VRB.</summary>
    public static void Xssqrtqp(CpuState* s, Insn* i)
    {
        UInt128 b = QuadB(s, i);
        if (TryDeliverNaN(s, i, b, b))
        {
            return;
        }

        if (Binary128.IsNegative(b) && !Binary128.IsZero(b))
        {
            DeliverQuad(s, i, Binary128.DefaultNaN, Fpscr.VXSQRT);
        }
        else if (Binary128.IsInfinity(b))
        {
            DeliverQuad(s, i, b, 0);
        }
        else
        {
            RoundQuad(s, i, QuadArithmetic.SquareRoot(Binary128.Value(b)));
        }
    }

    /// <summary>xsmaddqp[o] VRT,VRA,VRB: VRA × VRB + VRT.</summary>
    public static void Xsmaddqp(CpuState* s, Insn* i) => MultiplyAddQuad(s, i, subtract: false, negate: false);

    /// <summary>xsmsubqp[o] VRT,VRA,VRB: VRA × VRB - VRT.</summary>
    public static void Xsmsubqp(CpuState* s, Insn* i) => MultiplyAddQuad(s, i, subtract: true, negate: false);

    /// <summary>xsnmaddqp[o] VRT,VRA,VRB: -(VRA × VRB + VRT).</summary>
    public static void Xsnmaddqp(CpuState* s, Insn* i) => MultiplyAddQuad(s, i, subtract: false, negate: true);

    /// <summary>xsnmsubqp[o] VRT,VRA,VRB: -(VRA × VRB - VRT).</summary>
    public static void Xsnmsubqp(CpuState* s, Insn* i) => MultiplyAddQuad(s, i, subtract: true, negate: true);

    private static UInt128 QuadA(CpuState* s, Insn* i) => Whole(s, 32 + i->A);

    private static UInt128 QuadB(CpuState* s, Insn* i) => Whole(s, 32 + i->B);

    private static RoundingMode QuadMode(CpuState* s, Insn* i) => i->Rc ? RoundingMode.ToOdd : FloatingPointLeaves.Mode(s);

    private static void AddQuad(CpuState* s, Insn* i, UInt128 a, UInt128 b)
    {
        if (TryDeliverNaN(s, i, a, b))
        {
            return;
        }

        if (Binary128.IsInfinity(a) || Binary128.IsInfinity(b))
        {
            bool invalid = Binary128.IsInfinity(a) && Binary128.IsInfinity(b) && a != b;
            UInt128 infinity = Binary128.IsInfinity(a) ? a : b;
            DeliverQuad(s, i, invalid ? Binary128.DefaultNaN : infinity, invalid ? Fpscr.VXISI : 0);
            return;
        }

        RoundQuad(s, i, ExactValue.Add(Binary128.Value(a), Binary128.Value(b), QuadMode(s, i)));
    }

    private static void MultiplyAddQuad(CpuState* s, Insn* i, bool subtract, bool negate)
    {
        UInt128 a = QuadA(s, i);
        UInt128 b = QuadB(s, i);
        UInt128 t = Whole(s, 32 + i->T);
        bool infinityTimesZero = (Binary128.IsInfinity(a) && Binary128.IsZero(b)) || (Binary128.IsZero(a) && Binary128.IsInfinity(b));
        uint exceptions = infinityTimesZero ? Fpscr.VXIMZ : 0;
        if (Binary128.IsNaN(a) || Binary128.IsNaN(b) || Binary128.IsNaN(t))
        {
            bool signals = Binary128.IsSignalingNaN(a) || Binary128.IsSignalingNaN(b) || Binary128.IsSignalingNaN(t);
            UInt128 nan = Binary128.IsNaN(a) ? a : Binary128.IsNaN(t) ? t : b;
            DeliverQuad(s, i, nan | Binary128.QuietBit, exceptions | (signals ? Fpscr.VXSNAN : 0));
            return;
        }

        if (infinityTimesZero)
        {
            DeliverQuad(s, i, Binary128.DefaultNaN, exceptions);
            return;
        }

        UInt128 addend = subtract ? t ^ Binary128.SignBit : t;
        bool productInfinite = Binary128.IsInfinity(a) || Binary128.IsInfinity(b);
        UInt128 productInfinity = ((a ^ b) & Binary128.SignBit) | Binary128.Infinity;
        if (productInfinite || Binary128.IsInfinity(addend))
        {
            bool invalid = productInfinite && Binary128.IsInfinity(addend) && addend != productInfinity;
            UInt128 sum = (productInfinite ? productInfinity : addend) ^ (negate ? Binary128.SignBit : 0);
            DeliverQuad(s, i, invalid ? Binary128.DefaultNaN : sum, invalid ? Fpscr.VXISI : 0);
            return;
        }

        ExactValue exact = QuadArithmetic.MultiplyAdd(Binary128.Value(a), Binary128.Value(b), Binary128.Value(addend), QuadMode(s, i));
        RoundQuad(s, i, exact, negate);
    }

    private static bool TryDeliverNaN(CpuState* s, Insn* i, UInt128 a, UInt128 b)
    {
        if (!Binary128.IsNaN(a) && !Binary128.IsNaN(b))
        {
            return false;
        }

        bool signals = Binary128.IsSignalingNaN(a) || Binary128.IsSignalingNaN(b);
        DeliverQuad(s, i, (Binary128.IsNaN(a) ? a : b) | Binary128.QuietBit, signals ? Fpscr.VXSNAN : 0);
        return true;
    }

    private static void RoundQuad(CpuState* s, Insn* i, in ExactValue value, bool negate = false) =>
        RoundQuad(s, i, value, FloatFormat.Quad, QuadMode(s, i), negate);

    private static void RoundQuad(CpuState* s, Insn* i, in ExactValue value, in FloatFormat format, RoundingMode mode, bool negate)
    {
        RoundedValue result = value.Round(format, s->Fpscr, mode);
        result.IsNegative ^= negate;
        uint set = result.Fprf | (result.IsInexact ? Fpscr.FI : 0) | (result.IsIncremented || result.IsInfinity ? Fpscr.FR : 0);
        uint exceptions = (result.IsInexact ? Fpscr.XX : 0) | (result.IsOverflow ? Fpscr.OX : 0) | (result.IsUnderflow ? Fpscr.UX : 0);
        SetWhole(s, 32 + i->T, Binary128.Pattern(result));
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set, exceptions);
    }

    /// <summary>A result that is not rounded; an enabled invalid operation or zero divide keeps target and FPRF.</summary>
    private static void DeliverQuad(CpuState* s, Insn* i, UInt128 bits, uint exceptions)
    {
        if (Suppresses(exceptions | (s->Fpscr & Enables)))
        {
            StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
            return;
        }

        SetWhole(s, 32 + i->T, bits);
        StatusUpdate.Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Binary128.Fprf(bits), exceptions);
    }
}
