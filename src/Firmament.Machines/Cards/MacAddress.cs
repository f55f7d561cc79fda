using System.Globalization;
using Firmament.Core;

namespace Firmament.Machines.Cards;

/// <summary>Ethernet addresses of network cards.</summary>
internal static class MacAddress
{
    /// <summary>The address given to card <paramref name="index"/> (0 first) when the user gave none: QEMU's range, so that scripts that know it work.</summary>
    public static byte[] Default(int index) => [0x52, 0x54, 0x00, 0x12, 0x34, (byte)(0x56 + index)];

    /// <summary>Reads "52:54:00:12:34:56".</summary>
    /// <exception cref="UserErrorException">It is not six bytes in hexadecimal, or a group address.</exception>
    public static byte[] Parse(string text)
    {
        string[] parts = text.Split(':', '-');
        byte[] address = new byte[6];
        bool ok = parts.Length == 6;
        for (int i = 0; ok && i < 6; i++)
        {
            ok = parts[i].Length is 1 or 2 && byte.TryParse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out address[i]);
        }

        const byte GroupBit = 1;
        return ok && (address[0] & GroupBit) == 0
            ? address
            : throw new UserErrorException($"'{text}' is not the address of one network card; give for example mac=52:54:00:12:34:56.");
    }
}
