using System.Buffers.Binary;

namespace Firmament.Volumes;

/// <summary>Fields of a structure on disk, by byte offset. What lies outside reads as zero or as nothing, so no input makes it throw.</summary>
internal readonly ref struct Fields(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Length => Bytes.Length;

    public static implicit operator Fields(ReadOnlySpan<byte> bytes) => new(bytes);

    public static implicit operator Fields(Span<byte> bytes) => new(bytes);

    public static implicit operator Fields(byte[] bytes) => new(bytes);

    public byte U8(int at) => (uint)at < (uint)Bytes.Length ? Bytes[at] : (byte)0;

    public ushort Le16(int at) => BinaryPrimitives.TryReadUInt16LittleEndian(Slice(at), out ushort value) ? value : (ushort)0;

    public uint Le32(int at) => BinaryPrimitives.TryReadUInt32LittleEndian(Slice(at), out uint value) ? value : 0;

    public ulong Le64(int at) => BinaryPrimitives.TryReadUInt64LittleEndian(Slice(at), out ulong value) ? value : 0;

    public ushort Be16(int at) => BinaryPrimitives.TryReadUInt16BigEndian(Slice(at), out ushort value) ? value : (ushort)0;

    public uint Be32(int at) => BinaryPrimitives.TryReadUInt32BigEndian(Slice(at), out uint value) ? value : 0;

    public ulong Be64(int at) => BinaryPrimitives.TryReadUInt64BigEndian(Slice(at), out ulong value) ? value : 0;

    /// <summary>The bytes from <paramref name="at"/> on; nothing when that is outside.</summary>
    public ReadOnlySpan<byte> Slice(int at) => (uint)at <= (uint)Bytes.Length ? Bytes[at..] : default;

    /// <summary>At most <paramref name="length"/> bytes from <paramref name="at"/>: what there is of them.</summary>
    public ReadOnlySpan<byte> Slice(int at, int length)
    {
        ReadOnlySpan<byte> rest = Slice(at);
        return rest[..Math.Clamp(length, 0, rest.Length)];
    }

    /// <summary>Bytes up to the first zero, at most <paramref name="length"/>, without blanks at the end.</summary>
    public ReadOnlySpan<byte> Text(int at, int length)
    {
        ReadOnlySpan<byte> text = Slice(at, length);
        int end = text.IndexOf((byte)0);
        return (end < 0 ? text : text[..end]).TrimEnd((byte)' ');
    }

    public bool Has(int at, ReadOnlySpan<byte> expected) => Slice(at).StartsWith(expected);
}
