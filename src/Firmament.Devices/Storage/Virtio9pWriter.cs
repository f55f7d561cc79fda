using System.Buffers.Binary;
using System.Text;
using Firmament.Core.Backends;

namespace Firmament.Devices.Storage;

/// <summary>Puts the fields of a 9P answer one after the other. What does not fit is left out, and <see cref="IsFull"/> is set.</summary>
internal ref struct Virtio9pWriter(Span<byte> bytes)
{
    public const int HeaderLength = 7;

    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that still fit.</summary>
    public readonly int Room => _bytes.Length - Length;

    /// <summary>True when a field did not fit.</summary>
    public bool IsFull { get; private set; }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Short(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Word(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Long(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Text(string value)
    {
        Short((ushort)value.Length);
        if (value.Length > Room)
        {
            IsFull = true;
            return;
        }

        Length += Encoding.Latin1.GetBytes(value, _bytes[Length..]);
    }

    /// <summary>A file's identity: kind, version, number.</summary>
    public void Qid(in FileStatus status)
    {
        const byte Directory = 0x80;
        const byte SymbolicLink = 0x02;
        Byte(status.IsDirectory ? Directory : status.IsSymbolicLink ? SymbolicLink : (byte)0);
        Word((uint)(status.ModifyTime.Seconds ^ (status.ModifyTime.Nanoseconds << 2) ^ (long)(status.Size << 8)));
        Long(status.Inode);
    }

    /// <summary>Room for bytes that the caller fills, as many as fit.</summary>
    public readonly Span<byte> Rest => _bytes[Length..];

    /// <summary>Counts bytes written to <see cref="Rest"/>.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Begins anew after the header.</summary>
    public void Restart()
    {
        Length = HeaderLength;
        IsFull = false;
    }

    /// <summary>Writes the header over the first bytes.</summary>
    public readonly void Header(byte type, ushort tag)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, Length);
        _bytes[4] = type;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes[5..], tag);
    }

    private Span<byte> Take(int count)
    {
        if (count > Room)
        {
            IsFull = true;
            return new byte[8];
        }

        Span<byte> taken = _bytes.Slice(Length, count);
        Length += count;
        return taken;
    }
}
