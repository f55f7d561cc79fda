namespace Firmament.Benchmarks.Compare;

/// <summary>
/// What the guest's init is told to run (run= on the kernel command line, + for blanks), so that it measures these rows and no others, with a mark in the
/// log before and after each. Linux takes at most 2048 characters.
/// </summary>
internal static class BenchCommand
{
    private const string Copy = "/tmp/rows.sh";

    // The log goes to the console at once, past what programs have printed and the port has not yet sent. So they print after the second mark, and wait for the port.
    private const string Before = "usleep 300000;echo @$1>" + GuestClock.Log;
    private const string After = "echo @>" + GuestClock.Log + ";echo \"$o\"";

    public static string For(IReadOnlyCollection<BenchRow> rows)
    {
        string programs = string.Join(' ', rows.Where(static row => !row.IsBusybox).Select(static row => row.Name));
        string command = $"m(){{ {Before};o=$(/bench/bench $1);{After};}};for r in {programs};do m $r;done;";
        if (rows.Any(static row => row.IsBusybox))
        {
            // /bench/all.sh calls t for each row, and has no selection of its own. In a copy, unwanted lines are taken out, and m calls t.
            // The letter after the name begins the unit; without it bb_sh would take bb_sha256sum along.
            string unwanted = string.Concat(BenchRow.All.Where(row => row.IsBusybox && !rows.Contains(row)).Select(static row => $"-e '/^t {row.Name} [a-zA-Z]/d' "));
            command += $"echo 'm(){{ {Before};o=$(t \"$@\");{After};}}'>{Copy};sed -e '/bench all$/d' {unwanted}-e 's/^t bb/m bb/' /bench/all.sh>>{Copy};sh {Copy};";
        }

        return "run=" + $"{command}usleep 300000".Replace(' ', '+');
    }
}
