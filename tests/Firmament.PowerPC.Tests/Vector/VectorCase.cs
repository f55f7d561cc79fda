namespace Firmament.PowerPC.Tests.Vector;

/// <summary>The operands of one execution, and what the reference model says of the state beside VRT.</summary>
internal sealed class VectorCase
{
    public Quadword A { get; init; }

    public Quadword B { get; init; }

    public Quadword C { get; init; }

    /// <summary>VRT before; mtvscr leaves it.</summary>
    public Quadword T { get; init; }

    /// <summary>Bits 11:15 as an immediate.</summary>
    public int Immediate { get; init; }

    /// <summary>Bits 22:25 as an immediate (SHB; ST and SIX are bit 16 and bits 17:20).</summary>
    public int Shift { get; init; }

    public bool NonJava => (Vscr & 0x10000) != 0;

    public uint Vscr { get; set; }

    /// <summary>CR6 by a compare with the record bit, else -1.</summary>
    public int Cr6 { get; set; } = -1;

    public Int128 ClampSigned(int bits, Int128 value) => Clamp(value, -(Int128.One << (bits - 1)), (Int128.One << (bits - 1)) - 1);

    public Int128 ClampUnsigned(int bits, Int128 value) => Clamp(value, 0, (Int128.One << bits) - 1);

    public Quadword Compare(int bits, Func<int, bool> relation)
    {
        int count = 128 / bits;
        int held = Enumerable.Range(0, count).Count(relation);
        Cr6 = held == count ? 8 : held == 0 ? 2 : 0;
        return Quadword.Of(bits, i => relation(i) ? -1 : 0);
    }

    private Int128 Clamp(Int128 value, Int128 low, Int128 high)
    {
        if (value >= low && value <= high)
        {
            return value;
        }

        Vscr |= 1;
        return value < low ? low : high;
    }
}
