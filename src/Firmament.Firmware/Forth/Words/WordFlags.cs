namespace Firmament.Firmware.Forth.Words;

/// <summary>How the text interpreter treats a word.</summary>
[Flags]
internal enum WordFlags
{
    None = 0,

    /// <summary>Runs while compiling too.</summary>
    Immediate = 1,

    /// <summary>Cannot be used outside a definition.</summary>
    CompileOnly = 2,

    /// <summary>Has an FCode token or is compiled by other words, and cannot be typed.</summary>
    Nameless = 4,
}
