using Firmament.DeviceTree.Text;

namespace Firmament.DeviceTree.Comparison;

/// <summary>One difference between two trees.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Path">The node's path.</param>
/// <param name="Property">The property's name, null where a node differs.</param>
/// <param name="Before">The value in the first tree, empty without one.</param>
/// <param name="After">The value in the second tree, empty without one.</param>
public sealed record DeviceTreeChange(
    DeviceTreeChangeKind Kind, string Path, string? Property, ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After)
{
    private const int MaxValueBytes = 128;

    /// <summary>One line: "+ /node", "- /node", "+ /node: name = value", "~ /node: name = old -> new".</summary>
    public override string ToString()
    {
        string path = TreeOutline.Visible(Path);
        return Kind switch
        {
            DeviceTreeChangeKind.NodeAdded => $"+ {path}",
            DeviceTreeChangeKind.NodeRemoved => $"- {path}",
            DeviceTreeChangeKind.PropertyAdded => $"+ {path}: {Named(After)}",
            DeviceTreeChangeKind.PropertyRemoved => $"- {path}: {Named(Before)}",
            DeviceTreeChangeKind.PropertyChanged => $"~ {path}: {Named(Before)} -> {Value(After)}",
            DeviceTreeChangeKind.PropertyOrder => $"~ {path}: properties in another order",
            _ => $"~ {path}: children in another order",
        };
    }

    private string Named(ReadOnlyMemory<byte> value)
    {
        string name = TreeOutline.Visible(Property ?? "");
        return value.IsEmpty && Kind != DeviceTreeChangeKind.PropertyChanged ? name : $"{name} = {Value(value)}";
    }

    private string Value(ReadOnlyMemory<byte> value) =>
        value.IsEmpty ? "(empty)" : PropertyText.FormatShort(Property ?? "", value.Span, MaxValueBytes);
}
