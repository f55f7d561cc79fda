namespace Firmament.Core.State;

/// <summary>
/// What a saved state is made of: the signature, records, an end record, and the XXH3-128 of everything before it. Each record is
/// a kind, a name (length in a byte, UTF-8) and what its kind has; numbers are little-endian.
/// </summary>
/// <remarks>Records stand in the order of the visit, so the same name may come again.</remarks>
internal static class StateFormat
{
    /// <summary>Begins a group: version (4 bytes).</summary>
    public const byte Begin = 1;

    /// <summary>Ends the group; the name is empty.</summary>
    public const byte End = 2;

    /// <summary>A value: 8 bytes.</summary>
    public const byte Value = 3;

    /// <summary>A block: length (4 bytes), bytes.</summary>
    public const byte Block = 4;

    /// <summary>RAM: size (8 bytes), then pages that are not zero, each its number (8 bytes) and its bytes; <see cref="NoPage"/> ends them.</summary>
    public const byte Memory = 5;

    /// <summary>Ends the state; the name is empty.</summary>
    public const byte Trailer = 6;

    /// <summary>Ends the pages of RAM.</summary>
    public const ulong NoPage = ulong.MaxValue;

    /// <summary>Bytes of a checksum.</summary>
    public const int ChecksumBytes = 16;

    /// <summary>Longest name in bytes.</summary>
    public const int LongestName = 255;

    /// <summary>The first bytes; the last digit is the format's version.</summary>
    public static ReadOnlySpan<byte> Signature => "firmament-state-1\n"u8;

    /// <summary>A kind, for messages.</summary>
    public static string NameOf(byte kind) => kind switch
    {
        Begin => "group",
        End => "end of a group",
        Value => "value",
        Block => "block",
        Memory => "memory",
        Trailer => "end of the state",
        _ => $"record of kind {kind}",
    };
}
