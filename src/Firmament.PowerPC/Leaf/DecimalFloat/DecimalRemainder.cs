namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>How lost digits relate to half a unit of the last digit kept; in order of size.</summary>
internal enum DecimalRemainder
{
    None,
    BelowHalf,
    Half,
    AboveHalf,
}
