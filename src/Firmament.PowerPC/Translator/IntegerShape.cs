namespace Firmament.PowerPC.Translator;

/// <summary>How a conversion to a signed integer leaves its result in doubleword 0.</summary>
internal enum IntegerShape
{
    /// <summary>A word, sign-extended.</summary>
    Word,

    /// <summary>The same word twice.</summary>
    TwoWords,
    Doubleword,
}
