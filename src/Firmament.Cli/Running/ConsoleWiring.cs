using System.Globalization;
using System.Text;
using Firmament.Cli.Characters;
using Firmament.Cli.Monitor;
using Firmament.Cli.Options;
using Firmament.Core.Backends;
using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>Connects serial ports, devices and monitors to their host ends. Nothing is opened before <see cref="Start"/>.</summary>
internal sealed class ConsoleWiring : IDisposable
{
    private readonly RunPlan _plan;
    private readonly MachineRunner _runner;
    private readonly Dictionary<string, HostCharacter> _characters = [];
    private readonly Dictionary<string, ConsoleMux> _muxes = [];

    public ConsoleWiring(RunPlan plan, CliHost host, MachineRunner runner)
    {
        _plan = plan;
        _runner = runner;
        foreach (CharacterSpec spec in plan.Console.Characters)
        {
            HostCharacter character = CharacterOpener.Create(spec, host);
            _characters.Add(spec.Id, character);
            if (spec.Mux)
            {
                _muxes.Add(spec.Id, new(character, plan.Console.EscapeCharacter, () => runner.End(new(ExitCodes.Success))));
            }
        }

        SerialPorts = [.. plan.Console.SerialPorts.Select(id => id == null ? null : Watched(id))];
        CharacterDevices = _characters.Keys.ToDictionary(static id => id, Watched);
    }

    /// <summary>Host ends of the serial ports.</summary>
    public IReadOnlyList<ICharacterBackend?> SerialPorts { get; }

    /// <summary>Host ends by name, for devices with chardev=.</summary>
    public IReadOnlyDictionary<string, ICharacterBackend> CharacterDevices { get; }

    /// <summary>Standard input and output, when somebody uses them.</summary>
    public StdioCharacter? Stdio => _characters.Values.OfType<StdioCharacter>().FirstOrDefault();

    /// <summary>Connects input and opens every host end.</summary>
    /// <exception cref="Firmament.Core.UserErrorException">One cannot be opened.</exception>
    public void Start(IMachine machine)
    {
        for (int i = 0; i < _plan.Console.SerialPorts.Count; i++)
        {
            int port = i;
            if (_plan.Console.SerialPorts[i] is { } id)
            {
                Connect(id, new SerialUser(machine.ConsoleInput(port), () => _runner.Post(m => m.SendBreak(port))));
            }
        }

        foreach (string id in _characters.Keys)
        {
            if (machine.CharacterInput(id) is { } input)
            {
                Connect(id, new SerialUser(input, static () => { }));
            }
        }

        foreach (string id in _plan.Console.Monitors)
        {
            ConnectMonitor(id);
        }

        foreach (HostCharacter character in _characters.Values)
        {
            character.Start();
        }
    }

    /// <summary>Keeps no host end waiting for its peer any more. Any thread.</summary>
    public void Hurry()
    {
        foreach (HostCharacter character in _characters.Values)
        {
            character.Hurry();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HostCharacter character in _characters.Values)
        {
            character.Dispose();
        }
    }

    private ICharacterBackend Lower(string id) => _muxes.TryGetValue(id, out ConsoleMux? mux) ? mux : _characters[id];

    private ICharacterBackend Watched(string id) => _plan.Until is { } text
        ? new TextWatch(Lower(id), text, () => _runner.End(new(ExitCodes.Success)))
        : Lower(id);

    private void Connect(string id, IMuxUser user)
    {
        if (_muxes.TryGetValue(id, out ConsoleMux? mux))
        {
            mux.Add(user);
        }
        else
        {
            _characters[id].Received = user.Receive;
        }
    }

    private void ConnectMonitor(string id)
    {
        ICharacterBackend output = Lower(id);
        MonitorCommands commands = new(_runner, CharactersText);
        MonitorSession session = new(bytes => output.Write(bytes), commands.Execute);
        Connect(id, session);
        if (!_muxes.ContainsKey(id))
        {
            session.Focus(true);
        }
    }

    private string CharactersText()
    {
        StringBuilder text = new();
        foreach (HostCharacter character in _characters.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{character.Id}: filename={character.Description}\n");
        }

        return text.ToString();
    }
}
