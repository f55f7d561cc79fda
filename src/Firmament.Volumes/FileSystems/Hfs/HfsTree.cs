namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A B-tree of HFS or HFS+ (Apple TN1150, "B-Trees"; "Inside Macintosh: Files", 2-64).</summary>
internal sealed class HfsTree<TFormat>
    where TFormat : IHfsFormat
{
    private const int DescriptorLength = 14;
    private const int HeaderLength = DescriptorLength + 106;
    private const int LeafKind = 0xff;
    private const int IndexKind = 0;
    private const int MostDepth = 16;

    private readonly VolumeReader _reader;
    private readonly FileContent _file;
    private readonly byte[] _node;
    private readonly uint _root;

    private HfsTree(VolumeReader reader, FileContent file, int nodeSize, uint root)
    {
        _reader = reader;
        _file = file;
        _node = new byte[nodeSize];
        _root = root;
    }

    /// <summary>Reads the header node; null when it is damaged.</summary>
    public static HfsTree<TFormat>? Open(VolumeReader reader, FileContent file)
    {
        byte[] header = new byte[HeaderLength];
        if (!file.TryReadStructure(0, header))
        {
            return null;
        }

        Fields fields = new Fields(header).Slice(DescriptorLength);
        int nodeSize = fields.Be16(18);
        return nodeSize is >= 512 and <= 32_768 && int.IsPow2(nodeSize) ? new HfsTree<TFormat>(reader, file, nodeSize, fields.Be32(2)) : null;
    }

    /// <summary>
    /// Shows leaf records in their order, until <paramref name="visit"/> answers false. The first one shown is at or before the last whose key is not
    /// above the wanted one, which <paramref name="isNotAbove"/> tells.
    /// </summary>
    public void Scan(HfsKeyTest isNotAbove, HfsKeyTest visit)
    {
        uint number = _root;
        for (int depth = 0; TryLoad(number) && _node[8] == IndexKind; depth++)
        {
            if (depth == MostDepth || !TryFindChild(isNotAbove, out number))
            {
                return;
            }
        }

        // Leaves are linked; one that comes again would never end.
        HashSet<uint> seen = [];
        while (_node[8] == LeafKind && seen.Add(number))
        {
            int count = RecordCount;
            for (int i = 0; i < count; i++)
            {
                if (!_reader.TrySpend() || !visit(Record(i)))
                {
                    return;
                }
            }

            number = new Fields(_node).Be32(0);
            if (number == 0 || !TryLoad(number))
            {
                return;
            }
        }
    }

    private int RecordCount => Math.Min(new Fields(_node).Be16(10), (_node.Length - DescriptorLength) / 2);

    private bool TryFindChild(HfsKeyTest isNotAbove, out uint child)
    {
        int count = RecordCount;
        int found = 0;
        while (found + 1 < count && _reader.TrySpend() && isNotAbove(Record(found + 1)))
        {
            found++;
        }

        Fields record = count == 0 ? default : Record(found);
        child = record.Be32(TFormat.DataOffset(record));
        return count != 0;
    }

    /// <summary>Offsets of records stand at the node's end, backwards; the offset of the free space follows them.</summary>
    private Fields Record(int index)
    {
        Fields node = _node;
        int start = node.Be16(_node.Length - (2 * (index + 1)));
        int end = node.Be16(_node.Length - (2 * (index + 2)));
        return start < DescriptorLength ? default : node.Slice(start, end - start);
    }

    private bool TryLoad(uint number)
    {
        bool ok = _file.TryReadStructure((long)number * _node.Length, _node);
        if (!ok)
        {
            _node.AsSpan().Clear();
        }

        return ok;
    }
}
