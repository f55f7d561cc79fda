namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>A decimal interchange format. Power ISA 2.07B Book I 5.4; IEEE 754-2008 table 3.6.</summary>
/// <param name="Precision">Digits of the coefficient.</param>
/// <param name="Bias">Bias of the exponent of the coefficient's last digit.</param>
/// <param name="Limit">Greatest biased exponent.</param>
/// <param name="ContinuationBits">Bits of the exponent after its first two.</param>
/// <param name="BiasAdjust">What enabled overflow subtracts from the exponent and enabled underflow adds.</param>
internal readonly record struct DecimalFormat(int Precision, int Bias, int Limit, int ContinuationBits, int BiasAdjust)
{
    /// <summary>decimal32.</summary>
    public static DecimalFormat Short => new(7, 101, 191, 6, 144);

    /// <summary>decimal64.</summary>
    public static DecimalFormat Long => new(16, 398, 767, 8, 576);

    /// <summary>decimal128.</summary>
    public static DecimalFormat Extended => new(34, 6176, 12287, 12, 9216);

    /// <summary>Groups of three digits after the first digit.</summary>
    public int Declets => (Precision - 1) / 3;

    /// <summary>Exponent of the last digit of the smallest number.</summary>
    public int MinExponent => -Bias;

    /// <summary>Exponent of the last digit of the greatest numbers.</summary>
    public int MaxExponent => Limit - Bias;

    /// <summary>Index of the sign bit.</summary>
    public int SignBit => 5 + ContinuationBits + (10 * Declets);
}
