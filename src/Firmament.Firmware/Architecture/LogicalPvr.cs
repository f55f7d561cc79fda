namespace Firmament.Firmware.Architecture;

/// <summary>
/// Processor versions that name a level of the architecture instead of a chip. Source: LoPAPR 1.1 appendix B.6.2.3, table 244, and the
/// values that Linux's arch/powerpc/kernel/prom_init.c lists.
/// </summary>
public static class LogicalPvr
{
    /// <summary>Power ISA 2.05.</summary>
    public const uint Isa205 = 0x0f000002;

    /// <summary>Power ISA 2.06.</summary>
    public const uint Isa206 = 0x0f000003;

    /// <summary>Power ISA 2.06 with what POWER7+ adds.</summary>
    public const uint Isa206Plus = 0x0f100003;

    /// <summary>Power ISA 2.07.</summary>
    public const uint Isa207 = 0x0f000004;

    /// <summary>Power ISA 3.0.</summary>
    public const uint Isa300 = 0x0f000005;

    /// <summary>Power ISA 3.1.</summary>
    public const uint Isa310 = 0x0f000006;

    /// <summary>All levels, lowest first.</summary>
    public static IReadOnlyList<uint> All { get; } = [Isa205, Isa206, Isa206Plus, Isa207, Isa300, Isa310];

    /// <summary>The levels up to and including <paramref name="highest"/>, lowest first.</summary>
    public static IReadOnlyList<uint> UpTo(uint highest) => [.. All.TakeWhile(level => level != highest), highest];

    /// <summary>True when <paramref name="level"/> is <paramref name="least"/> or above it.</summary>
    public static bool IsAtLeast(uint level, uint least) => IndexOf(level) >= IndexOf(least);

    private static int IndexOf(uint level)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i] == level)
            {
                return i;
            }
        }

        return -1;
    }
}
