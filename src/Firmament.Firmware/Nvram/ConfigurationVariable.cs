using System.Globalization;

namespace Firmament.Firmware.Nvram;

/// <summary>A configuration variable that the firmware knows.</summary>
/// <param name="Name">As the user types it.</param>
/// <param name="Kind">What it may hold.</param>
/// <param name="Default">Its value when nobody sets it.</param>
public sealed record ConfigurationVariable(string Name, ConfigurationVariableKind Kind, string Default)
{
    /// <summary>True when the variable can hold <paramref name="value"/>.</summary>
    public bool Accepts(string value) => Kind switch
    {
        ConfigurationVariableKind.Flag => value is "true" or "false",
        ConfigurationVariableKind.Number => TryParseNumber(value, out _),
        ConfigurationVariableKind.Text => !value.AsSpan().ContainsAny("\0\r\n"),
        _ => !value.Contains('\0'),
    };

    /// <summary>Reads a number: decimal, with a sign if need be, or hexadecimal with 0x in front; 32 bits.</summary>
    public static bool TryParseNumber(string value, out uint number)
    {
        if (value.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return uint.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        bool ok = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long wide) && wide is >= int.MinValue and <= uint.MaxValue;
        number = ok ? (uint)wide : 0;
        return ok;
    }
}
