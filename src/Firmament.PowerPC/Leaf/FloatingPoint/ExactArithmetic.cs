using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// The arithmetic instructions for every operand, mode and enable. Operands are the 64-bit patterns of FPRs; for the single
/// instructions too, which compute on doubles exactly and round once, to <see cref="FloatFormat.Single"/>.
/// Power ISA 2.07B Book I 4.6.6.
/// </summary>
/// <remarks>SAFETY: the pointer is the CPU's own unmanaged state, which outlives the call.</remarks>
internal static unsafe class ExactArithmetic
{
    public static void Add(CpuState* s, int target, ulong a, ulong b, bool subtract, in FloatFormat format)
    {
        if (TryDeliverNaN(s, target, a, b))
        {
            return;
        }

        ulong addend = subtract ? b ^ Binary64.SignBit : b;
        if (TryDeliverInfiniteSum(s, target, a, addend))
        {
            return;
        }

        RoundingMode mode = (RoundingMode)(s->Fpscr & Fpscr.RN);
        ExactValue sum = ExactValue.Add(ExactValue.FromBinary64(a), ExactValue.FromBinary64(addend), mode);
        StatusUpdate.Deliver(s, target, sum, format);
    }

    public static void Multiply(CpuState* s, int target, ulong a, ulong c, in FloatFormat format)
    {
        if (TryDeliverNaN(s, target, a, c))
        {
            return;
        }

        if (Binary64.IsInfinity(a) || Binary64.IsInfinity(c))
        {
            if (Binary64.IsZero(a) || Binary64.IsZero(c))
            {
                StatusUpdate.DeliverInvalid(s, target, Fpscr.VXIMZ, Binary64.DefaultNaN);
                return;
            }

            StatusUpdate.Deliver(s, target, ProductSign(a, c) | Binary64.Infinity);
            return;
        }

        ExactValue product = ExactValue.Multiply(ExactValue.FromBinary64(a), ExactValue.FromBinary64(c));
        StatusUpdate.Deliver(s, target, product, format);
    }

    public static void Divide(CpuState* s, int target, ulong a, ulong b, in FloatFormat format)
    {
        if (TryDeliverNaN(s, target, a, b))
        {
            return;
        }

        ulong sign = ProductSign(a, b);
        if (Binary64.IsInfinity(a))
        {
            if (Binary64.IsInfinity(b))
            {
                StatusUpdate.DeliverInvalid(s, target, Fpscr.VXIDI, Binary64.DefaultNaN);
                return;
            }

            StatusUpdate.Deliver(s, target, sign | Binary64.Infinity);
        }
        else if (Binary64.IsInfinity(b))
        {
            StatusUpdate.Deliver(s, target, sign);
        }
        else if (!Binary64.IsZero(b))
        {
            ExactValue quotient = ExactValue.Divide(ExactValue.FromBinary64(a), ExactValue.FromBinary64(b));
            StatusUpdate.Deliver(s, target, quotient, format);
        }
        else if (Binary64.IsZero(a))
        {
            StatusUpdate.DeliverInvalid(s, target, Fpscr.VXZDZ, Binary64.DefaultNaN);
        }
        else
        {
            StatusUpdate.DeliverZeroDivide(s, target, sign != 0);
        }
    }

    public static void SquareRoot(CpuState* s, int target, ulong b, in FloatFormat format)
    {
        if (TryDeliverNaN(s, target, b, b))
        {
            return;
        }

        if (Binary64.IsNegative(b) && !Binary64.IsZero(b))
        {
            StatusUpdate.DeliverInvalid(s, target, Fpscr.VXSQRT, Binary64.DefaultNaN);
        }
        else if (Binary64.IsInfinity(b))
        {
            StatusUpdate.Deliver(s, target, b);
        }
        else
        {
            StatusUpdate.Deliver(s, target, ExactValue.SquareRoot(ExactValue.FromBinary64(b)), format);
        }
    }

