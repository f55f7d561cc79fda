using System.Runtime.InteropServices;

namespace Firmament.Cli.Terminal;

/// <summary>
/// Descriptors 0, 1 and 2 by read(2) and write(2). System.Console is avoided: it caches terminal attributes of its own and puts those back behind our back.
/// </summary>
internal sealed class PosixStreams : IStandardStreams
{
    private readonly Lock _gate = new();
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
    public void Write(ReadOnlySpan<byte> bytes) => WriteAll(1, bytes);

    /// <inheritdoc/>
    public void WriteError(ReadOnlySpan<byte> bytes) => WriteAll(2, bytes);

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

    private static void WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length != 0)
        {
            nint count = Libc.Write(descriptor, bytes, bytes.Length);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.Again)
            {
                Thread.Sleep(1);
            }
            else if (error != Libc.Interrupted)
            {
                return;
            }
        }
    }
}
