using System.Diagnostics;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>The real clock, and real waiting. A late <see cref="Wake"/> of a reader thread is harmless: there is nothing to dispose.</summary>
internal sealed class HostClock : IHostClock
{
    private readonly WakeUp _wake = new();

    /// <inheritdoc/>
    public long MonotonicNanoseconds => (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);

    /// <inheritdoc/>
    public void Wait(long nanoseconds)
        => _wake.Wait(nanoseconds < 0 ? System.Threading.Timeout.Infinite : (int)Math.Min((nanoseconds + 999_999) / 1_000_000, int.MaxValue));

    /// <inheritdoc/>
    public void Wake() => _wake.Set();
}
