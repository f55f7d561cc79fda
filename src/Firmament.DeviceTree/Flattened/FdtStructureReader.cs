using System.Text;

namespace Firmament.DeviceTree.Flattened;

/// <summary>
/// Reads the structure block into a tree, without recursion. Each part answers null when it went well.
/// </summary>
internal sealed class FdtStructureReader(byte[] structure, int structureOffset, int stringsOffset, FdtLayout layout)
{
    private readonly Dictionary<int, string> _names = [];
    private readonly Dictionary<DeviceNode, uint> _phandles = [];
    private readonly Dictionary<uint, DeviceNode> _phandleOwners = [];
    private DeviceNode? _node;
    private bool _rootSeen;
    private int _at;
    private int _nops;

    public DeviceTree Tree { get; } = new();

    public FdtResult? Read()
    {
        while (_at < structure.Length)
        {
            int start = _at;
            FdtToken token = (FdtToken)FdtHeader.Word(structure, start);
            _at += 4;
            FdtResult? failure = null;
            switch (token)
            {
                case FdtToken.BeginNode:
                    failure = BeginNode(start);
                    break;
                case FdtToken.EndNode:
                    failure = EndNode(start);
                    break;
                case FdtToken.Property:
                    failure = Property(start);
                    break;
                case FdtToken.Nop:
                    _nops++;
                    continue;
                case FdtToken.End:
                    return End(start);
                default:
                    return Fail(FdtError.UnknownToken, start, $"0x{(uint)token:x} is no token of the structure block.");
            }

            if (failure != null)
            {
                return failure;
            }

            _nops = 0;
        }

        return Fail(FdtError.MissingEnd, structure.Length, "The structure block ends without its end token.");
    }

    private FdtResult? BeginNode(int start)
    {
        int length = structure.AsSpan(_at).IndexOf((byte)0);
        if (length < 0)
        {
            return Fail(FdtError.UnterminatedString, _at, "A node's name has no NUL before the structure block ends.");
        }

        string name = Encoding.Latin1.GetString(structure, _at, length);
        if (_node == null)
        {
            if (_rootSeen)
            {
                return Fail(FdtError.UnbalancedNodes, start, "A node starts after the root node ended.");
            }

            if (length != 0)
            {
                return Fail(FdtError.BadNodeName, _at, $"The root node is named \"{name}\", but its name must be empty.");
            }

            _rootSeen = true;
            _node = Tree.Root;
        }
        else if (!DeviceNode.IsName(name))
        {
            return Fail(FdtError.BadNodeName, _at, $"\"{name}\" below {_node.Path} cannot name a node.");
        }
        else if (_node.Depth + 1 >= DeviceTree.MaxDepth)
        {
            return Fail(FdtError.TooDeep, start, $"The nodes are nested deeper than {DeviceTree.MaxDepth} levels.");
        }
        else
        {
            _node = _node.AddChild(name);
        }

        _at += length + 1;
        byte[] padding = TakePadding();
        if (_nops != 0 || padding.Length != 0)
        {
            layout.Nodes[_node] = new FdtNodeLayout(_nops, 0, padding);
        }

        return null;
    }

    private FdtResult? EndNode(int start)
    {
        if (_node == null)
        {
            return Fail(FdtError.UnbalancedNodes, start, "A node ends where none began.");
        }

        if (_nops != 0)
        {
            FdtNodeLayout known = layout.Nodes.GetValueOrDefault(_node, new FdtNodeLayout(0, 0, []));
            layout.Nodes[_node] = known with { NopsBeforeEnd = _nops };
        }

        _node = _node.Parent;
        return null;
    }

    private FdtResult? Property(int start)
    {
        if (_node == null)
        {
            return Fail(FdtError.PropertyOutsideNode, start, "A property stands outside the root node.");
        }

        if (_node.FirstChild != null)
        {
            return Fail(FdtError.PropertyAfterChild, start, $"A property of {_node.Path} follows a child node.");
        }

        if (structure.Length - _at < 8)
        {
            return Fail(FdtError.ValueOutOfRange, start, "The structure block ends inside a property.");
        }

        uint length = FdtHeader.Word(structure, _at);
        uint nameOffset = FdtHeader.Word(structure, _at + 4);
        _at += 8;
        if (length > structure.Length - _at)
        {
            return Fail(FdtError.ValueOutOfRange, start, $"A value of {length} bytes in {_node.Path} runs past the structure block.");
        }

        if (ReadName(nameOffset, start, out string name) is { } badName)
        {
            return badName;
        }

        if (_node[name] != null)
        {
            return Fail(FdtError.DuplicateProperty, start, $"{_node.Path} has the property {name} twice.");
        }

        _node.Set(name, structure.AsMemory(_at, (int)length));
        _at += (int)length;
        Note(_node[name]!, (int)nameOffset, TakePadding());
        return name is "phandle" or "linux,phandle" ? TakePhandle(_node, name, start) : null;
    }

