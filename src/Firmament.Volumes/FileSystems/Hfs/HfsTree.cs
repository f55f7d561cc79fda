namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A B-tree of HFS or HFS+ (Apple TN1150, "B-Trees"; "Inside Macintosh: Files", 2-64).</summary>
internal sealed class HfsTree<TFormat>
    where TFormat : IHfsFormat
{
    private const int DescriptorLength = 14;
    private const int HeaderLength = DescriptorLength + 106;
    private const int LeafKind = 0xff;
    private const int IndexKind = 0;
    private const int UnusableKind = 2;
    private const int MostDepth = 16;

    private readonly VolumeReader _reader;
    private readonly FileContent _file;
    private readonly int _nodeSize;
    private readonly uint _root;

    private HfsTree(VolumeReader reader, FileContent file, int nodeSize, uint root)
    {
        _reader = reader;
        _file = file;
        _nodeSize = nodeSize;
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
        // A buffer of its own, for a visitor may scan again.
        byte[] node = new byte[_nodeSize];
        uint number = _root;
        for (int depth = 0; TryLoad(number, node) && node[8] == IndexKind; depth++)
        {
            if (depth == MostDepth || !TryFindChild(node, isNotAbove, out number))
            {
                return;
            }
        }

        // Leaves are linked; one that comes again would never end.
        HashSet<uint> seen = [];
        while (node[8] == LeafKind && seen.Add(number))
        {
            int count = RecordCount(node);
            for (int i = 0; i < count; i++)
            {
                if (!_reader.TrySpend() || !visit(Record(node, i)))
                {
                    return;
                }
            }

            number = new Fields(node).Be32(0);
            if (number == 0 || !TryLoad(number, node))
            {
                return;
            }
        }
    }

    private bool TryFindChild(byte[] node, HfsKeyTest isNotAbove, out uint child)
    {
        int count = RecordCount(node);
        int found = 0;
        while (found + 1 < count && _reader.TrySpend() && isNotAbove(Record(node, found + 1)))
        {
            found++;
        }

        Fields record = count == 0 ? default : Record(node, found);
        child = record.Be32(TFormat.DataOffset(record));
        return count != 0;
    }

    private static int RecordCount(byte[] node) => Math.Min(new Fields(node).Be16(10), (node.Length - DescriptorLength) / 2);

    /// <summary>Offsets of records stand at the node's end, backwards; the offset of the free space follows them.</summary>
    private static Fields Record(byte[] node, int index)
    {
        Fields fields = node;
        int start = fields.Be16(node.Length - (2 * (index + 1)));
        int end = fields.Be16(node.Length - (2 * (index + 2)));
        return start < DescriptorLength ? default : fields.Slice(start, end - start);
    }

    private bool TryLoad(uint number, byte[] node)
    {
        bool ok = _file.TryReadStructure((long)number * node.Length, node);
        if (!ok)
        {
            node.AsSpan().Clear();
            node[8] = UnusableKind;
        }

        return ok;
    }
}
