namespace Firmament.PowerPC.Leaf.FloatingPoint;

/// <summary>FPSCR[RN], and the one mode that only frin has.</summary>
internal enum RoundingMode
{
    NearestEven = 0,
    TowardZero = 1,
    TowardPlusInfinity = 2,
    TowardMinusInfinity = 3,
    NearestAway = 4,
}
