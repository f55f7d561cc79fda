namespace Firmament.PowerPC.Translator;

/// <summary>What a floating-point move does to the sign.</summary>
internal enum FloatMove
{
    Copy,
    Negate,
    Absolute,
    NegativeAbsolute,

    /// <summary>The sign of FRA with the rest of FRB.</summary>
    CopySign,
}
