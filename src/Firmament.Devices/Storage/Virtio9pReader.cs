using System.Buffers.Binary;
using System.Text;

namespace Firmament.Devices.Storage;

/// <summary>Takes the fields of a 9P request one after the other. After one that is not there all are zero, and <see cref="IsMalformed"/> is set.</summary>
internal ref struct Virtio9pReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True when a field was beyond the end.</summary>
    public bool IsMalformed { get; private set; }

    public byte Byte() => Take(1)[0];

    public ushort Short() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint Word() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Long() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A string: its bytes, one in each character.</summary>
    public string Text()
    {
        int length = Short();
        return length == 0 ? "" : Encoding.Latin1.GetString(Bytes(length));
    }

    /// <summary>Bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _rest.Length)
        {
            IsMalformed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ReadOnlySpan<byte> Take(int count) => Bytes(count) is { IsEmpty: false } taken ? taken : "\0\0\0\0\0\0\0\0"u8;
}
