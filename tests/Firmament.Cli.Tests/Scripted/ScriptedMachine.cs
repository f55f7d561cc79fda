using System.Text;
using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Tests.Scripted;

/// <summary>A machine that plays a list of steps: print, wait for input, echo, power off. It obeys the contract of <see cref="IMachine"/>.</summary>
internal sealed class ScriptedMachine : IMachine
{
    private readonly MachineConfiguration _configuration;
    private readonly HostServices _services;
    private readonly Func<ScriptedMachine, StopResult?>[] _steps;
    private readonly InputJournal _journal = new();
    private readonly InputChannel _console;
    private readonly StringBuilder _received = new();
    private volatile bool _stop;
    private int _step;

    public ScriptedMachine(MachineConfiguration configuration, HostServices services, params Func<ScriptedMachine, StopResult?>[] steps)
    {
        _configuration = configuration;
        _services = services;
        _steps = steps;
        _console = _journal.CreateChannel("serial0", bytes => _received.Append(Encoding.Latin1.GetString(bytes)));
        _journal.Posted = () => services.Clock?.Wake();
    }

    public string Name => _configuration.Machine;

    public string Received => _received.ToString();

    public int Breaks { get; private set; }

    public int Resets { get; private set; }

    public bool IsDisposed { get; private set; }

    public PowerPC.EngineStatistics EngineStatistics => default;

    public MachineStatistics Statistics => new(1_000, 1_000, 2, 3, 5, 0);

    /// <summary>Writes to the first serial port.</summary>
    public static Func<ScriptedMachine, StopResult?> Print(string text) => machine =>
    {
        if (machine._services.SerialPorts.Count != 0)
        {
            machine._services.SerialPorts[0]?.Write(Encoding.UTF8.GetBytes(text));
        }

        machine._step++;
        return null;
    };

    /// <summary>Waits until the console got this text.</summary>
    public static Func<ScriptedMachine, StopResult?> Expect(string text) => machine =>
    {
        if (machine.Received.Contains(text, StringComparison.Ordinal))
        {
            machine._step++;
        }
        else
        {
            machine._services.Clock!.Wait(-1);
        }

        return null;
    };

    /// <summary>Waits for ever.</summary>
    public static StopResult? Idle(ScriptedMachine machine)
    {
        machine._services.Clock!.Wait(-1);
        return null;
    }

    /// <summary>Ends like this each time it runs.</summary>
    public static Func<ScriptedMachine, StopResult?> End(StopReason reason, int code = 0, string? message = null) => _ => new StopResult(reason, code, message);

    public StopResult RunUntilStopped()
    {
        while (true)
        {
            if (_stop)
            {
                _stop = false;
                return new(StopReason.Stopped);
            }

            _journal.Drain();
            if (_steps[_step](this) is { } result)
            {
                return result;
            }
        }
    }

    public void RequestStop()
    {
        _stop = true;
        _services.Clock?.Wake();
    }

    public void Reset()
    {
        Resets++;
        _step = 0;
    }

    public InputChannel? ConsoleInput(int port) => port == 0 ? _console : null;

    public void SendBreak(int port) => Breaks++;

    public string StateHash() => $"{_step:x32}";

    public string RegistersText() => "GPR00 00000000";

    public string? InfoText(string topic) => topic == "mtree" ? "00000000-1fffffff ram" : null;

    public void Dispose() => IsDisposed = true;
}
