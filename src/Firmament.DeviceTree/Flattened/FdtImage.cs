namespace Firmament.DeviceTree.Flattened;

/// <summary>The contents of a flattened device tree: the tree, and what the blob says besides.</summary>
/// <param name="tree">The tree.</param>
/// <param name="reservations">Memory reservations in order.</param>
/// <param name="bootCpu">Physical id of the CPU that boots.</param>
/// <param name="layout">Where the blob had everything.</param>
public sealed class FdtImage(DeviceTree tree, IReadOnlyList<FdtReservation> reservations, uint bootCpu, FdtLayout layout)
{
    /// <summary>The tree. Its phandle properties are kept and are the phandles of their nodes.</summary>
    public DeviceTree Tree { get; } = tree;

    /// <summary>Memory reservations in order.</summary>
    public IReadOnlyList<FdtReservation> Reservations { get; } = reservations;

    /// <summary>Physical id of the CPU that boots.</summary>
    public uint BootCpu { get; } = bootCpu;

    /// <summary>Where the blob had everything.</summary>
    public FdtLayout Layout { get; } = layout;

    /// <summary>Writes the contents back; the same bytes that were read if the tree was not changed.</summary>
    public byte[] Write() => FlattenedTree.Write(
        Tree, new FdtWriteOptions { Reservations = Reservations, BootCpu = BootCpu, Layout = Layout });
}
