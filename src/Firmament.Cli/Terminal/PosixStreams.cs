using System.Runtime.InteropServices;

namespace Firmament.Cli.Terminal;

/// <summary>
/// Descriptors 0, 1 and 2 by read(2) and write(2). System.Console is avoided: it caches terminal attributes of its own and puts those back behind our back.
/// </summary>
internal sealed class PosixStreams : IStandardStreams
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);
    private readonly Lock _gate = new();
    private readonly DescriptorWriter _output = new(1);
    private readonly DescriptorWriter _error = new(2);
    private TerminalMode? _mode;

    /// <inheritdoc/>
    public bool IsInputTerminal { get; } = Libc.IsTerminal(0) == 1;

    /// <inheritdoc/>
    public bool IsErrorTerminal { get; } = Libc.IsTerminal(2) == 1;

    /// <inheritdoc/>
    public bool IsOutputTerminal { get; } = Libc.IsTerminal(1) == 1;

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            nint count = Libc.Read(0, buffer, buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.Again)
            {
                Thread.Sleep(10);
            }
            else if (error != Libc.Interrupted)
            {
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <inheritdoc/>
    public void WriteError(ReadOnlySpan<byte> bytes) => _error.Write(bytes);

    /// <inheritdoc/>
    public void Hurry()
    {
        _output.Hurry(Patience);
        _error.Hurry(Patience);
    }

    /// <inheritdoc/>
    public bool EnterRaw(bool signals)
    {
        lock (_gate)
        {
            _mode ??= TerminalMode.Open(0, signals);
            return _mode?.EnterRaw() ?? false;
        }
    }

    /// <inheritdoc/>
    public void Restore() => _mode?.Restore();
}
