using System.Diagnostics;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>The real clock, and real waiting.</summary>
internal sealed class HostClock : IHostClock, IDisposable
{
    private readonly AutoResetEvent _wake = new(false);

    /// <inheritdoc/>
    public long MonotonicNanoseconds => (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);

    /// <inheritdoc/>
    public void Wait(long nanoseconds)
    {
        if (nanoseconds < 0)
        {
            _wake.WaitOne();
        }
        else
        {
            long milliseconds = Math.Min((nanoseconds + 999_999) / 1_000_000, int.MaxValue);
            _wake.WaitOne((int)milliseconds);
        }
    }

    /// <inheritdoc/>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
