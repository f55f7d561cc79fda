namespace Firmament.DeviceTree.Flattened;

/// <summary>What to write for the phandles of nodes.</summary>
public enum FdtPhandles
{
    /// <summary>The properties <c>phandle</c> and <c>linux,phandle</c> as they stand in the tree.</summary>
    AsStored,

    /// <summary>A property <c>phandle</c> with the node's phandle in every node, after the others if the tree has none.</summary>
    All,

    /// <summary>Neither property.</summary>
    None,
}
