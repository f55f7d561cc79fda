using Firmament.PowerPC.Leaf.FloatingPoint;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>
/// Where QEMU 7.2 departs from the 64-bit architecture, or where the architecture leaves the result open: our block takes over the
/// other's bits there, so that what remains is a difference to explain.
/// </summary>
internal static class KnownDifferences64
{
    public static void Settle(StateBlock64 layout, uint word, int length, ReadOnlySpan<byte> before, Span<byte> ours, Span<byte> theirs)
    {
        _ = (word, length);
        ulong open = 0;
        if (((uint)layout[before, StateBlock64.Fpscr] & Fpscr.AllExceptions) != 0)
        {
            // FX follows from a bit that changes from 0 to 1 (3.0B Book I 4.2.2); QEMU also sets it for one that was 1.
            open |= Fpscr.FX;
            Take(layout, ours, theirs, StateBlock64.Cr, 0x0800_0000);
        }

        Take(layout, ours, theirs, StateBlock64.Fpscr, open);
    }

    private static void Take(StateBlock64 layout, Span<byte> ours, ReadOnlySpan<byte> theirs, int at, ulong mask) =>
        layout.Write(ours, at, (layout[ours, at] & ~mask) | (layout[theirs, at] & mask));
}
