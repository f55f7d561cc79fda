using System.Text;

namespace Firmament.Volumes.Labels;

/// <summary>
/// Apple partition maps ("Inside Macintosh: Devices", 3-12, "The Partition Map"). The driver descriptor in block 0 says how long a block is; CDs have
/// maps in blocks of 512 or 2048 bytes, and some no driver descriptor.
/// </summary>
internal static class AppleLabel
{
    private const int EntryLength = 512;
    private const int NameLength = 32;
    private const uint BootableStatus = 0x08;

    public static void Read(VolumeReader reader, PartitionList partitions)
    {
        byte[] descriptor = new byte[EntryLength];
        if (!reader.TryReadStructure(0, descriptor))
        {
            return;
        }

        Fields fields = descriptor;
        int stated = fields.Has(0, "ER"u8) ? fields.Be16(2) : 0;
        foreach (int blockSize in (ReadOnlySpan<int>)[stated, 512, 2048])
        {
            if (blockSize is 512 or 1024 or 2048 or 4096 && TryRead(reader, blockSize, partitions))
            {
                return;
            }
        }
    }

    private static bool TryRead(VolumeReader reader, int blockSize, PartitionList partitions)
    {
        byte[] bytes = new byte[EntryLength];
        long count = 1;
        for (int number = 1; number <= count; number++)
        {
            Fields entry = bytes;
            if (!reader.TryReadStructure((long)number * blockSize, bytes) || !entry.Has(0, "PM"u8))
            {
                break;
            }

            // Each entry says how many there are; the first one counts.
            count = number == 1 ? Math.Min(entry.Be32(4), PartitionList.Most) : count;
            string name = Encoding.Latin1.GetString(entry.Text(16, NameLength));
            partitions.Add(new Partition(
                number, Encoding.Latin1.GetString(entry.Text(48, NameLength)), entry.Be32(8) * (long)blockSize, entry.Be32(12) * (long)blockSize)
            {
                Name = name.Length == 0 ? null : name,
                IsBootable = (entry.Be32(88) & BootableStatus) != 0,
            });
        }

        return partitions.Partitions.Count > 0;
    }
}
