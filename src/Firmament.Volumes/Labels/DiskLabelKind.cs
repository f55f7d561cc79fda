namespace Firmament.Volumes.Labels;

/// <summary>How a disk says where its partitions are.</summary>
public enum DiskLabelKind
{
    /// <summary>It does not: the whole disk may be one file system.</summary>
    None,

    /// <summary>Master boot record, with logical partitions.</summary>
    Mbr,

    /// <summary>GUID partition table.</summary>
    Gpt,

    /// <summary>Apple partition map.</summary>
    Apple,

    /// <summary>Amiga rigid disk block.</summary>
    AmigaRdb,

    /// <summary>None of the others, and an ISO 9660 volume on the whole disk.</summary>
    Iso9660,
}
