namespace Firmament.Firmware.Forth.Engine;

/// <summary>What an unfinished control structure left for its end (ANS Forth X3.215 3.2.3.2).</summary>
internal enum ControlKind
{
    /// <summary>A forward branch whose target is missing.</summary>
    Origin,

    /// <summary>The target of a branch back.</summary>
    Destination,

    /// <summary>A counted loop: where its body starts, and where the exit of `?do` is patched, or 0.</summary>
    Loop,

    /// <summary>A `case`: how many `endof` it has.</summary>
    Case,

    /// <summary>An `of`.</summary>
    Of,

    /// <summary>The branch of an `endof`.</summary>
    EndOf,
}
