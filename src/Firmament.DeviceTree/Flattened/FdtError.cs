namespace Firmament.DeviceTree.Flattened;

/// <summary>Why a blob is not a well-formed flattened device tree of version 17.</summary>
public enum FdtError
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The bytes end before the header or before the size the header states.</summary>
    Truncated,

    /// <summary>The first word is not 0xd00dfeed.</summary>
    BadMagic,

    /// <summary>The format is older than version 17, or needs a reader of a later one.</summary>
    BadVersion,

    /// <summary>The stated size is smaller than the header.</summary>
    BadTotalSize,

    /// <summary>Bytes follow the blob, or follow the end token in the structure block.</summary>
    TrailingData,

    /// <summary>A block is not inside the blob, or starts inside the header.</summary>
    BlockOutOfRange,

    /// <summary>A block does not start at its alignment, or the structure block is not a multiple of 4 bytes.</summary>
    Misaligned,

    /// <summary>Two blocks share bytes.</summary>
    BlocksOverlap,

    /// <summary>The memory reservation block has no entry of zeros at its end.</summary>
    UnterminatedReservations,

    /// <summary>A name has no NUL before its block ends.</summary>
    UnterminatedString,

    /// <summary>A word of the structure block is no token.</summary>
    UnknownToken,

    /// <summary>The structure block ends without the end token.</summary>
    MissingEnd,

    /// <summary>Begin and end of nodes do not pair, or there is not exactly one root.</summary>
    UnbalancedNodes,

    /// <summary>Nodes are nested deeper than <see cref="DeviceTree.MaxDepth"/> levels.</summary>
    TooDeep,

    /// <summary>A node's name is empty or has a "/", or the root's is not empty.</summary>
    BadNodeName,

    /// <summary>A property stands before the first or after the last node.</summary>
    PropertyOutsideNode,

    /// <summary>A property follows a child of its node.</summary>
    PropertyAfterChild,

    /// <summary>A property's value runs past the structure block.</summary>
    ValueOutOfRange,

    /// <summary>A property's name is outside the strings block, empty, or longer than 255 characters.</summary>
    BadPropertyName,

    /// <summary>A node has two properties of one name.</summary>
    DuplicateProperty,

    /// <summary>A phandle property is not one cell, is 0 or 0xffffffff, or the two spellings in a node differ.</summary>
    BadPhandle,

    /// <summary>Two nodes have the same phandle.</summary>
    DuplicatePhandle,
}
