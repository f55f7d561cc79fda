using System.Runtime.InteropServices;
using System.Text;
using Firmament.Cli.Terminal;
using Firmament.Core;

namespace Firmament.Cli.Characters;

/// <summary>A new pseudo-terminal; its name is told on standard error in QEMU's words, which harnesses look for.</summary>
internal sealed class PtyCharacter : HostCharacter
{
    private readonly Action<string> _tell;
    private string _name = "";
    private int _descriptor = -1;
    private volatile bool _disposed;

    public PtyCharacter(string id, Action<string> tell)
        : base(id) => _tell = tell;

    /// <inheritdoc/>
    public override string Description => $"pty:{_name}";

    /// <inheritdoc/>
    public override void Dispose() => _disposed = true;

    /// <inheritdoc/>
    protected override void Open()
    {
        byte[] name = new byte[128];
        _descriptor = Libc.OpenPseudoTerminal(Libc.OpenPty);
        if (_descriptor < 0 || Libc.GrantPseudoTerminal(_descriptor) != 0 || Libc.UnlockPseudoTerminal(_descriptor) != 0
            || Libc.PseudoTerminalName(_descriptor, name, name.Length) != 0)
        {
            throw new UserErrorException("The host gives no pseudo-terminal; give -serial unix:PATH,server=on instead.");
        }

        TerminalMode.Open(_descriptor, signals: false)?.EnterRaw();
        _name = Encoding.UTF8.GetString(name, 0, Array.IndexOf(name, (byte)0));
        _tell($"char device redirected to {_name} (label {Id})");
        StartThread($"pty {Id}", ReadUntilDisposed);
    }

    /// <inheritdoc/>
    protected override void Send(ReadOnlySpan<byte> bytes)
    {
        // Non-blocking: with nobody at the other end the buffer fills, and the rest is dropped.
        while (bytes.Length != 0)
        {
            nint count = Libc.Write(_descriptor, bytes, bytes.Length);
            if (count <= 0)
            {
                return;
            }

            bytes = bytes[(int)count..];
        }
    }

    private void ReadUntilDisposed()
    {
        byte[] buffer = new byte[4096];
        while (!_disposed)
        {
            nint count = Libc.Read(_descriptor, buffer, buffer.Length);
            if (count > 0)
            {
                Received?.Invoke(buffer[..(int)count]);
            }
            else if (count < 0 && Marshal.GetLastPInvokeError() is int error && error != Libc.Again && error is not (Libc.Interrupted or Libc.InputOutputError))
            {
                break;
            }
            else
            {
                // EIO says that nobody has the other end open yet.
                Thread.Sleep(20);
            }
        }

        _ = Libc.Close(_descriptor);
    }
}
