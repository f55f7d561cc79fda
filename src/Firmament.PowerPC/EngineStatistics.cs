namespace Firmament.PowerPC;

/// <summary>What the engine did. Not part of the machine's state: engines differ in it.</summary>
/// <param name="Interrupts">Interrupts taken.</param>
/// <param name="TlbMisses">Translations done because no software TLB entry matched.</param>
/// <param name="TlbFlushes">Invalidations of whole software TLBs.</param>
/// <param name="Decoded">Instructions decoded.</param>
/// <param name="Regions">Pieces of code translated.</param>
/// <param name="Translated">Instructions in them.</param>
/// <param name="CodeBytes">Bytes of translated code now held.</param>
/// <param name="CodeFlushes">How often the memory for it was full and everything was begun anew.</param>
public readonly record struct EngineStatistics(
    long Interrupts, long TlbMisses, long TlbFlushes, long Decoded, long Regions, long Translated, long CodeBytes, long CodeFlushes)
{
    /// <summary>Both together.</summary>
    public static EngineStatistics operator +(EngineStatistics left, EngineStatistics right) => new(
        left.Interrupts + right.Interrupts,
        left.TlbMisses + right.TlbMisses,
        left.TlbFlushes + right.TlbFlushes,
        left.Decoded + right.Decoded,
        left.Regions + right.Regions,
        left.Translated + right.Translated,
        left.CodeBytes + right.CodeBytes,
        left.CodeFlushes + right.CodeFlushes);

    /// <summary>Both together.</summary>
    public static EngineStatistics Add(EngineStatistics left, EngineStatistics right) => left + right;
}
