namespace Firmament.Benchmarks;

/// <summary>The programs that bench/guests makes.</summary>
internal static class BareGuests
{
    /// <summary>The last line each prints.</summary>
    public const string Marker = "BARE-DONE";

    private const string Prefix = "bare-";

    public static IEnumerable<string> Find(string root, string[] rows) =>
        Directory.GetFiles(Path.Combine(root, "artifacts", "bench"), Prefix + "*")
            .Where(path => rows.Length == 0 || rows.Contains(Row(path)))
            .Order(StringComparer.Ordinal);

    public static string Row(string path) => Path.GetFileName(path)[Prefix.Length..];
}
