using System.Buffers.Binary;

namespace Firmament.Volumes.Tests;

/// <summary>An image made byte by byte.</summary>
internal sealed class ImageBuilder(int length)
{
    public byte[] Bytes { get; } = new byte[length];

    public MemorySource Source => new(Bytes);

    public ImageBuilder Put(int at, params ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Bytes.AsSpan(at));
        return this;
    }

    public ImageBuilder Text(int at, string text) => Put(at, System.Text.Encoding.Latin1.GetBytes(text));

    public ImageBuilder Le16(int at, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(at), (ushort)value);
        return this;
    }

    public ImageBuilder Le32(int at, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), (uint)value);
        return this;
    }

    public ImageBuilder Le64(int at, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(at), value);
        return this;
    }

    public ImageBuilder Be16(int at, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Bytes.AsSpan(at), (ushort)value);
        return this;
    }

    public ImageBuilder Be32(int at, long value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(at), (uint)value);
        return this;
    }

    public ImageBuilder Be64(int at, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Bytes.AsSpan(at), value);
        return this;
    }
}
