using System.Diagnostics;
using System.Globalization;
using Firmament.Benchmarks.Compare;
using Firmament.Machines.Configuration;

namespace Firmament.Benchmarks;

/// <summary>
/// Bare-metal programs in this process. Each runs twice; the second run, with everything compiled by the host's JIT, counts.
/// </summary>
internal static class Mips
{
    public static int Run(string root, string[] rows)
    {
        Console.WriteLine($"{"row",-10} {"instructions",14} {"seconds",9} {"MIPS",7}");
        bool ok = true;
        foreach (string path in BareGuests.Find(new GuestFiles(root).Built).Where(path => rows.Length == 0 || rows.Contains(BareGuests.Row(path))))
        {
            (_, _) = Measure(path, out _);
            (long instructions, double seconds) = Measure(path, out string console);
            bool right = console.Contains(" ok\n", StringComparison.Ordinal) && !console.Contains("BAD", StringComparison.Ordinal);
            ok &= right;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{BareGuests.Row(path),-10} {instructions,14:n0} {seconds,9:f3} {instructions / seconds / 1e6,7:f0}{(right ? "" : "  wrong result")}"));
        }

        return ok ? 0 : 1;
    }

    private static (long Instructions, double Seconds) Measure(string path, out string console)
    {
        using VirtualMachine machine = VirtualMachine.Create(new MachineConfiguration { Kernel = GuestImage.FromFile(path), MemoryBytes = 128 << 20 });
        long start = Stopwatch.GetTimestamp();
        machine.RunUntil(BareGuests.Marker);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        console = machine.Console.Text;
        return (machine.Statistics.Instructions, seconds);
    }
}
