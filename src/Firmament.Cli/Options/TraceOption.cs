using Firmament.Core;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>Names of trace categories: ours and those of QEMU's -d that mean the same.</summary>
internal static class TraceOption
{
    /// <summary>Our names.</summary>
    public static readonly string[] Names = [.. TraceCategories.Named.Select(static entry => entry.Name), "all"];

    // QEMU's -d items that show its insides; there is nothing of the kind to show.
    private static readonly string[] QemuOnly =
        ["op", "op_opt", "op_ind", "exec", "cpu", "fpu", "mmu", "pcall", "page", "nochain", "plugin", "strace", "tid", "vpu", "cpu_reset"];

    /// <summary>Notes and refuses what adds up to nothing.</summary>
    /// <exception cref="UserErrorException">An option of the profile is given without one.</exception>
    public static void Check(RunRequest request)
    {
        if ((request.Trace & TraceCategory.Code) != 0 && request.Engine != ExecutionEngine.Translator)
        {
            request.Notes.Add("The interpreter translates nothing, so --trace code shows nothing; leave --engine interpreter out.");
        }

        if (request.Profile == null && (request.ProfileEvery != null || request.Symbols != null))
        {
            throw new UserErrorException($"--{(request.Symbols != null ? "symbols" : "profile-every")} is for a profile; add --profile FILE, or leave it out.");
        }
    }

    public static TraceCategory Parse(string text)
    {
        TraceCategory categories = TraceCategory.None;
        foreach (string name in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            categories |= name switch
            {
                "guest_errors" or "unimp" => TraceCategory.GuestErrors,
                "int" => TraceCategory.Exceptions,
                "in_asm" or "out_asm" => TraceCategory.Code,
                "all" => TraceCategories.All,
                _ when TraceCategories.Find(name) is var found and not TraceCategory.None => found,
                _ when name.StartsWith("trace:", StringComparison.Ordinal) || QemuOnly.Contains(name) =>
                    throw new UserErrorException($"Log item '{name}' belongs to QEMU's insides and is not built; give some of: {string.Join(", ", Names)}."),
                _ => throw new UserErrorException($"There is no trace '{name}'{Suggestion.For(name, Names)}; the traces are: {string.Join(", ", Names)}."),
            };
        }

        return categories;
    }
}