    /// <summary>
    /// ±(a × c ± b). NaN operands win in the order A, B, C, and are not negated (4.3.2). Infinity times zero is VXIMZ even when B is
    /// a NaN; the result is then that NaN.
    /// </summary>
    public static void MultiplyAdd(CpuState* s, int target, ulong a, ulong c, ulong b, bool subtract, bool negate, in FloatFormat format)
    {
        bool infinityTimesZero = (Binary64.IsInfinity(a) && Binary64.IsZero(c)) || (Binary64.IsZero(a) && Binary64.IsInfinity(c));
        uint exceptions = infinityTimesZero ? Fpscr.VXIMZ : 0;
        if (Binary64.IsNaN(a) || Binary64.IsNaN(b) || Binary64.IsNaN(c))
        {
            if (Binary64.IsSignalingNaN(a) || Binary64.IsSignalingNaN(b) || Binary64.IsSignalingNaN(c))
            {
                exceptions |= Fpscr.VXSNAN;
            }

            StatusUpdate.DeliverNaN(s, target, Binary64.IsNaN(a) ? a : Binary64.IsNaN(b) ? b : c, exceptions);
            return;
        }

        if (infinityTimesZero)
        {
            StatusUpdate.DeliverInvalid(s, target, exceptions, Binary64.DefaultNaN);
            return;
        }

        ulong addend = subtract ? b ^ Binary64.SignBit : b;
        bool productInfinite = Binary64.IsInfinity(a) || Binary64.IsInfinity(c);
        ulong productInfinity = ProductSign(a, c) | Binary64.Infinity;
        if (productInfinite || Binary64.IsInfinity(addend))
        {
            ulong sum = productInfinite ? productInfinity : addend;
            if (productInfinite && Binary64.IsInfinity(addend) && addend != productInfinity)
            {
                StatusUpdate.DeliverInvalid(s, target, Fpscr.VXISI, Binary64.DefaultNaN);
                return;
            }

            StatusUpdate.Deliver(s, target, negate ? sum ^ Binary64.SignBit : sum);
            return;
        }

        RoundingMode mode = (RoundingMode)(s->Fpscr & Fpscr.RN);
        ExactValue product = ExactValue.Multiply(ExactValue.FromBinary64(a), ExactValue.FromBinary64(c));
        ExactValue exact = ExactValue.Add(product, ExactValue.FromBinary64(addend), mode);
        StatusUpdate.Deliver(s, target, exact, format, negate);
    }

    /// <summary>frsp. The one instruction that also cuts a NaN's payload to single precision (4.3.2).</summary>
    public static void RoundToSingle(CpuState* s, int target, ulong b)
    {
        const ulong beyondSingle = 0x1fff_ffff;
        if (Binary64.IsNaN(b))
        {
            StatusUpdate.DeliverNaN(s, target, b & ~beyondSingle, Binary64.IsSignalingNaN(b) ? Fpscr.VXSNAN : 0);
        }
        else if (Binary64.IsInfinity(b))
        {
            StatusUpdate.Deliver(s, target, b);
        }
        else
        {
            StatusUpdate.Deliver(s, target, ExactValue.FromBinary64(b), FloatFormat.Single);
        }
    }

    /// <summary>Delivers the NaN operand, A before B, if there is one.</summary>
    public static bool TryDeliverNaN(CpuState* s, int target, ulong a, ulong b)
    {
        if (!Binary64.IsNaN(a) && !Binary64.IsNaN(b))
        {
            return false;
        }

        bool signaling = Binary64.IsSignalingNaN(a) || Binary64.IsSignalingNaN(b);
        StatusUpdate.DeliverNaN(s, target, Binary64.IsNaN(a) ? a : b, signaling ? Fpscr.VXSNAN : 0);
        return true;
    }

    private static bool TryDeliverInfiniteSum(CpuState* s, int target, ulong a, ulong b)
    {
        if (Binary64.IsInfinity(a))
        {
            if (Binary64.IsInfinity(b) && a != b)
            {
                StatusUpdate.DeliverInvalid(s, target, Fpscr.VXISI, Binary64.DefaultNaN);
            }
            else
            {
                StatusUpdate.Deliver(s, target, a);
            }

            return true;
        }

        if (Binary64.IsInfinity(b))
        {
            StatusUpdate.Deliver(s, target, b);
            return true;
        }

        return false;
    }

    private static ulong ProductSign(ulong a, ulong b) => (a ^ b) & Binary64.SignBit;
}
