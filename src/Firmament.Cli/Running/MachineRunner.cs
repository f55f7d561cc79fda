using System.Collections.Concurrent;
using Firmament.Cli.Options;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>
/// Runs a machine on the calling thread until something ends the run: the guest, the awaited text, the timeout, a signal, the monitor. Other threads
/// hand it work, which it does between slices while the machine stands still.
/// </summary>
internal sealed class MachineRunner
{
    private readonly RunPlan _plan;
    private readonly ConcurrentQueue<Action<IMachine>> _work = new();
    private readonly WakeUp _wake = new();
    private IMachine? _machine;
    private RunEnd? _end;
    private bool _paused;
    private bool _over;

    public MachineRunner(RunPlan plan)
    {
        _plan = plan;
        _paused = plan.StartPaused;
    }

    /// <summary>For `info status`.</summary>
    public string Status => _over ? "shutdown" : _paused ? "paused" : "running";

    /// <summary>Ends the run; the first call decides. Any thread.</summary>
    public void End(RunEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        Interrupt();
    }

    /// <summary>Does <paramref name="work"/> on the machine's thread, between slices. Any thread.</summary>
    public void Post(Action<IMachine> work)
    {
        _work.Enqueue(work);
        Interrupt();
    }

    /// <summary>Stops the guest until <see cref="Continue"/>. On the machine's thread (from posted work).</summary>
    public void Pause() => _paused = true;

    /// <summary>Lets the guest go on. On the machine's thread.</summary>
    /// <returns>False when it has powered off and must be reset first.</returns>
    public bool Continue()
    {
        if (_over)
        {
            return false;
        }

        _paused = false;
        return true;
    }

    /// <summary>Resets the machine. On the machine's thread.</summary>
    public void Reset(IMachine machine)
    {
        if (_plan.Configuration.NoReboot)
        {
            End(new(ExitCodes.Success));
            return;
        }

        machine.Reset();
        _over = false;
    }

    /// <summary>Runs until the end.</summary>
    public RunEnd Run(IMachine machine)
    {
        Volatile.Write(ref _machine, machine);
        try
        {
            return RunToEnd(machine);
        }
        finally
        {
            Volatile.Write(ref _machine, null);
        }
    }

    private RunEnd RunToEnd(IMachine machine)
    {
        while (true)
        {
            while (Volatile.Read(ref _end) == null && _work.TryDequeue(out Action<IMachine>? work))
            {
                work(machine);
            }

            if (Volatile.Read(ref _end) is { } end)
            {
                return end;
            }

            if (_paused)
            {
                _wake.Wait(System.Threading.Timeout.Infinite);
                continue;
            }

            StopResult result = machine.RunUntilStopped();
            if (result.Reason != StopReason.Stopped)
            {
                Decide(result);
            }
        }
    }

    private void Interrupt()
    {
        // Before the first slice there is no machine yet, and the loop looks at the queue first; after the last it is gone.
        Volatile.Read(ref _machine)?.RequestStop();
        _wake.Set();
    }

    private void Decide(StopResult result)
    {
        switch (result.Reason)
        {
            case StopReason.PowerOff when _plan.NoShutdown:
            case StopReason.Panic when _plan.PanicPauses:
                (_paused, _over) = (true, true);
                break;
            case StopReason.Error:
                End(new(ExitCodes.Failure, result.Message ?? "The machine cannot go on."));
                break;
            case StopReason.Panic:
                End(new(_plan.PanicFails || _plan.Until != null ? ExitCodes.Failure : ExitCodes.Success, result.Message ?? "The guest panicked."));
                break;
            default:
                End(_plan.Until == null ? new(result.Reason == StopReason.Exit ? result.ExitCode : ExitCodes.Success, result.Message) : Missed(result));
                break;
        }
    }

    private RunEnd Missed(StopResult result)
    {
        string what = result.Reason switch
        {
            StopReason.PowerOff => "powered off",
            StopReason.Reset => "reset",
            _ => "ended",
        };
        return new(ExitCodes.Failure, $"The guest {what} before its console printed '{_plan.Until}'; look at the console's output, or correct --until.");
    }
}
