using Firmament.PowerPC.Leaf.FloatingPoint;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Where QEMU 7.2 departs from the architecture, or where the architecture leaves the result open: our block takes over the other's
/// bits there, so that what remains is a difference to explain.
/// </summary>
internal static class KnownDifferences
{
    public static void Settle(ReadOnlySpan<byte> words, int length, ReadOnlySpan<byte> before, Span<byte> ours, ReadOnlySpan<byte> theirs)
    {
        uint word = StateBlock.Word(words, 0);
        uint primary = word >> 26;
        uint open = 0;
        uint sticky = StateBlock.Word(before, StateBlock.Fpscr) & Fpscr.AllExceptions;
        if (length > 1 || sticky != 0 || IsX(word, 38))
        {
            // FX follows from a bit that changes from 0 to 1 (PEM 3.3.6); QEMU also sets it for one that was 1, and not in mtfsb1.
            open |= Fpscr.FX;
            uint cr = StateBlock.Word(ours, StateBlock.Cr) & ~0x0800_0000u;
            StateBlock.Word(ours, StateBlock.Cr, cr | (StateBlock.Word(theirs, StateBlock.Cr) & 0x0800_0000));
        }

        if (length == 1)
        {
            int t = (int)(word >> 21) & 31;
            int at = StateBlock.Fpr + (8 * t);
            if (IsX(word, 14) || IsX(word, 15))
            {
                // FRT[0:31] and FPRF are undefined (PEM 4.2.2.3, fctiw).
                StateBlock.Word(ours, at, StateBlock.Word(theirs, at));
                open |= Fpscr.FPRF;
            }

            if (primary == 59 || IsX(word, 12))
            {
                // A result that is denormal as a single: QEMU classes the register's double.
                open |= 0x0001_0000;
                SettleSingleNaN(ours, theirs, at);
            }

            if (IsX(word, 0) || IsX(word, 32))
            {
                // Compares leave C, FR and FI alone (PEM 4.2.2.4); QEMU sets C with VXVC and clears FI.
                open |= 0x0001_0000 | Fpscr.FI;
            }

            if (primary is 59 or 63 && ((word >> 1) & 31) >= 30 && (StateBlock.Word(before, StateBlock.Fpscr) & 2) != 0)
            {
                // fnmadd and fnmsub negate after rounding (PEM 4.2.2.2); QEMU before, which shows in the directed modes.
                StateBlock.Double(ours, at, StateBlock.Double(theirs, at));
                open |= 0x001f_f000 | Fpscr.FI | Fpscr.XX | Fpscr.OX | Fpscr.UX;
                open |= Fpscr.FX;
                SettleCr1(ours, theirs);
            }

            SettleDivide(word, before, ours, theirs);
        }

        uint fpscr = StateBlock.Word(ours, StateBlock.Fpscr) & ~open;
        StateBlock.Word(ours, StateBlock.Fpscr, fpscr | (StateBlock.Word(theirs, StateBlock.Fpscr) & open));
        if (IsX(word, 583))
        {
            int at = StateBlock.Fpr + (8 * ((int)(word >> 21) & 31));
            StateBlock.Word(ours, at + 4, (StateBlock.Word(ours, at + 4) & ~Fpscr.FR) | (StateBlock.Word(theirs, at + 4) & Fpscr.FR));
        }
    }

    private static bool IsX(uint word, uint extended) => word >> 26 == 63 && ((word >> 1) & 0x3ff) == extended;

    private static void SettleCr1(Span<byte> ours, ReadOnlySpan<byte> theirs)
    {
        uint cr = StateBlock.Word(ours, StateBlock.Cr) & ~0x0f00_0000u;
        StateBlock.Word(ours, StateBlock.Cr, cr | (StateBlock.Word(theirs, StateBlock.Cr) & 0x0f00_0000));
    }

    /// <summary>A NaN operand goes whole into a single instruction's target, but for frsp (PEM 3.3.1.6); QEMU drops its low 29 bits.</summary>
    private static void SettleSingleNaN(Span<byte> ours, ReadOnlySpan<byte> theirs, int at)
    {
        ulong us = StateBlock.Double(ours, at);
        ulong them = StateBlock.Double(theirs, at);
        if ((us & 0x7ff0_0000_0000_0000) == 0x7ff0_0000_0000_0000 && (us & ~0x1fff_fffful) == them)
        {
            StateBlock.Double(ours, at, them);
        }
    }

    /// <summary>The quotient by 0, and of the most negative number by -1, is undefined, and CR0 with it but for SO (PEM 4.2.1.1).</summary>
    private static void SettleDivide(uint word, ReadOnlySpan<byte> before, Span<byte> ours, ReadOnlySpan<byte> theirs)
    {
        uint extended = (word >> 1) & 0x1ff;
        if (word >> 26 != 31 || extended is not (459 or 491))
        {
            return;
        }

        uint a = StateBlock.Word(before, 4 * (int)((word >> 16) & 31));
        uint b = StateBlock.Word(before, 4 * (int)((word >> 11) & 31));
        if (b == 0 || (extended == 491 && a == 0x8000_0000 && b == uint.MaxValue))
        {
            int at = 4 * (int)((word >> 21) & 31);
            StateBlock.Word(ours, at, StateBlock.Word(theirs, at));
            if ((word & 1) != 0)
            {
                uint cr = StateBlock.Word(ours, StateBlock.Cr) & ~0xe000_0000u;
                StateBlock.Word(ours, StateBlock.Cr, cr | (StateBlock.Word(theirs, StateBlock.Cr) & 0xe000_0000));
            }
        }
    }
}
