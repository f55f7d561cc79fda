namespace Firmament.Machines.Pseries.Tree;

/// <summary>The interrupt controllers a machine has (`ic-mode`).</summary>
internal enum InterruptChoice
{
    /// <summary>Both; the machine starts with XICS, and client architecture support chooses.</summary>
    Dual,

    /// <summary>XICS only.</summary>
    Xics,

    /// <summary>XIVE only.</summary>
    Xive,
}
