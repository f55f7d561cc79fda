namespace Firmament.PowerPC.Translator;

/// <summary>Sixteen-byte constants that generated code refers to; they stand beside the stubs.</summary>
internal enum VectorConstant
{
    /// <summary>Shuffle: all bytes in the other order. As numbers, 15 down to 0.</summary>
    ReverseBytes,

    /// <summary>Shuffle: halfwords in the other order, their bytes as they are.</summary>
    ReverseHalfwords,

    /// <summary>Shuffle: the bytes of each halfword in the other order.</summary>
    SwapHalfwords,

    /// <summary>Shuffle: the bytes of each word in the other order.</summary>
    SwapWords,

    /// <summary>Shuffle: the bytes of each doubleword in the other order.</summary>
    SwapDoublewords,

    /// <summary>Bytes 0 to 15.</summary>
    Ascending,

    /// <summary>Bytes 0x70 to 0x7f: a shuffle takes their low four bits until something carries them to 0x80.</summary>
    AscendingFrom70,

    /// <summary>Bytes 31 down to 16.</summary>
    DescendingFrom31,

    /// <summary>2^n by n mod 8.</summary>
    Powers,

    /// <summary>2^(7 - n) by n mod 8.</summary>
    ReversedPowers,

    /// <summary>Ones in a nibble.</summary>
    Ones,

    Bytes01,
    Bytes07,
    Bytes0f,
    Bytes10,
    Bytes1f,
    Bytes70,
    Bytes78,
    Halfwords0001,
    Halfwords000f,
    Halfwords007f,
    Halfwords00ff,
    Halfwordsff00,
    Halfwordsff80,
    Words00000001,
    Words0000001f,
    Words00007fff,
    Words0000ffff,
    Wordsffff0000,
    Wordsffff8000,
    Words7fffffff,
    Words80000000,
    Doublewords3f,
    Doublewords40,
    DoublewordsSign,
    DoublewordsMagnitude,
}
