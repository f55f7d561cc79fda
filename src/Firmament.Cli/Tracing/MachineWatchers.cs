using Firmament.Machines.Configuration;

namespace Firmament.Cli.Tracing;

/// <summary>Several watchers as one.</summary>
internal sealed class MachineWatchers(IReadOnlyList<IMachineWatcher> watchers) : IMachineWatcher
{
    /// <summary>None, the only one, or all together.</summary>
    public static IMachineWatcher? Of(params IReadOnlyList<IMachineWatcher?> watchers)
    {
        IMachineWatcher[] there = [.. watchers.OfType<IMachineWatcher>()];
        return there.Length switch { 0 => null, 1 => there[0], _ => new MachineWatchers(there) };
    }

    /// <inheritdoc/>
    public long UntilLook(int processor) => watchers.Min(watcher => watcher.UntilLook(processor));

    /// <inheritdoc/>
    public void TurnEnded(in MachineTurn turn)
    {
        foreach (IMachineWatcher watcher in watchers)
        {
            watcher.TurnEnded(turn);
        }
    }
}
