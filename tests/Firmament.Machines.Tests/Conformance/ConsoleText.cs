using System.Diagnostics;
using System.Text;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>Lines that another process printed, and how long ago the last was.</summary>
internal sealed class ConsoleText
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>How long nothing has come.</summary>
    public TimeSpan Quiet
    {
        get
        {
            lock (_lock)
            {
                return Stopwatch.GetElapsedTime(_last);
            }
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string? line)
    {
        lock (_lock)
        {
            _text.Append(line).Append('\n');
            _last = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>True when the text is there.</summary>
    public bool Has(string text) => ToString().Contains(text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }
}
