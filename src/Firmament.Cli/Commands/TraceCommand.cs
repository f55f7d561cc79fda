using System.Globalization;
using Firmament.Cli.Options;
using Firmament.Cli.Running;
using Firmament.Cli.Tracing.Comparison;
using Firmament.Cli.Tracing.Summary;
using Firmament.Core;
using Firmament.Core.Tracing;
using Firmament.Machines.Profiling;

namespace Firmament.Cli.Commands;

/// <summary>trace summarize, trace diff: what traces that run wrote say.</summary>
internal static class TraceCommand
{
    /// <summary>What can be done with a trace, and the options of each.</summary>
    public static readonly (string Name, OptionSet Options)[] Sets = [("summarize", RunOptions.TraceSummarize), ("diff", RunOptions.TraceDiff)];

    /// <summary>Their names.</summary>
    public static readonly string[] Names = [.. Sets.Select(static entry => entry.Name)];

    private const string Remedy = "give a file that firmament run --trace firmware --trace-file FILE wrote";

    /// <summary>Turns the words after "trace" into a canonical line, and puts the files apart.</summary>
    /// <exception cref="UserErrorException">There is no such command or option.</exception>
    public static List<string> Normalize(IReadOnlyList<string> words, List<string> files)
    {
        if (words.Count == 0)
        {
            throw new UserErrorException($"trace looks at what --trace-file wrote; say how: firmament trace {string.Join('|', Names)}.");
        }

        if (words[0].StartsWith('-'))
        {
            return [.. words];
        }

        OptionSet? options = Sets.FirstOrDefault(entry => entry.Name == words[0]).Options;
        return options != null
            ? [words[0], .. LineNormalizer.Normalize([.. words.Skip(1)], options, files)]
            : throw new UserErrorException($"There is nothing like 'trace {words[0]}'{Suggestion.For(words[0], Names)}; give firmament trace {string.Join('|', Names)}.");
    }

    /// <summary>Prints a summary of each file.</summary>
    public static int Summarize(CliHost host, RunRequest request, IReadOnlyList<string> files)
    {
        if (files.Count == 0)
        {
            throw new UserErrorException($"trace summarize needs a trace; {Remedy}.");
        }

        SymbolTable symbols = request.Symbols == null ? SymbolTable.Empty : SymbolTable.Read(request.Symbols, "--symbols");
        for (int i = 0; i < files.Count; i++)
        {
            using FileStream stream = Open(files[i]);
            TraceReader reader = new(stream);
            TraceSummary summary = new();
            while (reader.TryRead(out TraceEvent traceEvent))
            {
                summary.Add(traceEvent);
            }

            RefuseEmpty(files[i], summary.Events, reader.Line);
            host.Print((i == 0 ? "" : "\n") + SummaryText.Write(files[i], summary, reader.Skipped, address => NameOf(symbols, address)));
        }

        return ExitCodes.Success;
    }

    /// <summary>Prints how two traces differ. 0 when they do not, 1 when they do.</summary>
    public static int Diff(CliHost host, RunRequest request, IReadOnlyList<string> files)
    {
        if (files.Count != 2)
        {
            throw new UserErrorException($"trace diff compares two traces, not {files.Count}; give firmament trace diff FIRST SECOND.");
        }

        DiffSettings settings = new(request.TraceTool.Exact, request.TraceTool.Context, request.TraceTool.Hunks);
        using FileStream leftStream = Open(files[0]);
        using FileStream rightStream = Open(files[1]);
        if (!leftStream.CanSeek || !rightStream.CanSeek)
        {
            throw new UserErrorException("trace diff reads its traces twice, which a pipe does not allow; write them to files first.");
        }

        TraceSide left = Read(files[0], leftStream, settings);
        TraceSide right = Read(files[1], rightStream, settings);
        (leftStream.Position, rightStream.Position) = (0, 0);
        try
        {
            DiffOutcome outcome = DiffWriter.Write(
                leftStream, rightStream, Alignment.Of(left.Shapes, right.Shapes), (left.Shapes.Length, right.Shapes.Length), settings, line => host.Print(line + "\n"));
            host.Print(DiffText.Write(left, right, outcome, settings));
            return outcome.IsEqual ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (EndOfStreamException e)
        {
            throw new UserErrorException("A trace became shorter while it was compared; wait until its run has ended.", e);
        }
    }

    private static string? NameOf(SymbolTable symbols, string address) =>
        address.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(address.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? symbols.Find(number - 4)
            : null;

    private static TraceSide Read(string path, FileStream stream, DiffSettings settings)
    {
        TraceSide side = TraceSide.Read(path, stream, settings.Exact);
        RefuseEmpty(path, side.Events, 0);
        return side.Shapes.Length != 0
            ? side
            : throw new UserErrorException($"'{path}' holds no firmware calls or guest errors to compare; trace them with --trace firmware,guest-errors, or add --exact.");
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"There is no file '{path}'; {Remedy}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}); {Remedy}.", e);
        }
    }

    private static void RefuseEmpty(string path, long events, long lines)
    {
        if (events == 0)
        {
            throw new UserErrorException(lines == 0 ? $"'{path}' holds no trace events; {Remedy}." : $"None of the {lines} lines of '{path}' is a trace event; {Remedy}.");
        }
    }
}
