using System.Buffers.Binary;
using System.Text;

namespace Firmament.DeviceTree.Tests;

/// <summary>Puts blobs together token by token, well formed or not.</summary>
internal sealed class BlobBuilder
{
    private readonly List<byte> _structure = [];
    private readonly List<byte> _strings = [];
    private readonly Dictionary<string, int> _names = [];

    public BlobBuilder Word(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _structure.AddRange(bytes);
        return this;
    }

    public BlobBuilder Begin(string name, byte[]? padding = null)
    {
        Word(1);
        _structure.AddRange(Encoding.Latin1.GetBytes(name + "\0"));
        return Pad(padding);
    }

    public BlobBuilder End() => Word(2);

    public BlobBuilder Finish() => Word(9);

    public BlobBuilder Property(string name, byte[] value, byte[]? padding = null) => PropertyAt(Name(name), value, padding);

    public BlobBuilder PropertyAt(int nameOffset, byte[] value, byte[]? padding = null)
    {
        Word(3).Word((uint)value.Length).Word((uint)nameOffset);
        _structure.AddRange(value);
        return Pad(padding);
    }

    public BlobBuilder Raw(params byte[] bytes)
    {
        _structure.AddRange(bytes);
        return this;
    }

    public int Name(string name)
    {
        if (!_names.TryGetValue(name, out int offset))
        {
            offset = _strings.Count;
            _names.Add(name, offset);
            _strings.AddRange(Encoding.Latin1.GetBytes(name + "\0"));
        }

        return offset;
    }

    public byte[] ToBlob(bool stringsFirst = false, int gap = 0, byte gapByte = 0, int unterminate = 0)
    {
        _strings.RemoveRange(_strings.Count - unterminate, unterminate);
        int reservations = (40 + gap + 7) & ~7;
        int first = reservations + 16 + gap;
        int structure = stringsFirst ? (first + _strings.Count + gap + 3) & ~3 : (first + 3) & ~3;
        int strings = stringsFirst ? first : structure + _structure.Count + gap;
        int total = Math.Max(structure + _structure.Count, strings + _strings.Count) + gap;
        byte[] blob = new byte[total];
        Array.Fill(blob, gapByte);
        blob.AsSpan(reservations, 16).Clear();
        uint[] header =
            [0xd00dfeed, (uint)total, (uint)structure, (uint)strings, (uint)reservations, 17, 16, 0, (uint)_strings.Count, (uint)_structure.Count];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(i * 4), header[i]);
        }

        _structure.CopyTo(blob, structure);
        _strings.CopyTo(blob, strings);
        return blob;
    }

    private BlobBuilder Pad(byte[]? padding)
    {
        int needed = -_structure.Count & 3;
        _structure.AddRange(padding ?? new byte[needed]);
        return this;
    }
}
