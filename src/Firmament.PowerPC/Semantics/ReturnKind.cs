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
}
