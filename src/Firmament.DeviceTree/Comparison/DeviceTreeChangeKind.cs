namespace Firmament.DeviceTree.Comparison;

/// <summary>How one part of a tree differs from another tree.</summary>
public enum DeviceTreeChangeKind
{
    /// <summary>The node is in the second tree only.</summary>
    NodeAdded,

    /// <summary>The node is in the first tree only.</summary>
    NodeRemoved,

    /// <summary>The property is in the second tree only.</summary>
    PropertyAdded,

    /// <summary>The property is in the first tree only.</summary>
    PropertyRemoved,

    /// <summary>The property is in both trees with different values.</summary>
    PropertyChanged,

    /// <summary>The properties both nodes have come in another order.</summary>
    PropertyOrder,

    /// <summary>The children both nodes have come in another order.</summary>
    ChildOrder,
}
