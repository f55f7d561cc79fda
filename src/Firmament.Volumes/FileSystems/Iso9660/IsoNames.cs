using System.Text;

namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>File identifiers (ECMA-119 7.5).</summary>
internal static class IsoNames
{
    public static string Text(ReadOnlySpan<byte> bytes, bool joliet) =>
        joliet ? Encoding.BigEndianUnicode.GetString(bytes[..(bytes.Length & ~1)]) : Encoding.Latin1.GetString(bytes);

    /// <summary>Takes the version ";1" off, and the dot of a name without an extension.</summary>
    public static string WithoutVersion(string name)
    {
        int semicolon = name.LastIndexOf(';');
        if (semicolon > 0 && !name.AsSpan(semicolon + 1).ContainsAnyExceptInRange('0', '9'))
        {
            name = name[..semicolon];
        }

        return name.Length > 1 && name[^1] == '.' ? name[..^1] : name;
    }
}
