using System.IO.Compression;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>The vector files that live beside the project, not in it.</summary>
internal static class SharedVectors
{
    /// <summary>The lines of a gzip file below vectors/; skips the test if it is not there.</summary>
    public static IEnumerable<string> Lines(string relativePath) => Read(SharedFolder.PathOf("vectors/" + relativePath));

    /// <summary>The names of all .jsonl.gz files in vectors/, sorted; skips the test if the folder is not there.</summary>
    public static string[] Files() =>
        [.. Directory.GetFiles(SharedFolder.PathOf("vectors"), "*.jsonl.gz").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Read(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
