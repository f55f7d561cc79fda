using System.Buffers.Binary;

namespace Firmament.DeviceTree.Flattened;

/// <summary>Checks a blob's header and blocks, then has the structure block read.</summary>
internal readonly ref struct FdtReader(ReadOnlySpan<byte> blob)
{
    private readonly ReadOnlySpan<byte> _blob = blob;

    public FdtResult Read()
    {
        if (_blob.Length >= 4 && FdtHeader.Word(_blob, FdtHeader.MagicAt) != FdtHeader.Magic)
        {
            return FdtResult.Failure(FdtError.BadMagic, 0, "The first word is not 0xd00dfeed, so this is not a flattened device tree.");
        }

        if (_blob.Length < FdtHeader.Size)
        {
            return FdtResult.Failure(FdtError.Truncated, _blob.Length, $"The blob has {_blob.Length} bytes, fewer than its header.");
        }

        FdtHeader header = FdtHeader.Read(_blob);
        return CheckHeader(header) ?? ReadBlocks(header);
    }

    private FdtResult? CheckHeader(in FdtHeader header)
    {
        if (header.Version < FdtHeader.CurrentVersion)
        {
            return FdtResult.Failure(
                FdtError.BadVersion, FdtHeader.VersionAt, $"The blob is of version {header.Version}; version 17 is needed (dtc -V 17 writes it).");
        }

        if (header.LastCompatible > FdtHeader.CurrentVersion || header.LastCompatible > header.Version)
        {
            return FdtResult.Failure(
                FdtError.BadVersion, FdtHeader.LastCompatibleAt, $"The blob needs a reader of version {header.LastCompatible}; this one knows 17.");
        }

        if (header.TotalSize < FdtHeader.Size)
        {
            return FdtResult.Failure(
                FdtError.BadTotalSize, FdtHeader.TotalSizeAt, $"The header states a total size of {header.TotalSize} bytes, less than itself.");
        }

        if (header.TotalSize > _blob.Length)
        {
            return FdtResult.Failure(
                FdtError.Truncated, _blob.Length, $"The header states {header.TotalSize} bytes, but only {_blob.Length} are there.");
        }

        if (header.TotalSize < _blob.Length)
        {
            return FdtResult.Failure(
                FdtError.TrailingData, (int)header.TotalSize, $"{_blob.Length - header.TotalSize} bytes follow the end the header states.");
        }

        return null;
    }

    private FdtResult ReadBlocks(in FdtHeader header)
    {
        if (CheckBlock("memory reservation", header.ReservationsOffset, 16, 8, FdtHeader.ReservationsOffsetAt) is { } reservationsBad)
        {
            return reservationsBad;
        }

        if (CheckBlock("structure", header.StructureOffset, header.StructureSize, 4, FdtHeader.StructureOffsetAt) is { } structureBad)
        {
            return structureBad;
        }

        if (CheckBlock("strings", header.StringsOffset, header.StringsSize, 1, FdtHeader.StringsOffsetAt) is { } stringsBad)
        {
            return stringsBad;
        }

        if (header.StructureSize % 4 != 0)
        {
            return FdtResult.Failure(
                FdtError.Misaligned, FdtHeader.StructureSizeAt, $"The structure block's {header.StructureSize} bytes are no multiple of 4.");
        }

        List<FdtReservation> reservations = [];
        int at = (int)header.ReservationsOffset;
        while (true)
        {
            if (at > _blob.Length - 16)
            {
                return FdtResult.Failure(
                    FdtError.UnterminatedReservations, (int)header.ReservationsOffset, "The memory reservations do not end with an entry of zeros.");
            }

            FdtReservation entry = new(
                BinaryPrimitives.ReadUInt64BigEndian(_blob[at..]), BinaryPrimitives.ReadUInt64BigEndian(_blob[(at + 8)..]));
            at += 16;
            if (entry == default)
            {
                break;
            }

            reservations.Add(entry);
        }

        List<FdtBlock> blocks =
        [
            new(FdtBlockKind.Reservations, (int)header.ReservationsOffset, at - (int)header.ReservationsOffset),
            new(FdtBlockKind.Structure, (int)header.StructureOffset, (int)header.StructureSize),
            new(FdtBlockKind.Strings, (int)header.StringsOffset, (int)header.StringsSize),
        ];
        blocks.Sort(static (a, b) => (a.Offset, a.End, a.Kind).CompareTo((b.Offset, b.End, b.Kind)));
        for (int i = 1; i < blocks.Count; i++)
        {
            if (blocks[i].Offset < blocks[i - 1].End)
            {
                return FdtResult.Failure(
                    FdtError.BlocksOverlap, blocks[i].Offset, $"The {blocks[i].Kind} block starts inside the {blocks[i - 1].Kind} block.");
            }
        }

        return ReadTree(header, blocks, reservations);
    }

    private FdtResult ReadTree(in FdtHeader header, List<FdtBlock> blocks, List<FdtReservation> reservations)
    {
        byte[] strings = _blob.Slice((int)header.StringsOffset, (int)header.StringsSize).ToArray();
        FdtLayout layout = new(header.Version, header.LastCompatible, _blob.Length, blocks, strings, _blob);

        // Copied once: the values of all properties are slices of this array.
        byte[] structure = _blob.Slice((int)header.StructureOffset, (int)header.StructureSize).ToArray();
        FdtStructureReader reader = new(structure, (int)header.StructureOffset, (int)header.StringsOffset, layout);
        return reader.Read() ?? FdtResult.Success(new FdtImage(reader.Tree, reservations, header.BootCpu, layout));
    }

    private FdtResult? CheckBlock(string name, uint offset, uint size, uint alignment, int headerField)
    {
        if (offset < FdtHeader.Size || (ulong)offset + size > (ulong)_blob.Length)
        {
            return FdtResult.Failure(
                FdtError.BlockOutOfRange, headerField, $"The {name} block (0x{size:x} bytes at 0x{offset:x}) is not inside the blob.");
        }

        return offset % alignment == 0
            ? null
            : FdtResult.Failure(FdtError.Misaligned, headerField, $"The {name} block at 0x{offset:x} is not aligned to {alignment} bytes.");
    }
}
