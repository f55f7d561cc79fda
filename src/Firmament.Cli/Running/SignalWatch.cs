using System.Runtime.InteropServices;
using Firmament.Cli.Terminal;

namespace Firmament.Cli.Running;

/// <summary>
/// SIGINT, SIGTERM, SIGHUP and SIGQUIT end the run with exit code 0 (command-line.md section 3); SIGTSTP gives the terminal back before it stops the
/// process, and SIGCONT takes it again.
/// </summary>
internal sealed class SignalWatch : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly CliHost _host;
    private readonly Action<RunEnd> _end;
    private readonly Action _resumed;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Timer? _force;

    /// <param name="host">For the terminal and the last resort.</param>
    /// <param name="end">Ends the run.</param>
    /// <param name="resumed">The process goes on after a stop.</param>
    public SignalWatch(CliHost host, Action<RunEnd> end, Action resumed)
    {
        _host = host;
        _end = end;
        _resumed = resumed;
        Register(PosixSignal.SIGINT, context => Terminate(context, 2));
        Register(PosixSignal.SIGTERM, context => Terminate(context, 15));
        Register(PosixSignal.SIGHUP, context => Terminate(context, 1));
        Register(PosixSignal.SIGQUIT, context => Terminate(context, 3));
        if (!OperatingSystem.IsWindows())
        {
            Register(PosixSignal.SIGTSTP, Suspend);
            Register(PosixSignal.SIGCONT, Resume);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _force?.Dispose();
    }

    private void Register(PosixSignal signal, Action<PosixSignalContext> handler)
        => _registrations.Add(PosixSignalRegistration.Create(signal, handler));

    private void Terminate(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (_force != null)
        {
            // The second signal does not wait for the machine.
            _host.Streams.Restore();
            _host.ForceExit?.Invoke(128 + number);
        }

        _force = new Timer(_ =>
        {
            _host.Streams.Restore();
            _host.ForceExit?.Invoke(ExitCodes.Success);
        }, null, Grace, System.Threading.Timeout.InfiniteTimeSpan);
        _end(new(ExitCodes.Success, $"terminating on signal {number}"));
    }

    private void Resume(PosixSignalContext context)
    {
        // Cancelled, or .NET would put back the attributes it found when it started.
        context.Cancel = true;
        _resumed();
    }

    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        _host.Streams.Restore();
        _ = Libc.Kill(Environment.ProcessId, Libc.SignalStop);
    }
}
