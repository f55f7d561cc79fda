namespace Firmament.PowerPC.Semantics;

/// <summary>What a vector-scalar load or store moves. Scalars use doubleword 0; a load clears doubleword 1.</summary>
internal enum VsrLoad
{
    /// <summary>lxvx, lxv: sixteen bytes as one number.</summary>
    Quadword,

    /// <summary>lxvd2x.</summary>
    TwoDoublewords,

    /// <summary>lxvw4x.</summary>
    FourWords,

    /// <summary>lxvh8x.</summary>
    EightHalfwords,

    /// <summary>lxvb16x.</summary>
    SixteenBytes,

    /// <summary>lxvdsx.</summary>
    DoublewordSplat,

    /// <summary>lxvwsx.</summary>
    WordSplat,

    /// <summary>lxsdx, lxsd.</summary>
    Doubleword,

    /// <summary>lxsspx, lxssp: single format in storage, double in the register.</summary>
    Single,

    /// <summary>lxsiwax.</summary>
    WordAlgebraic,

    /// <summary>lxsiwzx.</summary>
    Word,

    /// <summary>lxsihzx.</summary>
    Halfword,

    /// <summary>lxsibzx.</summary>
    Byte,
}
