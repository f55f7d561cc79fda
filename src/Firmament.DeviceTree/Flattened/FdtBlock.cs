namespace Firmament.DeviceTree.Flattened;

/// <summary>Where a block lies in a blob.</summary>
internal readonly record struct FdtBlock(FdtBlockKind Kind, int Offset, int Size)
{
    public int End => Offset + Size;
}
