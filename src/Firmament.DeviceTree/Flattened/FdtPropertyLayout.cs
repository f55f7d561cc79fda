namespace Firmament.DeviceTree.Flattened;

/// <summary>How a property's tokens differ from the usual layout.</summary>
/// <param name="NopsBefore">NOP tokens before it.</param>
/// <param name="NameOffset">Its name in the strings block, −1 where the name's usual one serves.</param>
/// <param name="Padding">Bytes after the value.</param>
internal readonly record struct FdtPropertyLayout(int NopsBefore, int NameOffset, byte[] Padding);
