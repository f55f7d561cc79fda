using System.Collections.Concurrent;
using System.Text;
using Firmament.Cli.Terminal;

namespace Firmament.Cli.Tests.Scripted;

/// <summary>Standard streams in memory. Input ends when the test says so; whoever waits for it waits on a queue.</summary>
internal sealed class MemoryStreams : IStandardStreams, IDisposable
{
    private readonly BlockingCollection<byte[]> _input = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Lock _gate = new();

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsRaw { get; private set; }

    public bool WasRaw { get; private set; }

    public bool IsHurried { get; private set; }

    public bool RawSignals { get; private set; }

    /// <summary>Called with the whole output after each write.</summary>
    public Action<string>? Written { get; set; }

    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    public string Error
    {
        get
        {
            lock (_gate)
            {
                return _error.ToString();
            }
        }
    }

    public void Type(string text) => _input.Add(Encoding.Latin1.GetBytes(text));

    public void EndInput() => _input.CompleteAdding();

    public int Read(Span<byte> buffer)
    {
        if (!_input.TryTake(out byte[]? bytes, Timeout.Infinite))
        {
            return 0;
        }

        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        string all;
        lock (_gate)
        {
            _output.Append(Encoding.UTF8.GetString(bytes));
            all = _output.ToString();
        }

        Written?.Invoke(all);
    }

    public void WriteError(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _error.Append(Encoding.UTF8.GetString(bytes));
        }
    }

    public void Hurry() => IsHurried = true;

    public bool EnterRaw(bool signals)
    {
        (IsRaw, WasRaw, RawSignals) = (true, true, signals);
        return true;
    }

    public void Restore() => IsRaw = false;

    public void Dispose() => _input.CompleteAdding();
}
