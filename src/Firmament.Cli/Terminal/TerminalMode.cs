using System.Buffers.Binary;

namespace Firmament.Cli.Terminal;

/// <summary>
/// A terminal's attributes (termios), kept as found and changed to raw and back. POSIX.1-2017 chapter 11; the layout differs between Linux (32-bit
/// flags, 60 bytes) and macOS (64-bit flags, 72 bytes).
/// </summary>
internal sealed class TerminalMode
{
    private const int Now = 0;
    private const int Size = 128;
    private static readonly bool Mac = OperatingSystem.IsMacOS();
    private readonly int _descriptor;
    private readonly byte[] _original;
    private readonly byte[] _raw;
    private readonly Lock _gate = new();

    private TerminalMode(int descriptor, byte[] original, bool signals)
    {
        _descriptor = descriptor;
        _original = original;
        _raw = MakeRaw(original, signals);
    }

    /// <summary>True while the terminal is raw.</summary>
    public bool IsRaw { get; private set; }

    /// <summary>Reads a terminal's attributes; null when the descriptor is no terminal.</summary>
    /// <param name="descriptor">An open file descriptor.</param>
    /// <param name="signals">Raw mode lets Ctrl-C and Ctrl-Z act on this program.</param>
    public static TerminalMode? Open(int descriptor, bool signals)
    {
        byte[] attributes = new byte[Size];
        return Libc.GetAttributes(descriptor, attributes) == 0 ? new(descriptor, attributes, signals) : null;
    }

    /// <summary>Characters go through one by one, without echo. A background process is left alone, for tcsetattr would stop it (SIGTTOU).</summary>
    /// <returns>False when this process does not own the terminal now.</returns>
    public bool EnterRaw()
    {
        lock (_gate)
        {
            if (Libc.ForegroundGroup(_descriptor) is int owner and > 0 && owner != Libc.ProcessGroup())
            {
                return false;
            }

            IsRaw = Libc.SetAttributes(_descriptor, Now, _raw) == 0;
            return IsRaw;
        }
    }

    /// <summary>Puts the attributes back as they were found. Safe to call twice and from any thread.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            if (IsRaw)
            {
                IsRaw = false;
                _ = Libc.SetAttributes(_descriptor, Now, _original);
            }
        }
    }

    // Output processing (OPOST) stays on, so that notes on standard error keep their line ends.
    private static byte[] MakeRaw(byte[] original, bool signals)
    {
        byte[] raw = (byte[])original.Clone();
        const uint InputFlags = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL
        uint flowControl = Mac ? 0x200u : 0x400u; // IXON
        Clear(raw, 0, InputFlags | flowControl);
        uint echo = Mac ? 0x8u | 0x10u : 0x8u | 0x40u; // ECHO ECHONL
        uint lines = Mac ? 0x100u | 0x400u : 0x2u | 0x8000u; // ICANON IEXTEN
        uint signal = signals ? 0u : Mac ? 0x80u : 0x1u; // ISIG
        Clear(raw, 3, echo | lines | signal);
        (int minimum, int time) = Mac ? (32 + 16, 32 + 17) : (17 + 6, 17 + 5); // c_cc[VMIN], c_cc[VTIME]
        raw[minimum] = 1;
        raw[time] = 0;
        return raw;
    }

    private static void Clear(byte[] attributes, int field, uint bits)
    {
        // Both supported systems are little-endian; the upper half of macOS's 64-bit flags is unused.
        Span<byte> at = attributes.AsSpan(field * (Mac ? 8 : 4), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(at, BinaryPrimitives.ReadUInt32LittleEndian(at) & ~bits);
    }
}
