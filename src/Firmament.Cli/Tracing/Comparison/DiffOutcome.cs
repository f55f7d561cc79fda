namespace Firmament.Cli.Tracing.Comparison;

/// <summary>What a comparison found, in numbers.</summary>
internal sealed class DiffOutcome
{
    /// <summary>Places where the traces differ.</summary>
    public int Hunks { get; set; }

    /// <summary>Events that only the first has.</summary>
    public long OnlyLeft { get; set; }

    /// <summary>Events that only the second has.</summary>
    public long OnlyRight { get; set; }

    /// <summary>Events that both have, with an address or handle that stood for another one before.</summary>
    public long Renamed { get; set; }

    /// <summary>Events that both have.</summary>
    public long Common { get; set; }

    /// <summary>Nothing differs.</summary>
    public bool IsEqual => OnlyLeft + OnlyRight + Renamed == 0;
}
