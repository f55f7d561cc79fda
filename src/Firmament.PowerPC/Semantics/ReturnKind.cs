namespace Firmament.PowerPC.Semantics;

/// <summary>The instructions that return from an interrupt.</summary>
internal enum ReturnKind
{
    /// <summary>rfi.</summary>
    Rfi,

    /// <summary>rfid.</summary>
    Rfid,

    /// <summary>rfscv.</summary>
    Rfscv,

    /// <summary>rfebb 0: from an event-based branch.</summary>
    Rfebb,

    /// <summary>rfebb 1: the same, and others may follow.</summary>
    RfebbEnabling,
}
