namespace Firmament.Cli.Running;

/// <summary>Wakes one waiting thread, now or at its next wait. Needs no disposal, so threads that outlive a run may still call it.</summary>
internal sealed class WakeUp
{
    private readonly object _gate = new();
    private bool _set;

    /// <summary>Ends the present or the next <see cref="Wait"/>.</summary>
    public void Set()
    {
        lock (_gate)
        {
            _set = true;
            System.Threading.Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for <see cref="Set"/> or the time, in milliseconds; -1 waits for ever.</summary>
    public void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_set)
            {
                System.Threading.Monitor.Wait(_gate, milliseconds);
            }

            _set = false;
        }
    }
}
