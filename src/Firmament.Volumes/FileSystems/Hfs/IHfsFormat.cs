namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>What differs between the records of HFS and those of HFS+. A record is a key and what belongs to it.</summary>
internal interface IHfsFormat
{
    /// <summary>Byte offset of what follows the key.</summary>
    static abstract int DataOffset(Fields record);

    /// <summary>File, fork and first block of an extents record's key.</summary>
    static abstract (uint File, int Fork, uint Block) ExtentsKey(Fields record);

    /// <summary>The extents at a byte offset.</summary>
    static abstract HfsExtent[] Extents(Fields record, int at);

    /// <summary>A folder or file of the catalog; null for other records.</summary>
    static abstract HfsNode? Node(Fields record);
}
