using Firmament.Cli.Terminal;
using Firmament.Machines;
using Firmament.Machines.Demo;

namespace Firmament.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        PosixStreams streams = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => streams.Restore();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => streams.Restore();
        CliHost host = new()
        {
            Machines = new MachineFactory(),
            DemoProgram = static () => DemoProgram.Build(),
            Streams = streams,
            InvokedAs = InvocationName(),
            WatchSignals = true,
            ForceExit = Libc.Exit,
        };
        return new CommandLineApp(host).Invoke(arguments);
    }

    // argv[0] as the caller gave it: .NET's own list has the assembly's path there. A launcher script may say it in FIRMAMENT_INVOKED_AS.
    private static string InvocationName()
    {
        string? name = Environment.GetEnvironmentVariable("FIRMAMENT_INVOKED_AS");
        if (string.IsNullOrEmpty(name) && File.Exists("/proc/self/cmdline"))
        {
            name = File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
        }

        name = Path.GetFileName(name ?? Environment.GetCommandLineArgs()[0]);
        return name.StartsWith("qemu-system-", StringComparison.Ordinal) ? name : "firmament";
    }
}
