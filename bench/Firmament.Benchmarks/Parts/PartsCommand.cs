using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Firmament.Benchmarks.Parts;

/// <summary>The engine's parts, each alone, by BenchmarkDotNet.</summary>
internal static class PartsCommand
{
    private static readonly Type[] All =
        [typeof(DecodePart), typeof(InterpretPart), typeof(TranslatePart), typeof(HashMissPart), typeof(RadixMissPart), typeof(ExceptionPart), typeof(MmioPart), typeof(CallPart)];

    /// <summary>The checkout, for parts that load guests: BenchmarkDotNet makes them, and gives them nothing.</summary>
    public static string Root { get; private set; } = ".";

    public static Command Make(Option<string> root)
    {
        Argument<string[]> parts = new("parts") { Description = "Which: patterns of names, such as *Mmio*; all without.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> quick = new("--quick") { Description = "Three measurements of each, for a first look." };
        Option<string?> output = new("--output") { Description = "Puts the results into a file: docs/performance.md." };
        Command command = new("parts", "Measures decode, interpret, translate, TLB miss, exception, MMIO, hypercall and getprop, each alone.") { parts, quick, output };
        command.SetAction(parsed => Run(parsed.GetValue(root)!, parsed.GetValue(parts)!, parsed.GetValue(quick), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string root, string[] parts, bool quick, string? output)
    {
        Root = root;
        // In this process: the guests' code is compiled once, and no project is generated that our build's rules would apply to.
        IConfig config = DefaultConfig.Instance
            .AddJob((quick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(root, "artifacts", "bench", "parts"))
            .WithOptions(ConfigOptions.JoinSummary);
        Summary[] summaries = [.. BenchmarkSwitcher.FromTypes(All).Run(["--filter", .. parts.Length == 0 ? ["*"] : parts], config)];
        if (summaries.Length == 0 || summaries.Any(static summary => summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success)))
        {
            Console.Error.WriteLine("bench/run: a part could not be measured, or none has such a name; the reason stands above.");
            return 1;
        }

        if (output != null)
        {
            AccumulationLogger text = new();
            MarkdownExporter.GitHub.ExportToLog(summaries[0], text);
            ResultsFile.Write(output, "parts", text.GetLog());
        }

        return 0;
    }
}
