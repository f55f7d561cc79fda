using System.Diagnostics;
using System.Globalization;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>A firmware that runs on QEMU, and how to start the guest there.</summary>
/// <param name="Name">Heading of its column.</param>
/// <param name="Program">The QEMU.</param>
/// <param name="Machine">Its arguments for the machine, devices included; DISK stands for the disk's file.</param>
/// <param name="Devices">What the boot arguments say of devices.</param>
internal sealed record QemuFirmware(string Name, string Program, string Machine, string Devices)
{
    private const int MostRuns = 60;
    private const string SecondsVariable = "FIRMAMENT_CONFORMANCE_SECONDS";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Total =
        TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "1200", CultureInfo.InvariantCulture));

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<QemuFirmware> All { get; } =
    [
        new("SLOF", "qemu-system-ppc64", "-M pseries -drive file=DISK,format=raw,if=virtio,snapshot=on -nic user,model=spapr-vlan", "disk=disk net=net rtc=/rtas nvram=nvram"),
        new("VOF", "qemu-system-ppc64", "-M pseries,x-vof=on -trace vof_write -nic none", "disk=disk net=net rtc=/rtas nvram=nvram"),
        new("OpenBIOS mac99", "qemu-system-ppc", "-M mac99,via=pmu -drive file=DISK,format=raw,if=ide,snapshot=on -nic user,model=sungem", "disk=hd net=enet rtc=rtc nvram=nvram"),
        new("OpenBIOS g3beige", "qemu-system-ppc", "-M g3beige -drive file=DISK,format=raw,if=ide,snapshot=on", "disk=hd net=enet rtc=rtc nvram=nvram"),
    ];

    /// <summary>The version that QEMU says it has.</summary>
    public string Version()
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, "--version") { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n')[0].Trim();
    }

    /// <summary>The guest's outcomes. A case that ends the guest has none, and is left out when the guest is started again for the next.</summary>
    /// <param name="folder">Has the guest and the disk; takes what it prints.</param>
    public SortedDictionary<int, ConformanceOutcome> Run(string folder)
    {
        SortedDictionary<int, ConformanceOutcome> outcomes = [];
        List<ConformanceGroup> groups = [.. ConformanceCatalog.Groups];
        (ConformanceGroup Group, ConformanceCase Case)[] all =
            [.. ConformanceCatalog.Groups.SelectMany(static group => group.Cases.Select(test => (group, test)))];
        int from = 0;
        long began = Stopwatch.GetTimestamp();
        for (int run = 0; run < MostRuns && Stopwatch.GetElapsedTime(began) < Total; run++)
        {
            string letters = string.Concat(groups.Select(static group => group.Letter));
            string console = Start(folder, string.Create(CultureInfo.InvariantCulture, $"run={letters},{from} {Devices}"));
            File.AppendAllText(Path.Combine(folder, Name.Replace(' ', '-') + ".txt"), $"==== run={letters},{from}\n{console}\n");
            foreach ((int index, ConformanceOutcome outcome) in ConformanceOutcome.Parse(console))
            {
                outcomes.TryAdd(index, outcome);
            }

            if (console.Contains(ConformanceProgram.Done, StringComparison.Ordinal))
            {
                break;
            }

            // The first that should have printed: it or what its print met ended the guest.
            SortedDictionary<int, ConformanceOutcome> seen = ConformanceOutcome.Parse(console);
            int last = Enumerable.Range(0, all.Length).FirstOrDefault(
                i => groups.Contains(all[i].Group) && !seen.ContainsKey(i) && (i >= from || all[i].Case.IsPrepared), all.Length);
            if (last == all.Length)
            {
                break;
            }

            // It did not come so far: a slow host, or another's load on it.
            if (seen.Count == 0)
            {
                continue;
            }

            outcomes.TryAdd(last, ConformanceOutcome.Without("ends the guest"));
            if (all[last].Case.IsPrepared)
            {
                groups.Remove(all[last].Group);
            }

            from = Math.Max(from, last + 1);
        }

        return outcomes;
    }

    private string Start(string folder, string arguments)
    {
        ProcessStartInfo start = new(Program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string machine = Machine.Replace("DISK", Path.Combine(folder, "disk.img"), StringComparison.Ordinal);
        foreach (string argument in $"{machine} -m 512 -nographic -nodefaults -serial stdio -monitor none -kernel".Split(' '))
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add(Path.Combine(folder, "conformance.elf"));
        start.ArgumentList.Add("-append");
        start.ArgumentList.Add(arguments);
        using Process process = Process.Start(start)!;
        ConsoleText text = new();
        process.OutputDataReceived += (_, line) => text.Add(line.Data);
        process.ErrorDataReceived += (_, line) => text.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long began = Stopwatch.GetTimestamp();
        while (!process.WaitForExit(200) && Stopwatch.GetElapsedTime(began) < Longest
            && !text.Has(ConformanceProgram.Done) && !(text.Has("CASE ") && text.Quiet > Silence))
        {
        }

        process.Kill();
        process.WaitForExit();
        return text.ToString();
    }
}
