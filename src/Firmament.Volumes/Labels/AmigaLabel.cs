using System.Text;

namespace Firmament.Volumes.Labels;

/// <summary>
/// Amiga rigid disk blocks ("Amiga ROM Kernel Reference Manual: Devices", 3rd edition, chapter 12; devices/hardblocks.h): RDSK in one of the first
/// 16 blocks, and a list of PART blocks. A block whose longs do not add up to zero is not used.
/// </summary>
internal static class AmigaLabel
{
    private const int SectorSize = 512;
    private const int SearchedBlocks = 16;
    private const int LongestBlock = 128;
    private const uint EndOfList = 0xffff_ffff;
    private const int Environment = 128;
    private const uint BootableFlag = 1;
    private const int MostNameBytes = 31;

    public static void Read(VolumeReader reader, PartitionList partitions)
    {
        byte[] block = new byte[SectorSize];
        for (int number = 0; number < SearchedBlocks; number++)
        {
            if (TryReadBlock(reader, number, SectorSize, "RDSK"u8, block))
            {
                Fields header = block;
                int blockSize = header.Be32(16) is 512 or 1024 or 2048 or 4096 ? (int)header.Be32(16) : SectorSize;
                ReadList(reader, header.Be32(28), blockSize, partitions);
                return;
            }
        }
    }

    private static void ReadList(VolumeReader reader, uint first, int blockSize, PartitionList partitions)
    {
        byte[] bytes = new byte[SectorSize];
        HashSet<uint> seen = [];
        int number = 1;
        for (uint at = first; at != EndOfList && seen.Add(at) && !partitions.IsFull; at = new Fields(bytes).Be32(16))
        {
            if (!TryReadBlock(reader, at, blockSize, "PART"u8, bytes))
            {
                return;
            }

            Add(bytes, number++, blockSize, partitions);
        }
    }

    private static void Add(Fields block, int number, int blockSize, PartitionList partitions)
    {
        Fields environment = block.Slice(Environment);
        decimal cylinder = (decimal)environment.Be32(3 * 4) * environment.Be32(5 * 4) * blockSize;
        decimal offset = cylinder * environment.Be32(9 * 4);
        decimal length = cylinder * (environment.Be32(10 * 4) + 1L - environment.Be32(9 * 4));
        if (offset > long.MaxValue || length > long.MaxValue || length <= 0)
        {
            return;
        }

        string name = Encoding.Latin1.GetString(block.Slice(37, Math.Min((int)block.U8(36), MostNameBytes)));
        partitions.Add(new Partition(number, DosType(environment.Be32(16 * 4)), (long)offset, (long)length)
        {
            Name = name.Length == 0 ? null : name,
            IsBootable = (block.Be32(20) & BootableFlag) != 0,
        });
    }

    /// <summary>As Amiga tools write it: "DOS\1", "SFS\0".</summary>
    private static string DosType(uint type)
    {
        StringBuilder text = new();
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint letter = (type >> shift) & 0xff;
            text.Append(letter is >= 0x20 and < 0x7f ? ((char)letter).ToString() : $"\\{letter}");
        }

        return text.ToString();
    }

    private static bool TryReadBlock(VolumeReader reader, long number, int blockSize, ReadOnlySpan<byte> identifier, byte[] block)
    {
        Fields fields = block;
        if (!reader.TryReadStructure(number * blockSize, block) || !fields.Has(0, identifier) || fields.Be32(4) is < 8 or > LongestBlock)
        {
            return false;
        }

        uint sum = 0;
        for (int i = 0; i < fields.Be32(4); i++)
        {
            sum += fields.Be32(i * 4);
        }

        return sum == 0;
    }
}
