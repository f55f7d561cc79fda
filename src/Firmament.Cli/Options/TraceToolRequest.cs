namespace Firmament.Cli.Options;

/// <summary>What the options of the trace commands add up to.</summary>
internal sealed class TraceToolRequest
{
    /// <summary>Compare everything.</summary>
    public bool Exact { get; set; }

    /// <summary>Equal lines round a difference.</summary>
    public int Context { get; set; } = 3;

    /// <summary>Places printed.</summary>
    public int Hunks { get; set; } = 10;
}
