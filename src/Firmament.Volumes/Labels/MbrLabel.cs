namespace Firmament.Volumes.Labels;

/// <summary>
/// Master boot records: four primary partitions, and a chain of records in an extended one with a logical partition each (UEFI 2.10, 5.2.1; Linux,
/// block/partitions/msdos.c, for the chain's conventions). Sectors are of 512 bytes, whatever the medium's blocks.
/// </summary>
internal static class MbrLabel
{
    private const int SectorSize = 512;
    private const int FirstEntry = 446;
    private const int EntryLength = 16;
    private const int EntryCount = 4;
    private const int Signature = 0xaa55;
    private const int FirstLogical = 5;
    private const byte Active = 0x80;

    public static void Read(VolumeReader reader, PartitionList partitions)
    {
        byte[] sector = new byte[SectorSize];
        if (!IsRecord(reader, 0, sector))
        {
            return;
        }

        long extended = 0;
        for (int i = 0; i < EntryCount; i++)
        {
            Fields entry = Entry(sector, i);
            if (entry.U8(4) == MbrTypes.Protective)
            {
                continue;
            }

            Add(partitions, entry, i + 1, 0);
            extended = MbrTypes.IsExtended(entry.U8(4)) && extended == 0 ? entry.Le32(8) : extended;
        }

        if (extended != 0)
        {
            ReadChain(reader, extended, partitions);
        }
    }

    /// <summary>True when the first sector has an entry of type 0xee: what counts is then in the GPT.</summary>
    public static bool IsProtective(VolumeReader reader)
    {
        byte[] sector = new byte[SectorSize];
        return IsRecord(reader, 0, sector) && Enumerable.Range(0, EntryCount).Any(i => Entry(sector, i).U8(4) == MbrTypes.Protective);
    }

    /// <summary>
    /// Each record has a logical partition, relative to itself, and a link to the next, relative to the extended partition. A record that comes again
    /// ends the chain.
    /// </summary>
    private static void ReadChain(VolumeReader reader, long extended, PartitionList partitions)
    {
        byte[] sector = new byte[SectorSize];
        HashSet<long> seen = [];
        long record = extended;
        for (int number = FirstLogical; seen.Add(record) && seen.Count <= PartitionList.Most && IsRecord(reader, record, sector);)
        {
            long next = 0;
            for (int i = 0; i < EntryCount; i++)
            {
                Fields entry = Entry(sector, i);
                if (MbrTypes.IsExtended(entry.U8(4)))
                {
                    next = next == 0 && entry.Le32(8) != 0 ? extended + entry.Le32(8) : next;
                }
                else if (entry.U8(4) != 0 && entry.Le32(12) != 0)
                {
                    Add(partitions, entry, number++, record);
                }
            }

            if (next == 0)
            {
                return;
            }

            record = next;
        }
    }

    private static void Add(PartitionList partitions, Fields entry, int number, long record)
    {
        byte type = entry.U8(4);
        if (type != 0)
        {
            partitions.Add(new Partition(number, MbrTypes.NameOf(type), (record + entry.Le32(8)) * SectorSize, entry.Le32(12) * (long)SectorSize)
            {
                TypeByte = type,
                IsBootable = entry.U8(0) == Active,
            });
        }
    }

    /// <summary>A boot sector of FAT has the same signature, but code or text where entries would be: their first byte tells.</summary>
    private static bool IsRecord(VolumeReader reader, long number, byte[] sector)
    {
        Fields fields = sector;
        return reader.TryReadStructure(number * SectorSize, sector) && fields.Le16(510) == Signature
            && Entry(sector, 0).U8(0) is 0 or Active && Entry(sector, 1).U8(0) is 0 or Active
            && Entry(sector, 2).U8(0) is 0 or Active && Entry(sector, 3).U8(0) is 0 or Active;
    }

    private static Fields Entry(byte[] sector, int index) => new Fields(sector).Slice(FirstEntry + (index * EntryLength), EntryLength);
}
