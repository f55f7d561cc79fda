using System.Globalization;
using System.Text;
using Firmament.Core.Tracing;

namespace Firmament.Firmware;

/// <summary>Writes calls decoded: arguments by name, strings, handles with their paths, property values in short, the caller's PC.</summary>
internal sealed class CallTracer(Tracer tracer, string source, Func<ServiceParameterKind, uint, string?> nameOfHandle)
{
    private const int LongestText = 160;
    private const int MostBytes = 32;
    private const int MostOpenCells = 12;

    /// <summary>True when calls are wanted; nothing else may be called unless it is.</summary>
    public bool IsEnabled => tracer.IsEnabled(TraceCategory.Firmware);

    /// <summary>The arguments, decoded before the service runs and may change what they point at.</summary>
    public List<KeyValuePair<string, string>> Arguments(ServiceSignature? signature, CallBlock call)
    {
        List<KeyValuePair<string, string>> fields = [];
        for (int i = 0; i < call.ArgumentCount && i < MostOpenCells; i++)
        {
            ServiceParameter parameter = signature != null && i < signature.Arguments.Count
                ? signature.Arguments[i]
                : new ServiceParameter(ServiceParameterKind.Cell, $"arg{i + 1}");
            fields.Add(new(parameter.Name, Show(parameter.Kind, call, i)));
        }

        return fields;
    }

    /// <summary>Says that a service begins, and with which arguments.</summary>
    public void Begin(string service, List<KeyValuePair<string, string>> fields) => tracer.Begin(TraceCategory.Firmware, source, service, fields);

    /// <summary>Adds results and the caller, and writes the event.</summary>
    public void Write(string service, ServiceSignature signature, CallBlock call, List<KeyValuePair<string, string>> fields)
    {
        for (int i = 0; i < call.ResultCount && i < MostOpenCells; i++)
        {
            bool known = i < signature.Results.Count;
            if (!known && signature.MostResults == signature.Results.Count)
            {
                break;
            }

            ServiceParameter parameter = known ? signature.Results[i] : new ServiceParameter(ServiceParameterKind.Cell, $"result{i + 1}");
            fields.Add(new(parameter.Name, ShowNumber(parameter.Kind, call.Results[i])));
        }

        AddBuffer(signature, call, fields);
        Write(service, call, fields);
    }

    /// <summary>Writes a call that was refused.</summary>
    public void WriteRefused(string service, string reason, CallBlock call, List<KeyValuePair<string, string>> fields)
    {
        fields.Add(new("refused", reason));
        Write(service, call, fields);
    }

    private void Write(string service, CallBlock call, List<KeyValuePair<string, string>> fields)
    {
        fields.Add(new("pc", $"0x{call.Processor.Lr & 0xffffffff:x8}"));
        tracer.Write(TraceCategory.Firmware, source, service, fields);
    }

    private static void AddBuffer(ServiceSignature signature, CallBlock call, List<KeyValuePair<string, string>> fields)
    {
        for (int i = 0; i < signature.Arguments.Count && i < call.ArgumentCount; i++)
        {
            // A flag result (nextprop) stores a string; a size result stores that many bytes.
            if (signature.Arguments[i].Kind != ServiceParameterKind.Buffer || call.ResultCount == 0 || (int)call.Results[0] <= 0)
            {
                continue;
            }

            bool isSized = i + 1 < signature.Arguments.Count;
            uint size = isSized ? Math.Min(call.Results[0], call[i + 1]) : 0;
            fields.Add(new("value", isSized ? ShowBytes(call.Space, call[i], size) : ShowText(call.Space, call[i])));
        }
    }

    private string Show(ServiceParameterKind kind, CallBlock call, int index) => kind switch
    {
        ServiceParameterKind.Text => ShowText(call.Space, call[index]),
        ServiceParameterKind.Bytes => ShowBytes(call.Space, call[index], call[index + 1]),
        _ => ShowNumber(kind, call[index]),
    };

    private string ShowNumber(ServiceParameterKind kind, uint value)
    {
        string? name = kind is ServiceParameterKind.Phandle or ServiceParameterKind.Ihandle ? nameOfHandle(kind, value) : null;
        string number = kind == ServiceParameterKind.Int ? ((int)value).ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";
        return name == null ? number : $"{number}({Shorten(name)})";
    }

    private static string ShowText(GuestAddressSpace space, uint address)
    {
        if (address == 0)
        {
            return "null";
        }

        Span<byte> buffer = stackalloc byte[LongestText];
        if (space.TryReadString(address, buffer, out ReadOnlySpan<byte> text))
        {
            return Quote(text);
        }

        return space.TryRead(address, buffer) ? Quote(buffer) + "…" : $"0x{address:x}(unreadable)";
    }

    private static string ShowBytes(GuestAddressSpace space, uint address, uint length)
    {
        Span<byte> buffer = stackalloc byte[LongestText];
        buffer = buffer[..(int)Math.Min(length, LongestText)];
        if (!space.TryRead(address, buffer))
        {
            return $"0x{address:x}(unreadable)";
        }

        if (IsText(buffer))
        {
            int end = buffer.Length > 0 && buffer[^1] == 0 ? buffer.Length - 1 : buffer.Length;
            return Quote(buffer[..end]).Replace("\0", "\",\"", StringComparison.Ordinal) + (length > LongestText ? "…" : "");
        }

        Span<byte> shown = buffer[..Math.Min(buffer.Length, MostBytes)];
        StringBuilder text = new("[");
        for (int i = 0; i < shown.Length; i++)
        {
            text.Append(i > 0 && i % 4 == 0 ? " " : "").Append(shown[i].ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.Append(length > shown.Length ? " …]" : "]").ToString();
    }

    /// <summary>Quotes and backslashes in it get a backslash, so that whoever reads a trace knows where the text ends.</summary>
    private static string Quote(ReadOnlySpan<byte> text) =>
        "\"" + Encoding.Latin1.GetString(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        bool previousWasNul = true;
        foreach (byte b in bytes)
        {
            bool isNul = b == 0;
            if ((isNul && previousWasNul) || (!isNul && b is < 0x20 and not ((byte)'\n' or (byte)'\r' or (byte)'\t' or 0x1b)) || b >= 0x7f)
            {
                return false;
            }

            previousWasNul = isNul;
        }

        return bytes.Length > 0;
    }

    private static string Shorten(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
