namespace Firmament.Cli.Options;

/// <summary>What -numa options said of one node so far.</summary>
internal sealed class NumaNodeRequest
{
    /// <summary>mem=, or null.</summary>
    public string? Memory { get; set; }

    /// <summary>memdev=, or null.</summary>
    public string? MemoryObject { get; set; }

    /// <summary>CPUs by number.</summary>
    public List<int> Cpus { get; } = [];

    /// <summary>Cores by the number of their first CPU.</summary>
    public List<int> Cores { get; } = [];
}
