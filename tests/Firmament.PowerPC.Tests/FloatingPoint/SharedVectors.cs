using System.IO.Compression;

namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Finds the vector files that live beside the project, not in it.</summary>
internal static class SharedVectors
{
    /// <summary>The lines of a gzip file below vectors/; skips the test if the folder is not there.</summary>
    public static IEnumerable<string> Lines(string relativePath)
    {
        string? folder = FindFolder();
        string path = folder is null ? relativePath : Path.Combine(folder, "vectors", relativePath);
        Assert.SkipUnless(File.Exists(path), $"{relativePath} is not here: set FIRMAMENT_SHARED to the folder that holds vectors/.");
        return Read(path);
    }

    private static IEnumerable<string> Read(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("FIRMAMENT_SHARED") is { Length: > 0 } configured)
        {
            return configured;
        }

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "vectors")))
            {
                return candidate;
            }
        }

        return null;
    }
}
