using System.Runtime.InteropServices;

namespace Firmament.Cli.Terminal;

/// <summary>The few POSIX calls that .NET does not offer, or offers only together with its own terminal handling.</summary>
internal static partial class Libc
{
    public const int Interrupted = 4;
    public const int InputOutputError = 5;

    // fcntl.h: O_RDWR | O_NOCTTY | O_NONBLOCK.
    public static readonly int OpenPty = OperatingSystem.IsMacOS() ? 0x2 | 0x20000 | 0x4 : 0x2 | 0x100 | 0x800;
    public static readonly int Again = OperatingSystem.IsMacOS() ? 35 : 11;
    public static readonly int SignalStop = OperatingSystem.IsMacOS() ? 17 : 19;

    // fcntl.h: O_WRONLY | O_NOCTTY | O_NONBLOCK of Linux.
    public const int OpenTerminalOutput = 0x1 | 0x100 | 0x800;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    /// <summary>A pollfd that asks for POLLOUT: the descriptor, then 16 bits of events, then 16 bits of answer.</summary>
    public static byte[] PollForOutput(int descriptor) => [.. BitConverter.GetBytes(descriptor), 4, 0, 0, 0];

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<byte> descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetAttributes(int descriptor, Span<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetAttributes(int descriptor, int action, ReadOnlySpan<byte> termios);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp", SetLastError = true)]
    public static partial int ForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int status);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    public static partial int PseudoTerminalName(int descriptor, Span<byte> name, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
