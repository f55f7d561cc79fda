using Firmament.DeviceTree;

namespace Firmament.Machines.Placement;

/// <summary>A way in which a real board's tree differs from what its buses and devices would write.</summary>
/// <param name="Reason">Why it must be so, with the guest that depends on it.</param>
/// <param name="Matches">The nodes it applies to.</param>
/// <param name="Apply">The change.</param>
internal sealed record TreeQuirk(string Reason, Func<DeviceNode, bool> Matches, Action<DeviceNode> Apply)
{
    /// <summary>Applies the quirk to every matching node of a tree.</summary>
    public void ApplyTo(DeviceNode node)
    {
        if (Matches(node))
        {
            Apply(node);
        }

        foreach (DeviceNode child in node.Children)
        {
            ApplyTo(child);
        }
    }
}
