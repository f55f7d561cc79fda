namespace Firmament.DeviceTree.Paths;

/// <summary>One element of a device path: <c>name@unit:args</c>, every part optional.</summary>
/// <param name="Text">The element as written.</param>
/// <param name="Name">The driver name, "" when it is missing.</param>
/// <param name="UnitAddress">What follows "@", null when missing or empty.</param>
/// <param name="Arguments">What follows ":" up to the next "/", null without a ":".</param>
/// <param name="ArgumentsOffset">Where the arguments start in <see cref="DevicePath.Text"/>, −1 without a ":".</param>
public readonly record struct DevicePathComponent(string Text, string Name, string? UnitAddress, string? Arguments, int ArgumentsOffset)
{
    /// <summary>True when neither a name nor a unit address is given, so that it matches no child.</summary>
    public bool IsEmpty => Name.Length == 0 && UnitAddress == null;

    internal static DevicePathComponent Parse(ReadOnlySpan<char> text, int offset)
    {
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> device = colon < 0 ? text : text[..colon];
        int at = device.IndexOf('@');
        ReadOnlySpan<char> name = at < 0 ? device : device[..at];
        ReadOnlySpan<char> unit = at < 0 ? default : device[(at + 1)..];
        return new DevicePathComponent(
            text.ToString(),
            name.ToString(),
            unit.IsEmpty ? null : unit.ToString(),
            colon < 0 ? null : text[(colon + 1)..].ToString(),
            colon < 0 ? -1 : offset + colon + 1);
    }
}
