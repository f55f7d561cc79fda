namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>FPSCR[RN], and the modes that only instructions have.</summary>
internal enum RoundingMode
{
    NearestEven = 0,
    TowardZero = 1,
    TowardPlusInfinity = 2,
    TowardMinusInfinity = 3,
    NearestAway = 4,

    /// <summary>Truncated, and the last bit 1 where bits were lost: a later rounding to fewer bits is then right (ISA 3.0B quad, RO=1).</summary>
    ToOdd = 5,
}
