using System.Buffers.Binary;

namespace Firmament.Machines.Tests.Support;

/// <summary>Writes ELF executables, well formed unless a test breaks them.</summary>
internal sealed class ElfBuilder
{
    private readonly List<(uint Type, uint Virtual, uint Physical, byte[] Bytes, uint MemorySize)> _segments = [];

    public bool Is64Bit { get; set; }

    public bool IsLittleEndian { get; set; }

    public ushort Machine { get; set; } = 20;

    public ushort Type { get; set; } = 2;

    public uint Entry { get; set; }

    public ElfBuilder Load(uint virtualAddress, uint physicalAddress, byte[] bytes, uint? memorySize = null)
    {
        _segments.Add((1, virtualAddress, physicalAddress, bytes, memorySize ?? (uint)bytes.Length));
        return this;
    }

    public ElfBuilder Note(string name, uint type, byte[] data)
    {
        byte[] nameBytes = System.Text.Encoding.Latin1.GetBytes(name + "\0");
        byte[] note = new byte[12 + ((nameBytes.Length + 3) & ~3) + ((data.Length + 3) & ~3)];
        Put32(note, 0, (uint)nameBytes.Length);
        Put32(note, 4, (uint)data.Length);
        Put32(note, 8, type);
        nameBytes.CopyTo(note, 12);
        data.CopyTo(note, 12 + ((nameBytes.Length + 3) & ~3));
        _segments.Add((4, 0, 0, note, 0));
        return this;
    }

    public byte[] Build()
    {
        (int header, int entry) = Is64Bit ? (64, 56) : (52, 32);
        int at = header + (entry * _segments.Count);
        byte[] file = new byte[at + _segments.Sum(static s => s.Bytes.Length)];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(Is64Bit ? 2 : 1), (byte)(IsLittleEndian ? 1 : 2), 1 }.CopyTo(file, 0);
        Put16(file, 16, Type);
        Put16(file, 18, Machine);
        Put32(file, 20, 1);
        PutWord(file, 24, Entry);
        PutWord(file, Is64Bit ? 32 : 28, (uint)header);
        Put16(file, Is64Bit ? 54 : 42, (ushort)entry);
        Put16(file, Is64Bit ? 56 : 44, (ushort)_segments.Count);
        for (int i = 0; i < _segments.Count; i++)
        {
            (uint type, uint virtualAddress, uint physicalAddress, byte[] bytes, uint memorySize) = _segments[i];
            int p = header + (entry * i);
            Put32(file, p, type);
            int word = Is64Bit ? 8 : 4;
            int offset = Is64Bit ? 8 : 4;
            PutWord(file, p + offset, (uint)at);
            PutWord(file, p + offset + word, virtualAddress);
            PutWord(file, p + offset + (2 * word), physicalAddress);
            PutWord(file, p + offset + (3 * word), (uint)bytes.Length);
            PutWord(file, p + offset + (4 * word), memorySize);
            bytes.CopyTo(file, at);
            at += bytes.Length;
        }

        return file;
    }

    private void Put16(byte[] file, int at, ushort value)
    {
        if (IsLittleEndian)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), value);
        }
    }

    private void Put32(byte[] file, int at, uint value)
    {
        if (IsLittleEndian)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
        }
    }

    private void PutWord(byte[] file, int at, uint value)
    {
        if (!Is64Bit)
        {
            Put32(file, at, value);
        }
        else if (IsLittleEndian)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(at), value);
        }
    }
}
