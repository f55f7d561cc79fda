using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>Which character backends there are, and who uses each: serial ports, monitors, devices with chardev=.</summary>
/// <param name="Characters">Every backend, each with its own id.</param>
/// <param name="SerialPorts">A backend's id for each serial port; null drops what the guest sends.</param>
/// <param name="Monitors">Ids of the backends that carry a monitor prompt.</param>
/// <param name="EscapeCharacter">Control character of the mux keys, 1 to 26; 0 switches them off.</param>
internal sealed record ConsolePlan(
    IReadOnlyList<CharacterSpec> Characters,
    IReadOnlyList<string?> SerialPorts,
    IReadOnlyList<string> Monitors,
    int EscapeCharacter)
{
    /// <summary>A console on standard input and output with Ctrl-A keys, as -nographic gives.</summary>
    public static ConsolePlan Standard { get; } = Build(new RunRequest());

    /// <summary>Applies QEMU's defaults (softmmu/vl.c, QEMU 7.2, as facts in command-line.md section 4).</summary>
    /// <exception cref="UserErrorException">A backend is missing or used twice.</exception>
    public static ConsolePlan Build(RunRequest request)
    {
        List<CharacterSpec> characters = [.. request.Chardevs];
        List<string?> ports = [];
        List<string> monitors = [.. request.MonitorChardevs];
        bool defaultMonitor = request.Monitor == null && request.MonitorChardevs.Count == 0 && !request.NoDefaults;
        bool stdioTaken = request.Chardevs.Any(static c => c.Kind == CharacterKind.Stdio) || request.Monitor == "stdio";

        List<string> serial = [.. request.Serial];
        if (serial.Count == 0 && !request.NoDefaults && !stdioTaken)
        {
            serial.Add(defaultMonitor ? "mon:stdio" : "stdio");
        }
        else if (request.NoGraphic && defaultMonitor && !stdioTaken && serial.Contains("stdio"))
        {
            throw new UserErrorException("could not connect serial device to character backend 'stdio': -nographic put the monitor there; "
                + "give -serial mon:stdio, or add -monitor none.");
        }

        foreach (string text in serial)
        {
            ports.Add(AddSerial(request, characters, monitors, ports.Count, text));
        }

        if (request.Monitor is { } monitor and not ("none" or "null"))
        {
            monitors.Add(AddMonitor(characters, monitor));
        }

        Check(characters, ports, monitors);
        return new(characters, ports, monitors, request.EscapeCharacter);
    }

    private static string? AddSerial(RunRequest request, List<CharacterSpec> characters, List<string> monitors, int port, string text)
    {
        if (text == "none")
        {
            return null;
        }

        if (text.StartsWith("chardev:", StringComparison.Ordinal))
        {
            return text["chardev:".Length..];
        }

        bool withMonitor = text.StartsWith("mon:", StringComparison.Ordinal);
        CharacterSpec spec = CharacterSpec.Parse("serial", withMonitor ? text["mon:".Length..] : text);
        string id = $"serial{port}";
        characters.Add(spec with
        {
            Id = id,
            Mux = withMonitor,
            Signal = spec.Signal && !withMonitor && !request.NoGraphic,
        });
        if (withMonitor)
        {
            monitors.Add(id);
        }

        return id;
    }

    private static string AddMonitor(List<CharacterSpec> characters, string text)
    {
        if (text.StartsWith("chardev:", StringComparison.Ordinal))
        {
            return text["chardev:".Length..];
        }

        const string Id = "compat_monitor0";
        bool mux = text.StartsWith("mon:", StringComparison.Ordinal);
        characters.Add(CharacterSpec.Parse("monitor", mux ? text["mon:".Length..] : text) with { Id = Id, Mux = mux, Signal = false });
        return Id;
    }

    private static void Check(List<CharacterSpec> characters, List<string?> ports, List<string> monitors)
    {
        HashSet<string> ids = [];
        foreach (CharacterSpec character in characters)
        {
            if (!ids.Add(character.Id))
            {
                throw new UserErrorException($"Two character backends have the name '{character.Id}'; give each -chardev its own id=.");
            }
        }

        if (characters.Count(static c => c.Kind == CharacterKind.Stdio) > 1)
        {
            throw new UserErrorException("Two character backends want stdio; share one with -chardev stdio,mux=on,id=con and -serial chardev:con.");
        }

        foreach (IGrouping<string, string> users in ports.OfType<string>().Concat(monitors).GroupBy(static id => id))
        {
            if (!ids.Contains(users.Key))
            {
                throw new UserErrorException($"There is no chardev '{users.Key}'{Suggestion.For(users.Key, ids)}; add -chardev …,id={users.Key}.");
            }

            if (users.Count() > 1 && !characters.Find(c => c.Id == users.Key)!.Mux)
            {
                throw new UserErrorException($"Character backend '{users.Key}' has two users; add mux=on to its -chardev.");
            }
        }
    }
}
