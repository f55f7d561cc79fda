namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>A binary interchange format as rounding sees it. IEEE 754-2008 table 3.5; Power ISA 2.07B Book I 4.3.1 and 4.4.3.</summary>
/// <param name="Precision">Bits of the significand, the implied one included.</param>
/// <param name="MinExponent">Exponent of the smallest normal number.</param>
/// <param name="MaxExponent">Exponent of the largest finite number.</param>
/// <param name="BiasAdjust">What enabled overflow subtracts from the exponent and enabled underflow adds.</param>
internal readonly record struct FloatFormat(int Precision, int MinExponent, int MaxExponent, int BiasAdjust)
{
    /// <summary>binary16. The bias adjustments are unspecified; these keep a result representable.</summary>
    public static FloatFormat Half => new(11, -14, 15, 24);

    /// <summary>binary32.</summary>
    public static FloatFormat Single => new(24, -126, 127, 192);

    /// <summary>binary64.</summary>
    public static FloatFormat Double => new(53, -1022, 1023, 1536);

    /// <summary>binary128.</summary>
    public static FloatFormat Quad => new(113, -16382, 16383, 24576);

    /// <summary>x87's double-extended, inside binary128.</summary>
    public static FloatFormat Extended => new(64, -16382, 16383, 24576);
}
