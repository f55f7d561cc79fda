using System.Buffers;
using System.Text;

namespace Firmament.DeviceTree.Flattened;

/// <summary>The strings block while it is written: every name once, in order of first use, after those a layout brings.</summary>
internal sealed class FdtStrings
{
    private readonly Dictionary<string, int> _offsets;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public FdtStrings(FdtLayout? layout)
    {
        _offsets = layout == null ? new(StringComparer.Ordinal) : new(layout.NameOffsets, StringComparer.Ordinal);
        if (layout != null)
        {
            _bytes.Write(layout.Strings);
        }
    }

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public int OffsetOf(string name)
    {
        if (_offsets.TryGetValue(name, out int known))
        {
            return known;
        }

        if (_bytes.WrittenCount > 0 && _bytes.WrittenSpan[^1] != 0)
        {
            _bytes.Write<byte>([0]);
        }

        int offset = _bytes.WrittenCount;
        _bytes.Write(Encoding.Latin1.GetBytes(name));
        _bytes.Write<byte>([0]);
        _offsets.Add(name, offset);
        return offset;
    }
}
