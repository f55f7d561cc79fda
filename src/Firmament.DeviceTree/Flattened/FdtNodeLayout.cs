namespace Firmament.DeviceTree.Flattened;

/// <summary>How a node's tokens differ from the usual layout.</summary>
/// <param name="NopsBefore">NOP tokens before its begin token.</param>
/// <param name="NopsBeforeEnd">NOP tokens before its end token.</param>
/// <param name="Padding">Bytes after the NUL of its name.</param>
internal readonly record struct FdtNodeLayout(int NopsBefore, int NopsBeforeEnd, byte[] Padding);
