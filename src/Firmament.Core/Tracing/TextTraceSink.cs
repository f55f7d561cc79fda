using System.Globalization;
using System.Text;

namespace Firmament.Core.Tracing;

/// <summary>Writes one line of UTF-8 an event: <c>0.001234000 firmware client getprop phandle=0x3(/chosen) name="stdout" size=4</c>.</summary>
/// <remarks>
/// The format is documented in docs/tracing.md. Control characters of guest text are escaped, so that a guest cannot forge lines or drive the terminal.
/// </remarks>
public sealed class TextTraceSink : ITraceSink
{
    private readonly Stream _stream;
    private readonly StringBuilder _line = new();

    /// <summary>Writes to <paramref name="stream"/>, which stays the caller's to flush and close.</summary>
    public TextTraceSink(Stream stream) => _stream = stream;

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _line.Clear();
        long time = traceEvent.Time.Nanoseconds;
        _line.Append(CultureInfo.InvariantCulture, $"{time / 1_000_000_000}.{time % 1_000_000_000:d9} ");
        _line.Append(TraceCategories.NameOf(traceEvent.Category)).Append(' ');
        AppendEscaped(traceEvent.Source);
        _line.Append(' ');
        AppendEscaped(traceEvent.Name);
        foreach (KeyValuePair<string, string> field in traceEvent.Fields)
        {
            _line.Append(' ');
            AppendEscaped(field.Key);
            _line.Append('=');
            AppendEscaped(field.Value);
        }

        _stream.Write(Encoding.UTF8.GetBytes(_line.Append('\n').ToString()));
    }

    private void AppendEscaped(string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029')
            {
                _line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}
