using Firmament.Machines.Configuration;

namespace Firmament.Cli.Tests.Scripted;

/// <summary>One call of the program against a scripted machine.</summary>
internal sealed class Session : IDisposable
{
    private readonly List<string> _files = [];

    public Session(params Func<ScriptedMachine, StopResult?>[] steps)
        : this(new ScriptedMachines(steps))
    {
    }

    public Session(ScriptedMachines machines, MemoryStreams? streams = null)
    {
        Machines = machines;
        Streams = streams ?? new();
        Kernel = File([0x7f, (byte)'E', (byte)'L', (byte)'F']);
    }

    public ScriptedMachines Machines { get; }

    public MemoryStreams Streams { get; }

    /// <summary>An existing file.</summary>
    public string Kernel { get; }

    public string InvokedAs { get; init; } = "firmament";

    /// <summary>A file that is deleted at the end.</summary>
    public string File(byte[] contents)
    {
        string path = Path.GetTempFileName();
        System.IO.File.WriteAllBytes(path, contents);
        _files.Add(path);
        return path;
    }

    /// <summary>A path where nothing is; deleted at the end if something appears.</summary>
    public string FreshPath()
    {
        string path = File([]);
        System.IO.File.Delete(path);
        return path;
    }

    public int Call(params IReadOnlyList<string> arguments) => new CommandLineApp(new()
    {
        Machines = Machines,
        Streams = Streams,
        InvokedAs = InvokedAs,
        Now = static () => new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero),
        DemoProgram = static () => new byte[] { 1, 2, 3 },
    }).Invoke(arguments);

    /// <summary>run with the existing kernel.</summary>
    public int Run(params IReadOnlyList<string> options) => Call(["run", "--kernel", Kernel, .. options]);

    public void Dispose()
    {
        Streams.Dispose();
        foreach (string file in _files)
        {
            System.IO.File.Delete(file);
        }
    }
}
