namespace Firmament.Benchmarks.Compare;

/// <summary>What the guest's init is told to run (run= on the kernel command line, + for blanks), so that it measures these rows and no others.</summary>
internal static class BenchCommand
{
    // /bench/all.sh has no selection of its own: the lines that are not wanted are taken out of a copy. A dot stands for a blank.
    private const string Copy = "/tmp/rows.sh";

    public static string For(IReadOnlyCollection<BenchRow> rows)
    {
        string programs = string.Join('+', rows.Where(static row => !row.IsBusybox).Select(static row => row.Name));
        List<string> commands = programs.Length > 0 ? ["/bench/bench+" + programs] : [];
        if (rows.Any(static row => row.IsBusybox))
        {
            // The letter after the name begins the unit; without it bb_sh would take bb_sha256sum along.
            string unwanted = string.Concat(BenchRow.All.Where(row => row.IsBusybox && !rows.Contains(row)).Select(static row => $"+-e+/^t.{row.Name}.[a-zA-Z]/d"));
            commands.Add($"sed+-e+/bench.all$/d{unwanted}+/bench/all.sh>{Copy};sh+{Copy}");
        }

        return "run=" + string.Join(';', commands);
    }
}
