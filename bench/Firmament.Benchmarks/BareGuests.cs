namespace Firmament.Benchmarks;

/// <summary>The programs that bench/guests makes.</summary>
internal static class BareGuests
{
    /// <summary>The last line each prints.</summary>
    public const string Marker = "BARE-DONE";

    private const string Prefix = "bare-";

    /// <param name="folder">Where they were made.</param>
    public static IEnumerable<string> Find(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, Prefix + "*").Order(StringComparer.Ordinal) : [];

    public static string Row(string path) => Path.GetFileName(path)[Prefix.Length..];
}
