namespace Firmament.PowerPC.Semantics;

/// <summary>The instructions on the segment lookaside buffer.</summary>
internal enum SlbOperation
{
    /// <summary>slbmte.</summary>
    MoveTo,

    /// <summary>slbie.</summary>
    Invalidate,

    /// <summary>slbieg.</summary>
    InvalidateGlobal,

    /// <summary>slbia.</summary>
    InvalidateAll,

    /// <summary>slbmfee.</summary>
    ReadEsid,

    /// <summary>slbmfev.</summary>
    ReadVsid,

    /// <summary>slbfee.</summary>
    Find,
}
