using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Firmament.Benchmarks.Compare;

/// <summary>What one run of an emulator took, from its start to the text that ends it. Read from /proc while it still runs, then killed.</summary>
/// <param name="CommandLine">What ran.</param>
/// <param name="Reached">True when the console printed the text.</param>
/// <param name="Wall">Seconds on the clock.</param>
/// <param name="Cpu">Seconds of all its threads, user and system.</param>
/// <param name="PeakBytes">Most resident memory.</param>
/// <param name="Console">Everything the guest printed, one character a byte.</param>
/// <param name="Arrivals">When how much of it had come: characters, and seconds since the start.</param>
internal sealed record ProcessRun(
    string CommandLine, bool Reached, double Wall, double Cpu, double PeakBytes, string Console, IReadOnlyList<(int Length, double Seconds)> Arrivals)
{
    // Linux reports times in 1/100 s to user space on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessRun Start(string program, string[] arguments, string marker, TimeSpan longest)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        StringBuilder errors = new();
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        using Timer limit = new(_ => Kill(process), null, longest, Timeout.InfiniteTimeSpan);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        StringBuilder console = new();
        List<(int Length, double Seconds)> arrivals = [];
        bool reached = ReadUntil(
            process.StandardOutput.BaseStream, marker, console, () => arrivals.Add((console.Length, Stopwatch.GetElapsedTime(began).TotalSeconds)));
        double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (double cpu, double peak) = reached ? Usage(process.Id) : (0, 0);
        Kill(process);
        process.WaitForExit();
        return new ProcessRun($"{program} {string.Join(' ', arguments)}", reached, wall, cpu, peak, console.Append(errors).ToString(), arrivals);
    }

    /// <summary>When the character at this place of the console had come.</summary>
    public double Arrival(int place) => Arrivals.First(arrival => arrival.Length > place).Seconds;

    public static string FirstLine(string program, string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return line;
    }

    /// <summary>Bytes as they come: a screen that is drawn has no line ends to wait for.</summary>
    private static bool ReadUntil(Stream stream, string marker, StringBuilder console, Action arrived)
    {
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            int from = Math.Max(0, console.Length - marker.Length);
            console.Append(Encoding.Latin1.GetString(buffer, 0, read));
            arrived();
            if (console.ToString(from, console.Length - from).Contains(marker, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static (double Cpu, double PeakBytes) Usage(int process)
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
