using System.IO.Hashing;
using System.Text;

namespace Firmament.Volumes.Labels;

/// <summary>
/// GUID partition tables (UEFI 2.10, 5.3). A header or an array whose CRC is wrong is not used, and then the copy at the disk's end is. Blocks are
/// those of the medium, else those of the medium the image was made for: a CD may carry the table of a disk with 512-byte blocks.
/// </summary>
internal static class GptLabel
{
    private const int HeaderLength = 92;
    private const int MostHeaderLength = 512;
    private const int LeastEntryLength = 128;
    private const int MostEntryLength = 4096;
    private const int MostArrayLength = 1 << 20;
    private const int NameOffset = 56;
    private const int NameLength = 72;
    private const ulong LegacyBootable = 1 << 2;

    public static void Read(VolumeReader reader, int blockSize, PartitionList partitions)
    {
        if (!MbrLabel.IsProtective(reader))
        {
            return;
        }

        foreach (int size in (ReadOnlySpan<int>)[blockSize, 512, 2048, 4096])
        {
            if (size is 512 or 1024 or 2048 or 4096 && TryRead(reader, size, partitions))
            {
                return;
            }
        }
    }

    private static bool TryRead(VolumeReader reader, int blockSize, PartitionList partitions)
    {
        long copy = 0;
        if (ReadHeader(reader, blockSize, 1) is { } primary)
        {
            if (TryReadArray(reader, blockSize, primary, partitions))
            {
                return true;
            }

            copy = (long)new Fields(primary).Le64(32);
        }

        // The header says where its copy is; a lost header leaves the disk's last block.
        copy = copy > 1 ? copy : reader.Length == long.MaxValue ? 0 : (reader.Length / blockSize) - 1;
        return copy > 1 && ReadHeader(reader, blockSize, copy) is { } backup && TryReadArray(reader, blockSize, backup, partitions);
    }

    /// <summary>The header in a block; null when it is not sound.</summary>
    private static byte[]? ReadHeader(VolumeReader reader, int blockSize, long block)
    {
        byte[] header = new byte[MostHeaderLength];
        if (block > reader.Length / blockSize || !reader.TryReadStructure(block * blockSize, header))
        {
            return null;
        }

        Fields fields = header;
        uint length = fields.Le32(12);
        if (!fields.Has(0, "EFI PART"u8) || length is < HeaderLength or > MostHeaderLength || (long)fields.Le64(24) != block)
        {
            return null;
        }

        // The sum is made with its own field as zero.
        byte[] summed = header[..(int)length];
        summed.AsSpan(16, 4).Clear();
        return Crc32.HashToUInt32(summed) == fields.Le32(16) ? header : null;
    }

    private static bool TryReadArray(VolumeReader reader, int blockSize, Fields header, PartitionList partitions)
    {
        ulong block = header.Le64(72);
        long count = header.Le32(80);
        uint entryLength = header.Le32(84);
        if (entryLength is < LeastEntryLength or > MostEntryLength || count * entryLength > MostArrayLength || block > (ulong)(reader.Length / blockSize))
        {
            return false;
        }

        byte[] array = new byte[(int)(count * entryLength)];
        if (!reader.TryReadStructure((long)block * blockSize, array) || Crc32.HashToUInt32(array) != header.Le32(88))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            Add(new Fields(array).Slice(i * (int)entryLength, (int)entryLength), i + 1, blockSize, partitions);
        }

        return true;
    }

    private static void Add(Fields entry, int number, int blockSize, PartitionList partitions)
    {
        Guid type = new(entry.Slice(0, 16));
        long first = (long)entry.Le64(32);
        long last = (long)entry.Le64(40);
        if (type == Guid.Empty || first <= 0 || last < first || last > long.MaxValue / blockSize / 2)
        {
            return;
        }

        string name = Encoding.Unicode.GetString(entry.Slice(NameOffset, NameLength));
        int end = name.IndexOf('\0', StringComparison.Ordinal);
        name = end < 0 ? name : name[..end];
        partitions.Add(new Partition(number, GptTypes.NameOf(type), first * blockSize, (last - first + 1) * blockSize)
        {
            TypeGuid = type,
            Name = name.Length == 0 ? null : name,
            IsBootable = (entry.Le64(48) & LegacyBootable) != 0,
        });
    }
}
