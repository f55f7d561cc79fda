namespace Firmament.DeviceTree.Flattened;

/// <summary>Tokens of the structure block (Devicetree Specification v0.4, 5.4.1).</summary>
internal enum FdtToken : uint
{
    BeginNode = 1,
    EndNode = 2,
    Property = 3,
    Nop = 4,
    End = 9,
}
