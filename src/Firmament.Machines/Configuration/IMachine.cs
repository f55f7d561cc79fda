using Firmament.Core.Replay;

namespace Firmament.Machines.Configuration;

/// <summary>A machine that was built and stands at power-on. One thread runs it; only <see cref="RequestStop"/> and posting input may come from others.</summary>
public interface IMachine : IDisposable
{
    /// <summary>"pegasos2".</summary>
    string Name { get; }

    /// <summary>
    /// Runs until something ends the run. Clears an earlier stop request only by honouring it: a request made before the call ends the call at once.
    /// After <see cref="StopReason.Stopped"/> it may be called again and goes on exactly where it was.
    /// </summary>
    StopResult RunUntilStopped();

    /// <summary>
    /// Asks the run to end soon with <see cref="StopReason.Stopped"/>; any thread, any time. From the machine's own thread (a serial
    /// backend's Write) the run ends before the next slice, at the same instruction in each run.
    /// </summary>
    void RequestStop();

    /// <summary>Back to power-on, as the guest's reset does it. Not while it runs.</summary>
    void Reset();

    /// <summary>The input of serial port <paramref name="port"/>, or null when the board has no such port. Bytes posted arrive in order.</summary>
    InputChannel? ConsoleInput(int port);

    /// <summary>The input of the console that a device names with chardev=<paramref name="id"/> (virtconsole), or null when none does.</summary>
    InputChannel? CharacterInput(string id) => null;

    /// <summary>Tells serial port <paramref name="port"/> that a break condition arrived (Ctrl-A b). Not while it runs.</summary>
    void SendBreak(int port);

    /// <summary>
    /// Gives all CPUs a non-maskable interrupt, a system reset, by which a guest that hangs shows where it is (the monitor's nmi). Not while it runs.
    /// </summary>
    /// <returns>False when the machine has none.</returns>
    bool TryInterruptAll() => false;

    /// <summary>The hash of the whole state, 32 lower-case hex digits. Not while it runs.</summary>
    string StateHash();

    /// <summary>The CPU's registers as text, several lines. Not while it runs.</summary>
    string RegistersText();

    /// <summary>What <c>info <paramref name="topic"/></c> prints ("mtree", "qtree", "pci", "tlb", "pic", "cpus"), or null when it has no such topic. Not while it runs.</summary>
    string? InfoText(string topic);

    /// <summary>What the first display card shows, as a portable pixmap (PPM); null where there is none, or it is dark. Not while it runs.</summary>
    byte[]? ScreenDump() => null;

    /// <summary>Counters so far.</summary>
    MachineStatistics Statistics { get; }

    /// <summary>What the engine did.</summary>
    Firmament.PowerPC.EngineStatistics EngineStatistics { get; }
}
