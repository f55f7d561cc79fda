namespace Firmament.Machines.Configuration;

/// <summary>
/// Looks at a machine between its CPUs' turns: a profiler, a time line. Called on the machine's thread. It may read and must change nothing, so that a
/// run's results are the same with and without it.
/// </summary>
public interface IMachineWatcher
{
    /// <summary>
    /// How many instructions the CPU may execute at most before the watcher looks again. Kept exactly by machines of one CPU; with several, a turn's
    /// length decides what one CPU sees of another, and stays.
    /// </summary>
    /// <param name="processor">The CPU's index.</param>
    long UntilLook(int processor) => long.MaxValue;

    /// <summary>A CPU's turn is over.</summary>
    void TurnEnded(in MachineTurn turn);
}
