using System.Text;
using Firmament.Cli.Terminal;
using Firmament.Machines.Configuration;

namespace Firmament.Cli;

/// <summary>The world outside the command line; the process gives the real one, a test its own.</summary>
internal sealed class CliHost
{
    /// <summary>Builds machines.</summary>
    public required IMachineFactory Machines { get; init; }

    /// <summary>Standard input, output and error.</summary>
    public required IStandardStreams Streams { get; init; }

    /// <summary>The program <c>demo</c> boots; null when this build has none.</summary>
    public Func<ReadOnlyMemory<byte>>? DemoProgram { get; init; }

    /// <summary>The name the program was called by (argv[0]), without folder.</summary>
    public string InvokedAs { get; init; } = "firmament";

    /// <summary>The host's time.</summary>
    public Func<DateTimeOffset> Now { get; init; } = static () => DateTimeOffset.Now;

    /// <summary>Handles SIGTERM and the like while a machine runs.</summary>
    public bool WatchSignals { get; init; }

    /// <summary>Ends the process at once when the machine does not stop; null never.</summary>
    public Action<int>? ForceExit { get; init; }

    /// <summary>True when the name asks for QEMU's manners.</summary>
    public bool IsQemu => InvokedAs.StartsWith("qemu-system-", StringComparison.Ordinal);

    /// <summary>The machine when none is named: QEMU's for its names, else the first.</summary>
    public string DefaultMachine => InvokedAs is "qemu-system-ppc64" or "qemu-system-ppc64le" ? "pseries" : MachineKind.All[0].Name;

    /// <summary>Writes text to standard output.</summary>
    public void Print(string text) => Streams.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a line to standard error, after the program's name.</summary>
    public void Complain(string sentence) => Streams.WriteError(Encoding.UTF8.GetBytes($"{InvokedAs}: {sentence}\n"));

    /// <summary>Writes a line to standard error as it is.</summary>
    public void PrintError(string line) => Streams.WriteError(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Tells something that is good to know, on a terminal only.</summary>
    public void Note(string sentence)
    {
        if (Streams.IsErrorTerminal)
        {
            Complain(sentence);
        }
    }
}
