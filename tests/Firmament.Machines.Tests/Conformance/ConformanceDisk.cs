using System.Globalization;
using System.Text;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>A disk of 4 MiB whose sectors begin with their number; an MBR with a PReP partition that is no program, and one that is no file system.</summary>
internal static class ConformanceDisk
{
    private const int Sectors = 8192;
    private const int SectorBytes = 512;

    /// <summary>The bytes.</summary>
    public static byte[] Build()
    {
        byte[] disk = new byte[Sectors * SectorBytes];
        for (int sector = 0; sector < Sectors; sector++)
        {
            Span<byte> bytes = disk.AsSpan(sector * SectorBytes, SectorBytes);
            bytes.Fill(0x80);
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SECTOR-{sector:d5}"), bytes);
        }

        Span<byte> label = disk.AsSpan(446, 66);
        label.Clear();
        Partition(label, 0x41, 64, 128);
        Partition(label[16..], 0x83, 1024, 4096);
        (label[64], label[65]) = (0x55, 0xaa);
        return disk;
    }

    private static void Partition(Span<byte> entry, byte type, int start, int sectors)
    {
        entry[4] = type;
        BitConverter.TryWriteBytes(entry[8..], start);
        BitConverter.TryWriteBytes(entry[12..], sectors);
    }
}
