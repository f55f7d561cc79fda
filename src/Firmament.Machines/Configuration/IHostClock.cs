namespace Firmament.Machines.Configuration;

/// <summary>The host's clock and the host's patience; machine libraries have neither of their own.</summary>
public interface IHostClock
{
    /// <summary>Nanoseconds of a clock that never steps back. Only <see cref="TimeMode.Host"/> asks for it.</summary>
    long MonotonicNanoseconds { get; }

    /// <summary>Blocks the machine's thread until <see cref="Wake"/> was called (since the last return) or the time is over.</summary>
    /// <param name="nanoseconds">At most this long; negative waits for <see cref="Wake"/> alone.</param>
    void Wait(long nanoseconds);

    /// <summary>Ends the present or the next <see cref="Wait"/>; any thread. The machine calls it from InputJournal.Posted and RequestStop.</summary>
    void Wake();
}
