using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>A run line, checked and complete.</summary>
internal sealed record RunPlan
{
    /// <summary>The machine.</summary>
    public required MachineConfiguration Configuration { get; init; }

    /// <summary>Who is connected to what.</summary>
    public ConsolePlan Console { get; init; } = ConsolePlan.Standard;

    /// <summary>Wall-clock limit, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Ends the run with success when the console printed it; null never.</summary>
    public string? Until { get; init; }

    /// <summary>Prints the state's hash at the end.</summary>
    public bool PrintHash { get; init; }

    /// <summary>Prints what the run cost at the end.</summary>
    public bool Statistics { get; init; }

    /// <summary>Power-off pauses instead of ending.</summary>
    public bool NoShutdown { get; init; }

    /// <summary>A panic's exit code is 1, not 0.</summary>
    public bool PanicFails { get; init; }

    /// <summary>A panic pauses instead of ending.</summary>
    public bool PanicPauses { get; init; }

    /// <summary>Waits for the monitor's cont before the first instruction.</summary>
    public bool StartPaused { get; init; }

    /// <summary>Trace file, or null for standard error.</summary>
    public string? TraceFile { get; init; }

    /// <summary>JSON lines instead of text.</summary>
    public bool TraceJson { get; init; }

    /// <summary>Where the profile goes, or null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Instructions between its samples.</summary>
    public long ProfileEvery { get; init; }

    /// <summary>The guest's symbols, or null for the kernel's own.</summary>
    public GuestImage? Symbols { get; init; }

    /// <summary>Where the time line goes, or null for none.</summary>
    public string? Perfetto { get; init; }

    /// <summary>Where the process id is written, or null.</summary>
    public string? PidFile { get; init; }

    /// <summary>Writes the flattened tree here and ends, without running; or null.</summary>
    public string? DumpDeviceTree { get; init; }

    /// <summary>Sentences worth telling on a terminal.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
