using System.Numerics;

namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>
/// The BIOS parameter block (Microsoft, "FAT: General Overview of On-Disk Format" 1.03, "Boot Sector and BPB").
/// </summary>
/// <param name="Bits">Width of an entry of the table: 12, 16 or 32.</param>
/// <param name="ClusterBytes">Bytes of a cluster.</param>
/// <param name="TableOffset">Byte offset of the first file allocation table.</param>
/// <param name="TableLength">Bytes of one table.</param>
/// <param name="RootOffset">Byte offset of the root directory of FAT12 and FAT16.</param>
/// <param name="RootLength">Its bytes.</param>
/// <param name="ClustersOffset">Byte offset of cluster 2.</param>
/// <param name="ClusterCount">Clusters, numbered from 2.</param>
/// <param name="RootCluster">First cluster of the root directory of FAT32.</param>
internal sealed record FatGeometry(
    int Bits,
    int ClusterBytes,
    long TableOffset,
    long TableLength,
    long RootOffset,
    int RootLength,
    long ClustersOffset,
    uint ClusterCount,
    uint RootCluster)
{
    public const int BootSectorLength = 512;

    private const int MostClusters12 = 4084;
    private const int MostClusters16 = 65_524;
    private const int MostClusters32 = 0x0fff_fff5;

    public static FatGeometry? Read(Fields boot)
    {
        int sectorBytes = boot.Le16(11);
        int sectorsPerCluster = boot.U8(13);
        int reserved = boot.Le16(14);
        int tables = boot.U8(16);
        int rootEntries = boot.Le16(17);
        bool hasSignature = boot.Le16(510) == 0xaa55 || boot.U8(0) is 0xeb or 0xe9;
        if (!hasSignature || sectorBytes is < 512 or > 4096 || !BitOperations.IsPow2(sectorBytes) || !BitOperations.IsPow2(sectorsPerCluster)
            || reserved == 0 || tables is 0 or > 4 || boot.U8(21) is not (0xf0 or >= 0xf8))
        {
            return null;
        }

        long sectors = boot.Le16(19) != 0 ? boot.Le16(19) : boot.Le32(32);
        long tableSectors = boot.Le16(22) != 0 ? boot.Le16(22) : boot.Le32(36);
        long rootSector = reserved + (tables * tableSectors);
        long firstCluster = rootSector + (((rootEntries * 32) + sectorBytes - 1) / sectorBytes);
        long clusters = (sectors - firstCluster) / sectorsPerCluster;
        if (tableSectors == 0 || clusters is < 1 or > MostClusters32)
        {
            return null;
        }

        // The width follows from the number of clusters, and FAT32 has no 16-bit size of its table: mkfs.fat -F 32 makes small ones.
        int bits = boot.Le16(22) == 0 ? 32 : clusters <= MostClusters12 ? 12 : 16;
        if (bits == 16 && clusters > MostClusters16)
        {
            return null;
        }

        long tableBytes = tableSectors * sectorBytes;
        long entries = (tableBytes * 8 / bits) - 2;
        return new FatGeometry(
            bits,
            sectorBytes * sectorsPerCluster,
            (long)reserved * sectorBytes,
            tableBytes,
            rootSector * sectorBytes,
            rootEntries * 32,
            firstCluster * sectorBytes,
            (uint)Math.Min(clusters, entries),
            boot.Le32(44));
    }

    /// <summary>Byte offset of a cluster's contents.</summary>
    public long OffsetOf(uint cluster) => ClustersOffset + ((cluster - 2L) * ClusterBytes);

    /// <summary>True when the volume has such a cluster.</summary>
    public bool IsCluster(uint cluster) => cluster >= 2 && cluster - 2 < ClusterCount;
}
