using System.Diagnostics;
using System.Globalization;

namespace Firmament.Benchmarks;

/// <summary>What one run of an emulator took, from its start to the line that ends it. Read from /proc while it still runs, then killed.</summary>
internal sealed record ProcessRun(string CommandLine, bool Reached, double Wall, double Cpu, long PeakBytes)
{
    // Linux reports times in 1/100 s to user space on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static ProcessRun Start(string program, string[] arguments, string marker)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        using Timer limit = new(_ => Kill(process), null, Longest, Timeout.InfiniteTimeSpan);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        bool reached = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(marker, StringComparison.Ordinal))
            {
                reached = true;
                break;
            }
        }

        double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (double cpu, long peak) = reached ? Usage(process.Id) : (0, 0);
        Kill(process);
        process.WaitForExit();
        return new ProcessRun($"{program} {string.Join(' ', arguments)}", reached, wall, cpu, peak);
    }

    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static string FirstLine(string program, string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return line;
    }

    private static (double Cpu, long PeakBytes) Usage(int process)
    {
        // Fields 14 and 15 after the command name, which may hold blanks (proc(5)).
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double cpu = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        string peak = File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return (cpu, long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
