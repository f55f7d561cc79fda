using System.Globalization;
using System.Text;
using Firmament.Cli.Options;
using Firmament.Cli.Running;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Monitor;

/// <summary>The monitor's commands. Each runs on the machine's thread while the machine stands still.</summary>
internal sealed class MonitorCommands
{
    private static readonly Dictionary<string, Command> ByName = [];

    private static readonly Command[] All =
    [
        new(["help", "?"], "help", "show this list", static (m, _, _) => m.Help()),
        new(["info"], "info [subject]", "show the state of something; without a subject, the subjects", static (m, machine, text) => m.Info(machine, text)),
        new(["quit", "q"], "quit", "end the program", static (m, _, _) => m.Quit()),
        new(["screendump"], "screendump file", "save what the display shows as a portable pixmap (PPM)", static (_, machine, text) => Screendump(machine, text)),
        new(["stop", "s"], "stop", "stop the guest", static (m, _, _) => m.Stop()),
        new(["cont", "c"], "cont", "let the guest go on", static (m, _, _) => m.Continue()),
        new(["nmi"], "nmi", "interrupt the guest with a system reset interrupt, to make it say where it hangs", static (_, machine, _) => Interrupt(machine)),
        new(["system_reset"], "system_reset", "reset the machine", static (m, machine, _) => m.Reset(machine)),
    ];

    // Subjects every machine answers here; the machine adds its own.
    private static readonly string[] Subjects = ["chardev", "hash", "registers", "statistics", "status", "version"];
    private static readonly string[] MachineSubjects = ["block", "cpus", "mtree", "network", "pci", "pic", "qtree", "roms", "tlb"];

    private readonly MachineRunner _runner;
    private readonly Func<string> _characters;

    static MonitorCommands()
    {
        foreach (Command command in All)
        {
            foreach (string name in command.Names)
            {
                ByName.Add(name, command);
            }
        }
    }

    public MonitorCommands(MachineRunner runner, Func<string> characters)
    {
        _runner = runner;
        _characters = characters;
    }

    /// <summary>Queues a line; <paramref name="reply"/> gets the answer unless the command ended the program.</summary>
    public void Execute(string line, Action<string> reply) => _runner.Post(machine =>
    {
        if (Execute(machine, line) is { } answer)
        {
            reply(answer);
        }
    });

    /// <summary>Executes a line now. Null when the program ends.</summary>
    public string? Execute(IMachine machine, string line)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            return "";
        }

        return ByName.TryGetValue(words[0], out Command? command)
            ? command.Body(this, machine, words.Length > 1 ? words[1] : "")
            : $"unknown command: '{words[0]}'{Suggestion.For(words[0], ByName.Keys)}\n";
    }

    private string Help()
    {
        StringBuilder text = new();
        foreach (Command command in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{command.Usage} -- {command.Summary}\n");
        }

        return text.ToString();
    }

    private string Info(IMachine machine, string subject) => subject switch
    {
        "" => InfoHelp(machine),
        "registers" => Ended(machine.RegistersText()),
        "status" => $"VM status: {_runner.Status}\n",
        "version" => $"{ProgramVersion.QemuCompatible}\n",
        "chardev" => _characters(),
        "hash" => $"{machine.StateHash()}\n",
        "statistics" => StatisticsText.Monitor(machine.Statistics) + StatisticsText.Engine(machine.EngineStatistics),
        _ => machine.InfoText(subject) is { } text ? Ended(text) : $"unknown subject: 'info {subject}'{Suggestion.For(subject, Subjects.Concat(MachineSubjects))}\n",
    };

    private static string InfoHelp(IMachine machine)
    {
        StringBuilder text = new();
        foreach (string subject in Subjects.Concat(MachineSubjects.Where(s => machine.InfoText(s) != null)).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"info {subject}\n");
        }

        return text.ToString();
    }

    private static string Ended(string text) => text.EndsWith('\n') || text.Length == 0 ? text : text + "\n";

    private string? Quit()
    {
        _runner.End(new(ExitCodes.Success));
        return null;
    }

    private string Stop()
    {
        _runner.Pause();
        return "";
    }

    private static string Interrupt(IMachine machine) =>
        machine.TryInterruptAll() ? "" : "This machine's CPUs have no interrupt that the guest cannot mask.\n";

    private static string Screendump(IMachine machine, string file)
    {
        if (file.Length == 0)
        {
            return "screendump needs the name of a file.\n";
        }

        if (machine.ScreenDump() is not { } picture)
        {
            return "There is no display, or it is dark.\n";
        }

        try
        {
            File.WriteAllBytes(file, picture);
            return "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"'{file}' cannot be written ({error.Message.TrimEnd('.')}).\n";
        }
    }

    private string Continue() => _runner.Continue() ? "" : "The guest has powered off; use system_reset first.\n";

    private string Reset(IMachine machine)
    {
        _runner.Reset(machine);
        return "";
    }

    private sealed record Command(string[] Names, string Usage, string Summary, Func<MonitorCommands, IMachine, string, string?> Body);
}
