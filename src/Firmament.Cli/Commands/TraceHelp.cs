using Firmament.Cli.Options;

namespace Firmament.Cli.Commands;

/// <summary>What --help prints for the trace commands.</summary>
internal static class TraceHelp
{
    /// <summary>Help of trace.</summary>
    public const string Overview = """
        Usage: firmament trace summarize FILE…
               firmament trace diff FIRST SECOND

        Looks at traces, text or JSON lines, that --trace and --trace-file wrote.

          firmament run --kernel vmlinux --trace firmware,guest-errors --trace-file calls.txt
          firmament trace summarize calls.txt

        More: firmament trace summarize --help, firmament trace diff --help

        """;

    /// <summary>Help of summarize.</summary>
    public static string Summarize { get; } = HelpText.Build(RunOptions.TraceSummarize, "firmament trace summarize FILE…", """
        Counts what a guest asked the firmware. Errors come first: guest errors, refused calls, calls
        that failed, each with its first time. Then the services by source (client, rtas, papr …) with
        failures, first and last time; the methods called, by node; and where the calls came from.
        A trace may have any length: it is read once, and only what differs is kept.
        """, """
        Examples:
          firmament trace summarize calls.txt
          firmament trace summarize monday.jsonl tuesday.jsonl
          firmament trace summarize --symbols System.map calls.txt
        """);

    /// <summary>Help of diff.</summary>
    public static string Diff { get; } = HelpText.Build(RunOptions.TraceDiff, "firmament trace diff FIRST SECOND", """
        Compares the firmware calls and guest errors of two runs, call by call. Times are left out.
        Addresses and handles may differ as long as each of one run stands for one of the other; where
        one does not, the two lines are printed with the reason. Then come the services that only one
        run asks for, and those that one calls more often.
        """, """
        Examples:
          firmament trace diff old-kernel.txt new-kernel.txt
          firmament trace diff --exact first.txt again.txt        (is a run really repeated?)

        Exit codes: 0 the traces are equal, 1 they differ, 2 an error.
        """);
}
