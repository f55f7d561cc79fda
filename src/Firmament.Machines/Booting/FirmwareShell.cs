using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Forth.Prompt;
using Firmament.PowerPC;

namespace Firmament.Machines.Booting;

/// <summary>
/// What the machine does while no client runs: the startup script, `boot`, the prompt. The CPU runs a loop of calls of <see cref="Run"/>, so that
/// time passes, keys arrive, and a run can be stopped or saved, between any two of them.
/// </summary>
internal sealed class FirmwareShell : IFirmwareShell, IStateful
{
    /// <summary>Forth steps in one call; a step counts as a nanosecond.</summary>
    private const int StepsInCall = 100_000;

    private readonly OpenFirmware _firmware;
    private readonly ShellConsole _console;
    private readonly UserInterface _user;
    private readonly BootCommands _boot;

    /// <summary>Makes the shell of a firmware that is installed.</summary>
    /// <param name="firmware">The firmware.</param>
    /// <param name="boot">What `boot` does.</param>
    public FirmwareShell(OpenFirmware firmware, BootCommands boot)
    {
        _firmware = firmware;
        _boot = boot;
        _console = new ShellConsole(firmware.Platform.Console);
        _user = new UserInterface(firmware, _console);
    }

    /// <summary>True when the machine started without a client of the user's, so that one that exits leaves the user at the prompt.</summary>
    public bool IsHome { get; private set; }

    /// <summary>Begins with a startup script, before the CPU first calls <see cref="Run"/>.</summary>
    /// <param name="processor">The CPU that boots.</param>
    /// <param name="line">What to do first, in place of what the configuration variables say; null for those.</param>
    public void Start(IProcessor processor, string? line)
    {
        IsHome = true;
        _user.Start(line);
        _firmware.CreateShellState().ApplyTo(processor);
    }

    /// <inheritdoc/>
    public void Run(IProcessor processor)
    {
        switch (_user.Step(StepsInCall))
        {
            case UserInterfaceState.Waiting when _user.WakeTime is { } wake:
                _ = _firmware.Platform.Wait(wake - _firmware.Platform.Now is { Nanoseconds: > 0 } rest ? rest : VirtualTime.Zero);
                break;
            case UserInterfaceState.Waiting:
                _firmware.Platform.AwaitInput(_console.TakeProgress());
                break;
            case UserInterfaceState.Running:
                _ = _firmware.Platform.Wait(new VirtualTime(StepsInCall));
                break;
        }
    }

    /// <inheritdoc/>
    public void Enter(IProcessor processor)
    {
        _boot.Context.Keep(processor);
        _user.Enter();
        _firmware.CreateShellState().ApplyTo(processor);
        _firmware.TransferControl();
    }

    /// <inheritdoc/>
    public bool TryExit(IProcessor processor)
    {
        if (!IsHome)
        {
            return false;
        }

        _boot.Context.Drop();
        _user.Enter();
        _firmware.CreateShellState().ApplyTo(processor);
        _firmware.TransferControl();
        return true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        bool isHome = IsHome;
        state.Field("home", ref isHome);
        IsHome = isHome;
        state.Component("user", _user);
        state.Component("boot", _boot);
    }
}
