using System.Text;

namespace Firmament.Core.Tracing;

/// <summary>Reads a trace, text or JSON lines, one event after the other and in little memory. It takes what <see cref="TextTraceSink"/> and <see cref="JsonTraceSink"/> write.</summary>
public sealed class TraceReader
{
    /// <summary>No event is that long; a longer line is no trace.</summary>
    private const int MostLineBytes = 1 << 20;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Reads from <paramref name="stream"/>, which stays the caller's to close.</summary>
    public TraceReader(Stream stream) => _stream = stream;

    /// <summary>The line that <see cref="TryRead"/> read last, 1 first.</summary>
    public long Line { get; private set; }

    /// <summary>Lines that were no events and were passed over: a run that was killed leaves half a line, a shared standard error other text.</summary>
    public long Skipped { get; private set; }

    /// <summary>Reads the next event. False at the end.</summary>
    public bool TryRead(out TraceEvent traceEvent)
    {
        while (TryReadLine(out ReadOnlySpan<byte> line))
        {
            Line++;
            line = line.TrimEnd((byte)'\r');
            if (line.IsEmpty)
            {
                continue;
            }

            if (line[0] == (byte)'{' ? JsonTraceFormat.TryParse(line, out traceEvent) : TryParseText(line, out traceEvent))
            {
                return true;
            }

            Skipped++;
        }

        traceEvent = default;
        return false;
    }

    private static bool TryParseText(ReadOnlySpan<byte> line, out TraceEvent traceEvent)
    {
        traceEvent = default;
        // Spares the decoding of what is no trace.
        return line[0] is >= (byte)'0' and <= (byte)'9' && TextTraceFormat.TryParse(Encoding.UTF8.GetString(line), out traceEvent);
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsSpan(_start, searched + length);
                _start += searched + length + 1;
                return true;
            }

            searched = _end - _start;
            if (searched >= MostLineBytes || !Fill())
            {
                line = _buffer.AsSpan(_start, searched);
                _start = _end;
                return searched != 0;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
