using System.Buffers.Binary;
using Firmament.Core;

namespace Firmament.Machines.Loading;

/// <summary>Bounded reads from the file, in its byte order.</summary>
internal sealed class ElfReader(string name, ReadOnlyMemory<byte> file)
{
    public bool IsLittleEndian { get; set; }

    public bool Is64Bit { get; set; }

    public ulong Length => (ulong)file.Length;

    public bool TryRead(ulong offset, int length, out ReadOnlySpan<byte> bytes)
    {
        bool ok = offset <= Length && (ulong)length <= Length - offset;
        bytes = ok ? file.Span.Slice((int)offset, length) : default;
        return ok;
    }

    public ReadOnlySpan<byte> Read(ulong offset, int length, string what) =>
        TryRead(offset, length, out ReadOnlySpan<byte> bytes)
            ? bytes
            : throw new UserErrorException($"'{name}' is truncated: it has {Length} bytes, and {what} would end beyond them; copy it again.");

    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    public ulong Word(ReadOnlySpan<byte> bytes) => !Is64Bit ? UInt32(bytes)
        : IsLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