    private FdtResult? End(int start)
    {
        if (_node != null || !_rootSeen)
        {
            return Fail(
                FdtError.UnbalancedNodes, start, _node != null ? $"The structure ends inside {_node.Path}." : "The structure has no root node.");
        }

        if (_at != structure.Length)
        {
            return Fail(FdtError.TrailingData, _at, $"{structure.Length - _at} bytes follow the end token in the structure block.");
        }

        layout.NopsBeforeEnd = _nops;
        Tree.Renumber(_phandles);
        Tree.FootprintLimit += Tree.Footprint;
        return null;
    }

    private FdtResult? ReadName(uint offset, int start, out string name)
    {
        name = "";
        byte[] strings = layout.Strings;
        if (offset >= strings.Length)
        {
            return Fail(FdtError.BadPropertyName, start, $"A property of {_node} has its name at 0x{offset:x}, outside the strings block.");
        }

        if (_names.TryGetValue((int)offset, out string? known))
        {
            name = known;
            return null;
        }

        // Looking no further than the longest name keeps a blob of overlapping long names from taking quadratic time.
        ReadOnlySpan<byte> rest = strings.AsSpan((int)offset);
        int length = rest[..Math.Min(rest.Length, DeviceNode.MaxPropertyNameLength + 1)].IndexOf((byte)0);
        if (length < 0)
        {
            int at = stringsOffset + (int)offset;
            return rest.Length > DeviceNode.MaxPropertyNameLength
                ? FdtResult.Failure(FdtError.BadPropertyName, at, "A property's name is longer than 255 characters.")
                : FdtResult.Failure(FdtError.UnterminatedString, at, "A property's name has no NUL before the strings block ends.");
        }

        if (length == 0)
        {
            return Fail(FdtError.BadPropertyName, start, $"A property of {_node} has an empty name.");
        }

        name = Encoding.Latin1.GetString(rest[..length]);
        _names.Add((int)offset, name);
        _ = layout.NameOffsets.TryAdd(name, (int)offset);
        return null;
    }

    private void Note(DeviceProperty property, int nameOffset, byte[] padding)
    {
        bool usualName = layout.NameOffsets[property.Name] == nameOffset;
        if (_nops != 0 || !usualName || padding.Length != 0)
        {
            layout.Properties[property] = new FdtPropertyLayout(_nops, usualName ? -1 : nameOffset, padding);
        }
    }

    private FdtResult? TakePhandle(DeviceNode node, string name, int start)
    {
        ReadOnlyMemory<byte> value = node[name]!.Value;
        uint phandle = value.Length == 4 ? FdtHeader.Word(value.Span, 0) : 0;
        if (!DeviceTree.IsPhandle(phandle))
        {
            return Fail(FdtError.BadPhandle, start, $"The {name} of {node.Path} is not one cell with a value from 1 to 0xfffffffe.");
        }

        if (_phandles.TryGetValue(node, out uint other) && other != phandle)
        {
            return Fail(FdtError.BadPhandle, start, $"The phandle and the linux,phandle of {node.Path} differ.");
        }

        if (!_phandleOwners.TryAdd(phandle, node) && _phandleOwners[phandle] != node)
        {
            return Fail(
                FdtError.DuplicatePhandle, start, $"{node.Path} and {_phandleOwners[phandle].Path} have the same phandle 0x{phandle:x}.");
        }

        _phandles[node] = phandle;
        return null;
    }

    /// <summary>Moves to the next word. Answers the bytes in between if not all are zero: libfdt leaves what was there before.</summary>
    private byte[] TakePadding()
    {
        int end = (_at + 3) & ~3;
        ReadOnlySpan<byte> padding = structure.AsSpan(_at, end - _at);
        _at = end;
        return padding.ContainsAnyExcept((byte)0) ? padding.ToArray() : [];
    }

    private FdtResult Fail(FdtError error, int at, string message) => FdtResult.Failure(error, structureOffset + at, message);
}
