using System.Text;

namespace Firmament.DeviceTree.Comparison;

/// <summary>
/// Compares two trees node by node: children pair by name (the first with the first where siblings share one), properties by name
/// and bytes. An added or removed node is reported with everything in it, so the changes are complete.
/// </summary>
/// <remarks>
/// A `name` property that repeats the node's name, and the properties that hold its phandle, need not be on both sides: a node has
/// them whether or not a tree spells them out.
/// </remarks>
public sealed class DeviceTreeDiff
{
    private readonly List<DeviceTreeChange> _changes = [];
    private readonly DeviceTreeDiffOptions _options;

    private DeviceTreeDiff(DeviceTreeDiffOptions options) => _options = options;

    /// <summary>The differences in order of the first tree, then what the second adds, node by node.</summary>
    public IReadOnlyList<DeviceTreeChange> Changes => _changes;

    /// <summary>True when nothing differs.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Compares two trees.</summary>
    public static DeviceTreeDiff Compare(DeviceTree first, DeviceTree second, DeviceTreeDiffOptions? options = null)
    {
        DeviceTreeDiff diff = new(options ?? new DeviceTreeDiffOptions());
        diff.CompareNodes(first.Root, second.Root);
        return diff;
    }

    /// <summary>One line a change, each ended by "\n"; "" when nothing differs.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (DeviceTreeChange change in _changes)
        {
            text.Append(change).Append('\n');
        }

        return text.ToString();
    }

    private void CompareNodes(DeviceNode first, DeviceNode second)
    {
        CompareProperties(first, second);
        Dictionary<string, Queue<DeviceNode>> unmatched = new(StringComparer.Ordinal);
        foreach (DeviceNode child in second.Children)
        {
            if (!unmatched.TryGetValue(child.Name, out Queue<DeviceNode>? named))
            {
                unmatched[child.Name] = named = new();
            }

            named.Enqueue(child);
        }

        HashSet<DeviceNode> matched = [];
        List<DeviceNode> pairsInFirstOrder = [];
        foreach (DeviceNode child in first.Children)
        {
            if (unmatched.TryGetValue(child.Name, out Queue<DeviceNode>? named) && named.TryDequeue(out DeviceNode? partner))
            {
                matched.Add(partner);
                pairsInFirstOrder.Add(partner);
                CompareNodes(child, partner);
            }
            else
            {
                ReportWhole(child, DeviceTreeChangeKind.NodeRemoved, DeviceTreeChangeKind.PropertyRemoved);
            }
        }

        foreach (DeviceNode child in second.Children.Where(child => !matched.Contains(child)))
        {
            ReportWhole(child, DeviceTreeChangeKind.NodeAdded, DeviceTreeChangeKind.PropertyAdded);
        }

        if (_options.Order && !pairsInFirstOrder.SequenceEqual(second.Children.Where(matched.Contains)))
        {
            Report(DeviceTreeChangeKind.ChildOrder, second, null, default, default);
        }
    }

    private void CompareProperties(DeviceNode first, DeviceNode second)
    {
        foreach (DeviceProperty property in Considered(first))
        {
            if (second[property.Name] is not { } partner)
            {
                if (IsImplied(first, property))
                {
                    continue;
                }

                Report(DeviceTreeChangeKind.PropertyRemoved, first, property.Name, property.Value, default);
            }
            else if (!property.Value.Span.SequenceEqual(partner.Value.Span))
            {
                Report(DeviceTreeChangeKind.PropertyChanged, first, property.Name, property.Value, partner.Value);
            }
        }

        foreach (DeviceProperty property in Considered(second).Where(property => first[property.Name] == null && !IsImplied(second, property)))
        {
            Report(DeviceTreeChangeKind.PropertyAdded, second, property.Name, default, property.Value);
        }

        IEnumerable<string> firstOrder = Considered(first).Select(property => property.Name).Where(name => second[name] != null);
        IEnumerable<string> secondOrder = Considered(second).Select(property => property.Name).Where(name => first[name] != null);
        if (_options.Order && !firstOrder.SequenceEqual(secondOrder, StringComparer.Ordinal))
        {
            Report(DeviceTreeChangeKind.PropertyOrder, second, null, default, default);
        }
    }

    private void ReportWhole(DeviceNode node, DeviceTreeChangeKind nodeKind, DeviceTreeChangeKind propertyKind)
    {
        Report(nodeKind, node, null, default, default);
        bool added = propertyKind == DeviceTreeChangeKind.PropertyAdded;
        foreach (DeviceProperty property in Considered(node))
        {
            Report(propertyKind, node, property.Name, added ? default : property.Value, added ? property.Value : default);
        }

        foreach (DeviceNode child in node.Children)
        {
            ReportWhole(child, nodeKind, propertyKind);
        }
    }

    private static bool IsImplied(DeviceNode node, DeviceProperty property) => property.Name switch
    {
        "phandle" or "linux,phandle" or "ibm,phandle" => true,
        "name" => node.GetString("name") == node.BaseName,
        _ => false,
    };

    private IEnumerable<DeviceProperty> Considered(DeviceNode node) =>
        node.Properties.Where(property => !_options.IgnoredProperties.Contains(property.Name));

    private void Report(
        DeviceTreeChangeKind kind, DeviceNode node, string? property, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after) =>
        _changes.Add(new DeviceTreeChange(kind, node.Path, property, before, after));
}
