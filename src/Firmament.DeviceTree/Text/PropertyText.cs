using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Firmament.DeviceTree.Text;

/// <summary>
/// Writes a property's value as DTS does. The bytes carry no type, so it is guessed, always alike: the cells of well-known
/// properties are cells; text is NUL-terminated, printable, and at least half of it is not NUL; then whole cells; then bytes.
/// </summary>
public static class PropertyText
{
    private static readonly SearchValues<byte> TextBytes = SearchValues.Create(AllTextBytes());

    /// <summary>The value: <c>"a", "b"</c>, <c>&lt;0x01 0x02&gt;</c> or <c>[00 ff]</c>; "" for an empty one.</summary>
    public static string Format(DeviceProperty property) => Format(property.Name, property.Value.Span);

    /// <summary>As <see cref="Format(DeviceProperty)"/>, cut to about <paramref name="maxBytes"/> bytes of the value, with "…" where cut.</summary>
    public static string FormatShort(string name, ReadOnlySpan<byte> value, int maxBytes)
    {
        if (value.Length <= maxBytes)
        {
            return Format(name, value);
        }

        ReadOnlySpan<byte> head = value[..(maxBytes & ~3)];
        string text = Guess(name, value) switch
        {
            ValueKind.Text => Strings(value[..maxBytes], terminated: false),
            ValueKind.Cells => Cells(head),
            _ => Bytes(head),
        };
        return $"{text}… ({value.Length} bytes)";
    }

    /// <summary>As <see cref="Format(DeviceProperty)"/>.</summary>
    public static string Format(string name, ReadOnlySpan<byte> value) => Guess(name, value) switch
    {
        ValueKind.Empty => "",
        ValueKind.Text => Strings(value, terminated: true),
        ValueKind.Cells => Cells(value),
        _ => Bytes(value),
    };

    private static ValueKind Guess(string name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return ValueKind.Empty;
        }

        bool wholeCells = value.Length % 4 == 0;
        if (wholeCells && IsCellName(name))
        {
            return ValueKind.Cells;
        }

        bool text = value[^1] == 0 && !value.ContainsAnyExcept(TextBytes) && value.Count((byte)0) <= value.Length / 2;
        return text ? ValueKind.Text : wholeCells ? ValueKind.Cells : ValueKind.Bytes;
    }

    // Numbers that may look like text by chance.
    private static bool IsCellName(string name) =>
        name is "reg" or "ranges" or "dma-ranges" or "interrupts" or "interrupt-map" or "interrupt-map-mask" or "interrupt-parent"
            or "phandle" or "linux,phandle" or "clock-frequency" or "timebase-frequency" or "bus-frequency" or "assigned-addresses"
        || name.StartsWith('#');

    private static string Strings(ReadOnlySpan<byte> value, bool terminated)
    {
        StringBuilder text = new("\"");
        ReadOnlySpan<byte> content = terminated ? value[..^1] : value;
        foreach (byte b in content)
        {
            _ = b switch
            {
                0 => text.Append("\", \""),
                (byte)'"' => text.Append("\\\""),
                (byte)'\\' => text.Append("\\\\"),
                (byte)'\a' => text.Append("\\a"),
                (byte)'\b' => text.Append("\\b"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\v' => text.Append("\\v"),
                (byte)'\f' => text.Append("\\f"),
                (byte)'\r' => text.Append("\\r"),
                _ => text.Append((char)b),
            };
        }

        return text.Append('"').ToString();
    }

    private static string Cells(ReadOnlySpan<byte> value)
    {
        StringBuilder text = new("<");
        for (int i = 0; i < value.Length; i += 4)
        {
            text.Append(i == 0 ? "" : " ")
                .Append(CultureInfo.InvariantCulture, $"0x{BinaryPrimitives.ReadUInt32BigEndian(value[i..]):x2}");
        }

        return text.Append('>').ToString();
    }

    private static string Bytes(ReadOnlySpan<byte> value)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < value.Length; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{value[i]:x2}");
        }

        return text.Append(']').ToString();
    }

    private static byte[] AllTextBytes()
    {
        List<byte> bytes = [0, .. "\a\b\t\n\v\f\r"u8];
        for (byte b = 0x20; b < 0x7f; b++)
        {
            bytes.Add(b);
        }

        return [.. bytes];
    }
}
