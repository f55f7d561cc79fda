using System.Globalization;
using System.Text;

namespace Firmament.Volumes.Boot;

/// <summary>Replaces entities of a boot script file; one that is not known stays as it is.</summary>
internal static class BootEntities
{
    private const int LongestName = 16;

    /// <param name="text">Text with entities.</param>
    /// <param name="location">What the entities of a place mean; null when there is no place.</param>
    public static string Replace(string text, BootLocation? location)
    {
        StringBuilder result = new(text.Length);
        int at = 0;
        for (int ampersand; (ampersand = text.IndexOf('&', at)) >= 0;)
        {
            result.Append(text, at, ampersand - at);
            ReadOnlySpan<char> rest = text.AsSpan(ampersand + 1);
            int length = rest[..Math.Min(rest.Length, LongestName)].IndexOf(';');
            string? value = length < 0 ? null : ValueOf(rest[..length].ToString().ToLowerInvariant(), location);
            result.Append(value ?? "&");
            at = ampersand + 1 + (value == null ? 0 : length + 1);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string? ValueOf(string name, BootLocation? location) => name switch
    {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        "device" => location?.Device,
        "partition" => location?.Partition,
        "directory" => location?.Directory,
        "filename" => location?.FileName,
        "full-path" => location?.FullPath,
        _ => Character(name),
    };

    /// <summary>"#10" and "#x0a".</summary>
    private static string? Character(string name)
    {
        if (name.Length < 2 || name[0] != '#')
        {
            return null;
        }

        bool ok = name[1] == 'x'
            ? ushort.TryParse(name.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)
            : ushort.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out code);
        return ok && code is > 0 and < 0xd800 ? ((char)code).ToString() : null;
    }
}
