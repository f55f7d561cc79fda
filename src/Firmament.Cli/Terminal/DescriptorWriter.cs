using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Firmament.Cli.Terminal;

/// <summary>
/// Writes all bytes to a descriptor by write(2) and waits as long as its reader does, but never inside write(2), so that a program which is to end is
/// not kept by a full pipe or a stopped terminal.
/// </summary>
/// <remarks>
/// poll(2) promises room for PIPE_BUF bytes in a pipe, so no write is larger than that. It promises a terminal no more than one byte; a terminal is
/// opened a second time, without blocking, for the flag belongs to the open file, which the shell shares.
/// </remarks>
internal sealed class DescriptorWriter
{
    private const int Slice = 20;
    private const int PipeBuffer = 4096;
    private readonly int _descriptor;
    private long _deadline = long.MaxValue;

    /// <param name="descriptor">An open descriptor, which stays open.</param>
    public DescriptorWriter(int descriptor)
    {
        int own = OperatingSystem.IsLinux() && Libc.IsTerminal(descriptor) == 1 ? Libc.Open($"/proc/self/fd/{descriptor}", Libc.OpenTerminalOutput, 0) : -1;
        _descriptor = own >= 0 ? own : descriptor;
    }

    /// <summary>From now on, what cannot be written within <paramref name="patience"/> is dropped. Any thread, also during a write; the first call counts.</summary>
    public void Hurry(TimeSpan patience)
        => Interlocked.CompareExchange(ref _deadline, Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency), long.MaxValue);

    /// <summary>Writes at once, unbuffered. A reader that went away is not an error.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length != 0 && WaitForRoom())
        {
            nint count = Libc.Write(_descriptor, bytes, Math.Min(bytes.Length, PipeBuffer));
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
            }
            else if (Marshal.GetLastPInvokeError() is int error && error == Libc.Again)
            {
                Thread.Sleep(1);
            }
            else if (error != Libc.Interrupted)
            {
                return;
            }
        }
    }

    private bool WaitForRoom()
    {
        while (true)
        {
            bool late = Stopwatch.GetTimestamp() >= Volatile.Read(ref _deadline);

            // Anything but "not yet" lets write(2) tell what is the matter.
            if (Libc.Poll(Libc.PollForOutput(_descriptor), 1, late ? 0 : Slice) != 0)
            {
                return true;
            }

            if (late)
            {
                return false;
            }
        }
    }
}
