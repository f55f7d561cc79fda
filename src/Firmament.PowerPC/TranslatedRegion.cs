namespace Firmament.PowerPC;

/// <summary>What the translator made of a region: runs of one page that branches reach from a hot one.</summary>
/// <param name="pageAddress">Effective address of the page.</param>
/// <param name="instructions">Guest instructions of its runs.</param>
/// <param name="position">Where its code is in the code memory, in bytes.</param>
/// <param name="code">The host's code.</param>
/// <param name="pieces">What stands where in it.</param>
public readonly ref struct TranslatedRegion(ulong pageAddress, int instructions, int position, ReadOnlySpan<byte> code, ReadOnlySpan<TranslatedPiece> pieces)
{
    /// <summary>Effective address of the page.</summary>
    public ulong PageAddress { get; } = pageAddress;

    /// <summary>Guest instructions of its runs; those that two runs share count twice, as in the statistics.</summary>
    public int Instructions { get; } = instructions;

    /// <summary>Where its code is in the code memory, in bytes from the start: jumps to pieces that all regions share lead below it.</summary>
    public int Position { get; } = position;

    /// <summary>The host's code; holds only during the call.</summary>
    public ReadOnlySpan<byte> Code { get; } = code;

    /// <summary>What stands where, by ascending offset; empty when the watcher did not want it.</summary>
    public ReadOnlySpan<TranslatedPiece> Pieces { get; } = pieces;
}
