namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>FPSCR[DRN]. Power ISA 2.07B Book I 5.5.2.</summary>
internal enum DecimalRounding
{
    NearestEven = 0,
    TowardZero = 1,
    TowardPlusInfinity = 2,
    TowardMinusInfinity = 3,
    NearestAway = 4,
    NearestTowardZero = 5,
    AwayFromZero = 6,

    /// <summary>Truncated; a last digit of 0 or 5 is incremented where digits were lost.</summary>
    PrepareForShorter = 7,
}
