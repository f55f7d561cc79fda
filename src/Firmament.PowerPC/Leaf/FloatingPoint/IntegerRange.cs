namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>What a conversion to integer may produce, and what it saturates to, as FPR patterns.</summary>
/// <param name="Highest">Largest value; a larger operand gives this.</param>
/// <param name="Lowest">Smallest value, sign-extended; a smaller operand or a NaN gives this.</param>
/// <param name="LowestMagnitude">Magnitude of the smallest value.</param>
/// <param name="HostLow">Smallest rounded double the host converts.</param>
/// <param name="HostHigh">Largest rounded double the host converts.</param>
internal readonly record struct IntegerRange(ulong Highest, ulong Lowest, ulong LowestMagnitude, double HostLow, double HostHigh)
{
    private const double HostLimit = 1L << 62;

    public static IntegerRange SignedWord => new(int.MaxValue, 0xffff_ffff_8000_0000, 1UL << 31, int.MinValue, int.MaxValue);

    public static IntegerRange UnsignedWord => new(uint.MaxValue, 0, 0, 0, uint.MaxValue);

    public static IntegerRange SignedDoubleword => new(long.MaxValue, 1UL << 63, 1UL << 63, -HostLimit, HostLimit);

    public static IntegerRange UnsignedDoubleword => new(ulong.MaxValue, 0, 0, 0, HostLimit);
}
