namespace Firmament.DeviceTree.Text;

/// <summary>The notations DTS has for a value.</summary>
internal enum ValueKind
{
    Empty,
    Text,
    Cells,
    Bytes,
}
