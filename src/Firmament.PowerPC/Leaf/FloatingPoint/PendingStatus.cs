using System.Runtime.CompilerServices;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>
/// What translated code leaves undone in FPSCR: FR, FI and FPRF, which nearly every instruction overwrites and hardly any reads. It keeps the last
/// operation and its operands instead, and whoever leaves translated code settles: the operation is done again, on a scratch register. Exception
/// bits are never left undone: an operation is only kept when it raises none but XX, and XX is 1 already.
/// </summary>
/// <remarks>
/// <see cref="CpuState.FloatPending"/>: bits 0 to 7 the <see cref="FloatOperation"/>, with <see cref="Single"/> where the result is rounded to
/// single; bits 8 to 11 what a later compare put into FPCC, 0 = there was none; bits 16 to 18 what a later conversion to integer put into FR and
/// FI, with <see cref="Converted"/>.
/// SAFETY: the pointer is the CPU's own unmanaged state, which outlives the call.
/// </remarks>
internal static unsafe class PendingStatus
{
    /// <summary>In the operation's byte: the result is rounded to single.</summary>
    public const byte Single = 0x80;

    /// <summary>In the conversion's byte: FI.</summary>
    public const byte ConvertedInexact = 1;

    /// <summary>In the conversion's byte: FR.</summary>
    public const byte ConvertedUp = 2;

    /// <summary>In the conversion's byte: there was one.</summary>
    public const byte Converted = 4;

    // FI is bit 17, FR bit 18; FPCC begins at bit 12.
    private const int ConditionShift = 12;
    private const int InexactShift = 17;

    /// <summary>Brings <see cref="CpuState.Fpscr"/> up to date.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Settle(CpuState* s)
    {
        if (s->FloatPending != 0)
        {
            SettleNow(s);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SettleNow(CpuState* s)
    {
        uint pending = s->FloatPending;
        s->FloatPending = 0;
        if ((byte)pending != 0)
        {
            Repeat(s, (FloatOperation)(pending & 0x7f), (pending & Single) != 0);
        }

        uint relation = (pending >> 8) & 15;
        if (relation != 0)
        {
            s->Fpscr = (s->Fpscr & ~Fpscr.FPCC) | (relation << ConditionShift);
        }

        uint conversion = (pending >> 16) & 7;
        if (conversion != 0)
        {
            s->Fpscr = (s->Fpscr & ~(Fpscr.FR | Fpscr.FI)) | ((conversion & 3) << InexactShift);
        }
    }

    private static void Repeat(CpuState* s, FloatOperation operation, bool single)
    {
        const int target = CpuState.ScratchRegister;
        (ulong a, ulong b, ulong c) = (s->FloatOperands[0], s->FloatOperands[1], s->FloatOperands[2]);
        (double x, double y) = (UInt64BitsToDouble(a), UInt64BitsToDouble(b));
        FloatFormat format = single ? FloatFormat.Single : FloatFormat.Double;
        switch (operation)
        {
            case FloatOperation.Add when !HostArithmetic.Add(s, target, x, y, single):
                ExactArithmetic.Add(s, target, a, b, subtract: false, format);
                break;
            case FloatOperation.Subtract when !HostArithmetic.Add(s, target, x, -y, single):
                ExactArithmetic.Add(s, target, a, b, subtract: true, format);
                break;
            case FloatOperation.Multiply when !HostArithmetic.Multiply(s, target, x, y, single):
                ExactArithmetic.Multiply(s, target, a, b, format);
                break;
            case FloatOperation.Divide when !HostArithmetic.Divide(s, target, x, y, single):
                ExactArithmetic.Divide(s, target, a, b, format);
                break;
            case FloatOperation.SquareRoot when !HostArithmetic.SquareRoot(s, target, x, single):
                ExactArithmetic.SquareRoot(s, target, a, format);
                break;
            case FloatOperation.RoundToSingle when !HostArithmetic.Convert(s, target, x, 0, single: true):
                ExactArithmetic.RoundToSingle(s, target, a);
                break;
            case FloatOperation.FromSigned:
                FloatingPointLeaves.FromSigned(s, target, a, single);
                break;
            case FloatOperation.Classify:
                StatusUpdate.Deliver(s, target, a);
                break;
            case >= FloatOperation.MultiplyAdd:
                bool subtract = operation is FloatOperation.MultiplySubtract or FloatOperation.NegativeMultiplySubtract;
                bool negate = operation >= FloatOperation.NegativeMultiplyAdd;
                double addend = UInt64BitsToDouble(subtract ? c ^ Binary64.SignBit : c);
                if (!HostArithmetic.MultiplyAdd(s, target, x, y, addend, single, negate))
                {
                    ExactArithmetic.MultiplyAdd(s, target, a, b, c, subtract, negate, format);
                }

                break;
        }
    }
}
