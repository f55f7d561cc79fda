using System.Runtime.CompilerServices;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>How an instruction's outcome reaches its target register and FPSCR. Power ISA 2.07B Book I 4.4.</summary>
/// <remarks>SAFETY: every pointer is the CPU's own unmanaged state, which outlives the call.</remarks>
internal static unsafe class StatusUpdate
{
    private const ulong MsrFe0Fe1 = 0x900;
    private const ulong MsrSf = 0x8000_0000_0000_0000;

    /// <summary>
    /// Replaces the bits of <paramref name="clear"/> by <paramref name="set"/> and raises <paramref name="exceptions"/>; FX follows
    /// from a 0 to 1 change, VX and FEX from the rest.
    /// </summary>
    public static void Apply(CpuState* s, uint clear, uint set, uint exceptions)
    {
        uint old = s->Fpscr;
        uint fpscr = (old & ~clear) | set | exceptions;
        if ((exceptions & ~old) != 0)
        {
            fpscr |= Fpscr.FX;
        }

        Store(s, fpscr);
    }

    /// <summary>Stores an FPSCR whose VX and FEX are still to be computed, and asks for the program interrupt if FEX calls for it.</summary>
    public static void Store(CpuState* s, uint fpscr)
    {
        fpscr = Fpscr.Summarize(fpscr);
        s->Fpscr = fpscr;
        if ((fpscr & Fpscr.FEX) != 0 && (s->Msr & MsrFe0Fe1) != 0)
        {
            s->Exit |= CpuState.ExitFloatingPointEnabled;
        }
    }

    /// <summary>Record bit: CR1 is FX, FEX, VX, OX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Record(CpuState* s, bool record)
    {
        if (record)
        {
            s->Cr[1] = (byte)(s->Fpscr >> 28);
        }
    }

    /// <summary>A result that needs no rounding and raises nothing: an infinity, a quiet NaN, a zero.</summary>
    public static void Deliver(CpuState* s, int target, ulong bits)
    {
        s->Fpr(target) = bits;
        Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Binary64.Fprf(bits), 0);
    }

    /// <summary>Rounds and delivers; fnmadd and fnmsub negate after rounding (4.6.6.2).</summary>
    public static void Deliver(CpuState* s, int target, in ExactValue value, in FloatFormat format, bool negate = false)
    {
        RoundedValue result = value.Round(format, s->Fpscr);
        if (negate)
        {
            result.IsNegative = !result.IsNegative;
        }

        uint set = result.Fprf;
        uint exceptions = 0;
        if (result.IsInexact)
        {
            set |= Fpscr.FI;
            exceptions |= Fpscr.XX;
        }

        // FR after a disabled overflow is undefined (4.4.3.2). 32-bit CPUs show whether rounding with an unbounded exponent
        // incremented; the 64-bit Cell shows that infinity is larger than the exact value. Both are in the vectors.
        bool infinityIncrements = result.IsInfinity && (s->Msr & MsrSf) != 0;
        if (result.IsIncremented || infinityIncrements)
        {
            set |= Fpscr.FR;
        }

        if (result.IsOverflow)
        {
            exceptions |= Fpscr.OX;
        }

        if (result.IsUnderflow)
        {
            exceptions |= Fpscr.UX;
        }

        s->Fpr(target) = result.ToBinary64();
        Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, set, exceptions);
    }

    /// <summary>
    /// Rounds and delivers an estimate. FR and FI are undefined for estimates and XX is not theirs to set: FR and FI become 0, XX
    /// stays. Any tiny estimate counts as underflow, for almost none is exact.
    /// </summary>
    public static void DeliverEstimate(CpuState* s, int target, in ExactValue value, in FloatFormat format)
    {
        RoundedValue result = value.Round(format, s->Fpscr);
        uint exceptions = result.IsOverflow ? Fpscr.OX : 0;
        if (result.IsDenormal || result.IsUnderflow)
        {
            exceptions |= Fpscr.UX;
        }

        s->Fpr(target) = result.ToBinary64();
        Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, result.Fprf, exceptions);
    }

    /// <summary>Invalid operation (4.4.1.2): with VE=1 the target and FPRF keep their values.</summary>
    public static void DeliverInvalid(CpuState* s, int target, uint exceptions, ulong bits)
    {
        if ((s->Fpscr & Fpscr.VE) != 0)
        {
            Apply(s, Fpscr.FR | Fpscr.FI, 0, exceptions);
            return;
        }

        s->Fpr(target) = bits;
        Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Binary64.Fprf(bits), exceptions);
    }

    /// <summary>Zero divide (4.4.2.2): with ZE=1 the target and FPRF keep their values.</summary>
    public static void DeliverZeroDivide(CpuState* s, int target, bool isNegative)
    {
        if ((s->Fpscr & Fpscr.ZE) != 0)
        {
            Apply(s, Fpscr.FR | Fpscr.FI, 0, Fpscr.ZX);
            return;
        }

        ulong bits = Binary64.Infinity | (isNegative ? Binary64.SignBit : 0);
        s->Fpr(target) = bits;
        Apply(s, Fpscr.FR | Fpscr.FI | Fpscr.FPRF, Binary64.Fprf(bits), Fpscr.ZX);
    }

    /// <summary>At least one operand is a NaN: delivers <paramref name="nan"/> made quiet; <paramref name="exceptions"/> as found.</summary>
    public static void DeliverNaN(CpuState* s, int target, ulong nan, uint exceptions)
    {
        ulong bits = nan | Binary64.QuietBit;
        if (exceptions != 0)
        {
            DeliverInvalid(s, target, exceptions, bits);
        }
        else
        {
            Deliver(s, target, bits);
        }
    }
}
