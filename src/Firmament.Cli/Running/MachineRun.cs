using System.Diagnostics;
using System.Globalization;
using Firmament.Cli.Network;
using Firmament.Cli.Options;
using Firmament.Cli.Tracing;
using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>One whole run: checks the files, builds the machine, opens the console, runs, and puts everything back.</summary>
internal sealed class MachineRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly CliHost _host;
    private readonly RunPlan _plan;

    public MachineRun(CliHost host, RunPlan plan)
    {
        _host = host;
        _plan = plan;
    }

    /// <summary>Runs and returns the exit code.</summary>
    /// <exception cref="UserErrorException">The machine cannot be built or its files not be used; nothing was written.</exception>
    public int Run()
    {
        long start = Stopwatch.GetTimestamp();
        InputFiles.Check(_plan.Configuration);
        MachineRunner runner = new(_plan);
        using ConsoleWiring wiring = new(_plan, _host, runner);
        Action<RunEnd> stop = cause =>
        {
            _host.Streams.Hurry();
            wiring.Hurry();
            runner.End(cause);
        };
        using SignalWatch? signals = _host.WatchSignals ? new(_host, stop, () => wiring.Stdio?.Attach()) : null;
        using Timer? timeout = StartTimeout(stop);
        using StreamTraceSink trace = new(_plan.TraceFile, _plan.TraceJson, bytes => _host.Streams.WriteError(bytes));
        using RunObservers observers = new(_plan, trace);
        HostClock clock = new();
        bool pidFileWritten = false;
        using IMachine machine = _host.Machines.Create(observers.Configuration, Services(wiring, observers, clock));
        try
        {
            trace.Start();
            observers.Start();
            Greet();
            wiring.Start(machine);
            WritePidFile();
            pidFileWritten = true;
            RunEnd end = runner.Run(machine);
            observers.Finish(machine);
            return Finish(machine, end, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            _host.Streams.Restore();
            if (_plan.PidFile != null && pidFileWritten)
            {
                File.Delete(_plan.PidFile);
            }
        }
    }

    private HostServices Services(ConsoleWiring wiring, RunObservers observers, HostClock clock) => new()
    {
        SerialPorts = wiring.SerialPorts,
        CharacterDevices = wiring.CharacterDevices,
        TraceSink = observers.TraceSink,
        Watcher = observers.Watcher,
        TranslationWatcher = observers.TranslationWatcher,
        HostDisassembler = HostDisassembler.Print,
        OpenNetwork = NetworkOpener.Open,
        Clock = clock,
        Note = _host.Note,
    };

    private Timer? StartTimeout(Action<RunEnd> end)
    {
        if (_plan.Timeout is not { } limit)
        {
            return null;
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"The run took longer than --timeout {limit.TotalSeconds:0.###}; give it more time, or look where the console stopped.");
        bool asked = false;
        return new(_ =>
        {
            if (!asked)
            {
                asked = true;
                end(new(ExitCodes.TimedOut, text));
                return;
            }

            // The machine did not stop when asked: that is a bug of ours, and the user's time limit still holds.
            _host.Streams.Restore();
            _host.ForceExit?.Invoke(ExitCodes.TimedOut);
        }, null, limit, Grace);
    }

    private void Greet()
    {
        foreach (string note in _plan.Notes)
        {
            _host.Note(note);
        }

        if (_host.Streams.IsInputTerminal && !_host.IsQemu && _plan.Console.EscapeCharacter != 0 && _plan.Console.Characters.Any(static c => c.Mux))
        {
            string key = $"Ctrl-{(char)('A' + _plan.Console.EscapeCharacter - 1)}";
            _host.Note($"{key} x ends, {key} h shows more keys.");
        }
    }

    private void WritePidFile()
    {
        if (_plan.PidFile == null)
        {
            return;
        }

        try
        {
            File.WriteAllText(_plan.PidFile, $"{Environment.ProcessId}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{_plan.PidFile}' cannot be written ({e.Message.TrimEnd('.')}); give -pidfile a writable path.", e);
        }
    }

    private int Finish(IMachine machine, RunEnd end, TimeSpan wall)
    {
        _host.Streams.Restore();
        if (end.Message != null)
        {
            _host.Complain(end.Message);
        }

        if (_plan.PrintHash)
        {
            _host.PrintError($"state hash {machine.StateHash()}");
        }

        if (_plan.Statistics)
        {
            _host.PrintError(StatisticsText.End(machine.Statistics, machine.EngineStatistics, wall, Environment.WorkingSet).TrimEnd('\n'));
        }

        return end.ExitCode;
    }
}
