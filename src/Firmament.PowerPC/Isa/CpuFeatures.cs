namespace Firmament.PowerPC.Isa;

/// <summary>Optional parts of the instruction set that CPU models differ in.</summary>
[Flags]
public enum CpuFeatures
{
    /// <summary>The base every model has.</summary>
    None = 0,

    /// <summary>AltiVec (7400 family).</summary>
    AltiVec = 1,

    /// <summary>fsqrt, fsqrts.</summary>
    Fsqrt = 2,

    /// <summary>64-bit implementations.</summary>
    Bits64 = 4,

    /// <summary>tlbia.</summary>
    Tlbia = 8,

    /// <summary>tlbld, tlbli (7450 family).</summary>
    SoftwareTlb = 16,

    /// <summary>Eight pairs of BATs, enabled by HID0[HIGH_BAT_EN] (7455 and later).</summary>
    HighBats = 32,

    /// <summary>What Power ISA 2.05 added to the base that the G4 has (POWER6): fcpsgn, decimal floating point.</summary>
    Isa205 = 64,

    /// <summary>Power ISA 2.06 (POWER7): VSX.</summary>
    Isa206 = 128,

    /// <summary>Power ISA 2.07 (POWER8).</summary>
    Isa207 = 256,

    /// <summary>Power ISA 3.0 (POWER9).</summary>
    Isa300 = 512,

    /// <summary>What only 32-bit CPUs have: segment registers, mcrxr, dcbi, eciwx.</summary>
    Classic32 = 1024,
}
