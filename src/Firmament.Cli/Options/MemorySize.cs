using System.Globalization;
using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>Sizes as QEMU writes them: "256" and "256M" are MiB, "1G", "1.5G", "65536K", "0x10M" is not accepted.</summary>
internal static class MemorySize
{
    /// <summary>The value of -m in bytes; keys slots= and maxmem= are read and change nothing.</summary>
    /// <exception cref="UserErrorException">The text is not a size.</exception>
    public static ulong ParseOption(string text)
    {
        OptionList list = OptionList.Parse("m", text, "size");
        string size = list.Take("size") ?? throw Bad(text);
        list.Ignore("slots", "maxmem");
        list.RefuseRest();
        return Parse(size);
    }

    /// <summary>A size in bytes; without a suffix the unit is MiB.</summary>
    /// <exception cref="UserErrorException">The text is not a size.</exception>
    public static ulong Parse(string text)
    {
        string number = text.EndsWith("iB", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text;
        int shift = 20;
        if (number.Length > 0 && char.IsAsciiLetter(number[^1]))
        {
            shift = char.ToUpperInvariant(number[^1]) switch
            {
                'B' => 0,
                'K' => 10,
                'M' => 20,
                'G' => 30,
                'T' => 40,
                _ => throw Bad(text),
            };
            number = number[..^1];
        }

        const NumberStyles Styles = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, Styles, CultureInfo.InvariantCulture, out decimal value) || value <= 0)
        {
            throw Bad(text);
        }

        decimal bytes;
        try
        {
            bytes = value * (1L << shift);
        }
        catch (OverflowException e)
        {
            throw new UserErrorException($"Memory size '{text}' is larger than any machine; give for example 512M.", e);
        }

        return bytes <= long.MaxValue
            ? (ulong)bytes
            : throw new UserErrorException($"Memory size '{text}' is larger than any machine; give for example 512M.");
    }

    private static UserErrorException Bad(string text)
        => new($"'{text}' is not a memory size; give a number with K, M or G, for example --memory 512M.");
}
