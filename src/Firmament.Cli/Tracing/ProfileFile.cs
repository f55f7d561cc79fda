using System.Text;
using Firmament.Cli.Options;
using Firmament.Core;
using Firmament.Machines.Configuration;
using Firmament.Machines.Profiling;

namespace Firmament.Cli.Tracing;

/// <summary>--profile: a profiler, and the file that its counts go to at the end of the run.</summary>
internal sealed class ProfileFile : IDisposable
{
    private readonly HeldOutput _output;

    private ProfileFile(string path, GuestProfiler profiler)
    {
        _output = new HeldOutput(path, "--profile");
        Profiler = profiler;
    }

    /// <summary>The profiler, to be given to the machine.</summary>
    public GuestProfiler Profiler { get; }

    /// <summary>What a plan asks for, or null.</summary>
    /// <exception cref="UserErrorException">There are no symbols.</exception>
    public static ProfileFile? For(RunPlan plan)
    {
        if (plan.Profile == null)
        {
            return null;
        }

        SymbolTable symbols = plan.Symbols != null ? SymbolTable.Read(plan.Symbols, "--symbols")
            : plan.Configuration.Kernel is { } kernel ? SymbolTable.Read(kernel, "--kernel")
            : SymbolTable.Empty;
        if (symbols.Count == 0)
        {
            throw new UserErrorException(plan.Symbols == null
                ? $"{(plan.Configuration.Kernel is { } file ? $"'{file}' was stripped of its symbols" : "There is no --kernel to take symbols from")}, and a profile needs names; give --symbols FILE, the kernel's System.map or its vmlinux before it was stripped."
                : $"'{plan.Symbols}' was stripped of its symbols; give --symbols a System.map, or an ELF file that has them.");
        }

        return new(plan.Profile, new GuestProfiler(symbols, plan.ProfileEvery));
    }

    /// <summary>Creates the file, so that a path that cannot be written is known before the run.</summary>
    public void Start() => _output.Start();

    /// <summary>Writes the counts.</summary>
    public void Finish()
    {
        using StringWriter text = new();
        Profiler.Write(text);
        _output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
