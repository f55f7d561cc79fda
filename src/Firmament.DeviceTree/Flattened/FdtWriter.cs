using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Firmament.DeviceTree.Flattened;

/// <summary>Flattens a tree: the structure block first, then the blocks are put in place.</summary>
internal sealed class FdtWriter(FdtWriteOptions options)
{
    private readonly FdtLayout? _layout = options.Layout;
    private readonly FdtStrings _strings = new(options.Layout);
    private readonly ArrayBufferWriter<byte> _structure = new();

    public byte[] Write(DeviceTree tree)
    {
        WriteNode(tree.Root);
        WriteNops(_layout?.NopsBeforeEnd ?? 0);
        WriteToken(FdtToken.End);

        byte[] reservations = WriteReservations();
        int[] offsets = new int[3];
        int end = Place(offsets, reservations.Length);
        int total = Math.Max(checked(end + options.FreeSpace), _layout?.TotalSize ?? 0);

        byte[] blob = new byte[total];
        FdtHeader header = new()
        {
            TotalSize = (uint)total,
            StructureOffset = (uint)offsets[(int)FdtBlockKind.Structure],
            StringsOffset = (uint)offsets[(int)FdtBlockKind.Strings],
            ReservationsOffset = (uint)offsets[(int)FdtBlockKind.Reservations],
            Version = _layout?.Version ?? FdtHeader.CurrentVersion,
            LastCompatible = _layout?.LastCompatible ?? FdtHeader.CurrentLastCompatible,
            BootCpu = options.BootCpu,
            StringsSize = (uint)_strings.Bytes.Length,
            StructureSize = (uint)_structure.WrittenCount,
        };
        header.Write(blob);
        reservations.CopyTo(blob, header.ReservationsOffset);
        _structure.WrittenSpan.CopyTo(blob.AsSpan((int)header.StructureOffset));
        _strings.Bytes.CopyTo(blob.AsSpan((int)header.StringsOffset));
        FillGaps(blob, end);
        return blob;
    }

    private void WriteNode(DeviceNode node)
    {
        FdtNodeLayout layout = default;
        _ = _layout?.Nodes.TryGetValue(node, out layout);
        WriteNops(layout.NopsBefore);
        WriteToken(FdtToken.BeginNode);
        _structure.Write(Encoding.Latin1.GetBytes(node.Name));
        _structure.Write<byte>([0]);
        WritePadding(layout.Padding);
        foreach (DeviceProperty property in node.Properties)
        {
            WriteProperty(node, property);
        }

        if (options.Phandles == FdtPhandles.All && node["phandle"] == null)
        {
            WriteProperty("phandle", Cell(node.Phandle), default);
        }

        foreach (DeviceNode child in node.Children)
        {
            WriteNode(child);
        }

        WriteNops(layout.NopsBeforeEnd);
        WriteToken(FdtToken.EndNode);
    }

    private void WriteProperty(DeviceNode node, DeviceProperty property)
    {
        ReadOnlyMemory<byte> value = property.Value;
        if (property.Name is "phandle" or "linux,phandle" && options.Phandles != FdtPhandles.AsStored)
        {
            if (options.Phandles == FdtPhandles.None)
            {
                return;
            }

            value = Cell(node.Phandle);
        }

        if (options.OmitRedundantNames && property.Name == "name" && node.GetString("name") == node.BaseName)
        {
            return;
        }

        FdtPropertyLayout layout = default;
        if (_layout == null || !_layout.Properties.TryGetValue(property, out layout))
        {
            layout = new FdtPropertyLayout(0, -1, []);
        }

        WriteProperty(property.Name, value, layout);
    }

    private void WriteProperty(string name, ReadOnlyMemory<byte> value, FdtPropertyLayout? layout)
    {
        int nameOffset = layout?.NameOffset ?? -1;
        WriteNops(layout?.NopsBefore ?? 0);
        WriteToken(FdtToken.Property);
        WriteWord((uint)value.Length);
        WriteWord((uint)(nameOffset >= 0 ? nameOffset : _strings.OffsetOf(name)));
        _structure.Write(value.Span);
        WritePadding(layout?.Padding);
    }

    private byte[] WriteReservations()
    {
        byte[] bytes = new byte[(options.Reservations.Count + 1) * 16];
        int at = 0;
        foreach (FdtReservation entry in options.Reservations)
        {
            if (entry != default)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), entry.Address);
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at + 8), entry.Size);
                at += 16;
            }
        }

        return bytes[..(at + 16)];
    }

    /// <summary>Gives each block its offset, in the layout's order and with its distances. Answers the end of the last.</summary>
    private int Place(int[] offsets, int reservationsSize)
    {
        int at = FdtHeader.Size;
        for (int i = 0; i < offsets.Length; i++)
        {
            FdtBlockKind kind = _layout?.Blocks[i].Kind ?? (FdtBlockKind)i;
            (int size, int alignment) = kind switch
            {
                FdtBlockKind.Reservations => (reservationsSize, 8),
                FdtBlockKind.Structure => (_structure.WrittenCount, 4),
                _ => (_strings.Bytes.Length, 1),
            };
            at = checked(at + (_layout?.Gaps[i].Length ?? 0) + alignment - 1) & -alignment;
            offsets[(int)kind] = at;
            at = checked(at + size);
        }

        return at;
    }

    /// <summary>Puts what was in free space back where it was, as long as that is still free.</summary>
    private void FillGaps(byte[] blob, int end)
    {
        if (_layout == null)
        {
            return;
        }

        bool moved = false;
        for (int i = 0; i < _layout.Gaps.Count && !moved; i++)
        {
            FdtGap gap = _layout.Gaps[i];
            bool last = i == _layout.Gaps.Count - 1;
            moved = last ? end != gap.Offset : OffsetAfter(blob, i) != gap.Offset + gap.Length;
            if (!moved)
            {
                gap.Content.CopyTo(blob, gap.Offset);
            }
        }
    }

    private int OffsetAfter(byte[] blob, int gap) => (int)FdtHeader.Word(blob, _layout!.Blocks[gap].Kind switch
    {
        FdtBlockKind.Reservations => FdtHeader.ReservationsOffsetAt,
        FdtBlockKind.Structure => FdtHeader.StructureOffsetAt,
        _ => FdtHeader.StringsOffsetAt,
    });

    private static byte[] Cell(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private void WriteToken(FdtToken token) => WriteWord((uint)token);

    private void WriteWord(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_structure.GetSpan(4), value);
        _structure.Advance(4);
    }

    private void WriteNops(int count)
    {
        for (int i = 0; i < count; i++)
        {
            WriteToken(FdtToken.Nop);
        }
    }

    /// <summary>Fills up to the next word, with the layout's bytes if as many are needed.</summary>
    private void WritePadding(byte[]? known)
    {
        int needed = -_structure.WrittenCount & 3;
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        _structure.Write(known?.Length == needed ? known : zeros[..needed]);
    }
}
