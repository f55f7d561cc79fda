using Firmament.Core;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Machines;
using Firmament.Machines.Configuration;

namespace Firmament;

/// <summary>
/// A machine in a program: create it from a configuration, run it until it prints something, type, look at it.
/// </summary>
/// <example>
/// <code>
/// using VirtualMachine vm = VirtualMachine.Create(new MachineConfiguration { Kernel = GuestImage.FromFile("vmlinux"), CommandLine = "console=ttyS0" });
/// vm.RunUntil("login:");
/// vm.Console.Send("root\n");
/// vm.RunUntil("# ");
/// </code>
/// </example>
/// <remarks>Everything happens on the calling thread. The same calls give the same guest output and the same <see cref="StateHash"/>.</remarks>
public sealed class VirtualMachine : IDisposable
{
    private readonly Machine _machine;
    private int _readTo;

    private VirtualMachine(Machine machine, GuestConsole console)
    {
        _machine = machine;
        Console = console;
        console.Connect(machine.ConsoleInput(0));
        console.Found = machine.RequestStop;
    }

    /// <summary>The first serial port.</summary>
    public GuestConsole Console { get; }

    /// <summary>The machine itself, for what this class leaves out.</summary>
    public IMachine Machine => _machine;

    /// <summary>Counters so far.</summary>
    public MachineStatistics Statistics => _machine.Statistics;

    /// <summary>What the engine did.</summary>
    public PowerPC.EngineStatistics EngineStatistics => _machine.EngineStatistics;

    /// <summary>Why the guest ended, or null while it can go on.</summary>
    public StopResult? Ended { get; private set; }

    /// <summary>Builds a machine at power-on with its kernel loaded.</summary>
    /// <param name="configuration">What to build.</param>
    /// <param name="services">What else it gets from the host; its first serial port is taken by <see cref="Console"/>.</param>
    /// <exception cref="UserErrorException">The configuration is impossible, or a file is unusable.</exception>
    public static VirtualMachine Create(MachineConfiguration configuration, HostServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        GuestConsole console = new();
        services ??= new HostServices();
        HostServices withConsole = new()
        {
            SerialPorts = [console.Backend, .. services.SerialPorts.Skip(1)],
            CharacterDevices = services.CharacterDevices,
            TraceSink = services.TraceSink,
            OpenNetwork = services.OpenNetwork,
            OpenDrive = services.OpenDrive,
            Watcher = services.Watcher,
            TranslationWatcher = services.TranslationWatcher,
            HostDisassembler = services.HostDisassembler,
            Clock = services.Clock,
            Note = services.Note,
        };
        return new VirtualMachine(MachineFactory.CreateMachine(configuration, withConsole), console);
    }

    /// <summary>Runs until the console prints <paramref name="text"/> after what an earlier call found.</summary>
    /// <param name="text">At least one character.</param>
    /// <param name="virtualSeconds">Most virtual time to run, in seconds.</param>
    /// <returns>True when it was printed; false when the guest ended (see <see cref="Ended"/>) or the time was over.</returns>
    public bool RunUntil(string text, double virtualSeconds = 600)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        ArgumentOutOfRangeException.ThrowIfNegative(virtualSeconds);
        bool found = Console.Await(text, _readTo);
        if (!found)
        {
            Run(virtualSeconds);
            found = Console.FoundEnd >= 0;
        }

        if (found)
        {
            _readTo = Console.FoundEnd;
        }

        Console.Await(null, _readTo);
        return found;
    }

    /// <summary>Runs until the guest powers off, resets (when reboots are not wanted), exits or fails.</summary>
    /// <param name="virtualSeconds">Most virtual time to run, in seconds.</param>
    /// <returns>Why it ended; null when the time was over.</returns>
    public StopResult? RunToEnd(double virtualSeconds = 3600)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(virtualSeconds);
        Run(virtualSeconds);
        return Ended;
    }

    /// <summary>The hash of the machine's whole state: 32 lower-case hexadecimal digits.</summary>
    public string StateHash() => _machine.StateHash();

    /// <summary>Saves the machine's whole state. What its disks hold, and <see cref="Console"/>'s text, are not part of it.</summary>
    /// <param name="stream">Where to; buffer a file, for there are many small writes.</param>
    public void SaveState(Stream stream) => _machine.Save(stream);

    /// <summary>Goes back to a state that <see cref="SaveState"/> saved from a machine of the same configuration.</summary>
    /// <param name="stream">Where from.</param>
    /// <exception cref="StateFormatException">The state is damaged or of another configuration; this machine is then of no more use.</exception>
    public void LoadState(Stream stream)
    {
        _machine.Load(stream);
        _readTo = Console.Text.Length;
        Ended = _machine.Ended;
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    private void Run(double virtualSeconds)
    {
        VirtualTime limit = _machine.Clock.Now + new VirtualTime((long)Math.Min(virtualSeconds * 1e9, long.MaxValue / 4));
        StopResult? result = _machine.Run(limit);
        if (result is { Reason: not StopReason.Stopped } ended)
        {
            Ended = ended;
        }
    }
}
