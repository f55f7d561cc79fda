namespace Firmament.PowerPC.Interpreter;

/// <summary>The modes in which the same word decodes or executes differently; decoded pages are kept apart by them.</summary>
internal enum CpuMode
{
    /// <summary>A 32-bit CPU.</summary>
    Classic,

    /// <summary>A 74xx with MSR[LE]: the words of each doubleword change places.</summary>
    ClassicLittle,

    /// <summary>64-bit, SF = 1, LE = 0.</summary>
    Big,

    /// <summary>64-bit, SF = 1, LE = 1.</summary>
    Little,

    /// <summary>64-bit, SF = 0, LE = 0.</summary>
    NarrowBig,

    /// <summary>64-bit, SF = 0, LE = 1.</summary>
    NarrowLittle,
}
