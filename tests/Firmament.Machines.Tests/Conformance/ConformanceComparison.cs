namespace Firmament.Machines.Tests.Conformance;

/// <summary>Not a test: writes docs/conformance.md. <c>eng/conformance.sh</c> runs it.</summary>
public sealed class ConformanceComparison
{
    private const string FolderVariable = "FIRMAMENT_CONFORMANCE";

    [Fact(Explicit = true)]
    public async Task Write_the_table_of_all_firmwares()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder == null, $"set {FolderVariable} to a folder for the guest, the consoles and the table");
        File.WriteAllBytes(Path.Combine(folder!, "conformance.elf"), ConformanceProgram.Build());
        File.WriteAllBytes(Path.Combine(folder!, "disk.img"), ConformanceDisk.Build());

        string groups = string.Concat(ConformanceCatalog.Groups.Select(static group => group.Letter));
        List<(string, SortedDictionary<int, ConformanceOutcome>)> columns = [];
        foreach (string machine in (string[])["pegasos2", "pseries"])
        {
            columns.Add((machine, ConformanceOutcome.Parse(ConformanceMachine.Run(machine, groups))));
        }

        SortedDictionary<int, ConformanceOutcome>[] others = await Task.WhenAll(QemuFirmware.All.Select(firmware => Task.Run(() => firmware.Run(folder!))));
        columns.AddRange(QemuFirmware.All.Select((firmware, i) => (firmware.Name, others[i])));
        File.WriteAllText(Path.Combine(folder!, "conformance.md"), new ConformanceTable(columns, QemuFirmware.All[0].Version() + ".").Write());
    }
}
