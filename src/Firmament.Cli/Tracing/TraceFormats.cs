using System.Globalization;
using System.Text;
using System.Text.Json;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing;

/// <summary>One event as a line, in UTF-8.</summary>
internal static class TraceFormats
{
    /// <summary><c>0.000123456 firmware client-interface getprop phandle=0x1 name="reg"</c></summary>
    public static byte[] Text(TraceEvent e)
    {
        StringBuilder line = new(128);
        line.Append(CultureInfo.InvariantCulture, $"{e.Time.Nanoseconds / 1_000_000_000}.{e.Time.Nanoseconds % 1_000_000_000:d9} ");
        line.Append(Name(e.Category)).Append(' ').Append(e.Source).Append(' ').Append(OneLine(e.Name));
        foreach (KeyValuePair<string, string> field in e.Fields)
        {
            line.Append(' ').Append(field.Key).Append('=').Append(OneLine(field.Value));
        }

        return Encoding.UTF8.GetBytes(line.Append('\n').ToString());
    }

    /// <summary><c>{"time":123456,"category":"firmware","source":"client-interface","name":"getprop","fields":{"phandle":"0x1"}}</c>; time in nanoseconds.</summary>
    public static byte[] Json(TraceEvent e)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("time", e.Time.Nanoseconds);
            writer.WriteString("category", Name(e.Category));
            writer.WriteString("source", e.Source);
            writer.WriteString("name", e.Name);
            writer.WriteStartObject("fields");
            foreach (KeyValuePair<string, string> field in e.Fields)
            {
                writer.WriteString(field.Key, field.Value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static string Name(TraceCategory category) => category switch
    {
        TraceCategory.Firmware => "firmware",
        TraceCategory.GuestErrors => "guest-errors",
        TraceCategory.Devices => "devices",
        TraceCategory.Exceptions => "exceptions",
        _ => "other",
    };

    // A guest chooses some of these texts; a line stays one line and harmless to a terminal.
    private static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        StringBuilder clean = new(text.Length + 8);
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }
}
