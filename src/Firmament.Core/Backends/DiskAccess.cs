namespace Firmament.Core.Backends;

/// <summary>How a disk image is opened.</summary>
public enum DiskAccess
{
    /// <summary>Writes reach the file; no other reader or writer may have it open.</summary>
    ReadWrite,

    /// <summary>Writes are refused; the file may be shared with other readers.</summary>
    ReadOnly,

    /// <summary>Writes go to an overlay that is discarded at the end; the file is only read, and may be shared with other readers.</summary>
    Snapshot,
}
