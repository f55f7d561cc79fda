using System.Text;
using Firmament.DeviceTree;

namespace Firmament.Firmware.Packages;

/// <summary>An open package: one link of the chain that `open` makes from the root to a device (IEEE 1275-1994 3.4).</summary>
public sealed class Instance
{
    internal const int SlotCount = 4;

    internal Instance(uint ihandle, DeviceNode node, IPackage? package, Instance? parent, string? arguments)
    {
        Ihandle = ihandle;
        Node = node;
        Package = package;
        Parent = parent;
        Arguments = arguments;
    }

    /// <summary>The handle a client sees.</summary>
    public uint Ihandle { get; }

    /// <summary>The node it is an instance of.</summary>
    public DeviceNode Node { get; }

    /// <summary>The node's methods; null for a node without any, which can only be passed through.</summary>
    public IPackage? Package { get; }

    /// <summary>`my-parent`; null at the root.</summary>
    public Instance? Parent { get; internal set; }

    /// <summary>`my-args`; null when the specifier had no ":" there.</summary>
    public string? Arguments { get; internal set; }

    /// <summary>Where `seek` left a byte or block device; bytes from its start.</summary>
    public ulong Position { get; set; }

    /// <summary>What a package written in C# keeps for this instance: four numbers of its choice.</summary>
    public ulong[] Slots { get; } = new ulong[SlotCount];

    /// <summary>What a package keeps that can be made anew from the arguments and <see cref="Slots"/>; null after a saved state was restored.</summary>
    public object? Cache { get; set; }

    /// <summary>True when it was put between two instances by interposition and is no component of the device path.</summary>
    public bool IsInterposed { get; internal set; }

    /// <summary>Of the parent, while a saved state is being restored.</summary>
    internal uint ParentHandle { get; set; }

    /// <summary>The path from the root with the arguments of each instance.</summary>
    /// <param name="withInterposed">True to show interposed instances, marked with "%".</param>
    public string Path(bool withInterposed)
    {
        StringBuilder path = new();
        Append(path, withInterposed);
        return path.Length == 0 ? "/" : path.ToString();
    }

    private void Append(StringBuilder path, bool withInterposed)
    {
        Parent?.Append(path, withInterposed);
        if (IsInterposed && !withInterposed)
        {
            return;
        }

        if (Node.Parent != null)
        {
            path.Append(IsInterposed ? "/%" : "/").Append(Node.Name);
        }
        else if (Arguments != null)
        {
            path.Append('/');
        }

        if (Arguments != null)
        {
            path.Append(':').Append(Arguments);
        }
    }
}
