using System.Text;

namespace Firmament.Core.Tracing;

/// <summary>Writes one line an event: <c>[0.001234000s] client getprop phandle=/chosen name="stdout" size=4</c>.</summary>
/// <remarks>Control characters of guest text are escaped, so that a guest cannot forge lines or drive the terminal.</remarks>
public sealed class TextTraceSink : ITraceSink
{
    private readonly TextWriter _writer;
    private readonly StringBuilder _line = new();

    /// <summary>Writes to <paramref name="writer"/>, which stays the caller's to flush and close.</summary>
    public TextTraceSink(TextWriter writer) => _writer = writer;

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        _line.Clear();
        _line.Append('[').Append(traceEvent.Time.ToString()).Append("] ");
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

        _line.Append('\n');
        _writer.Write(_line);
    }

    private void AppendEscaped(string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029')
            {
                _line.Append("\\x").Append(((int)c).ToString("x2"));
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}
