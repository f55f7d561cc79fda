namespace Firmament.Tests;

/// <summary>
/// Files that live beside the repository, not in it: guest images, QEMU's logs and trees ("guests/…"), instruction vectors ("vectors/…").
/// Looked for in $FIRMAMENT_GUESTS (guests only), $FIRMAMENT_SHARED, a folder "shared" in any folder above, and the cache that eng/guests/build.sh fills.
/// </summary>
internal static class SharedFolder
{
    private const string Guests = "guests/";

    /// <summary>The path of a file or folder, or null.</summary>
    /// <param name="relativePath">From the shared folder, with forward slashes.</param>
    public static string? Find(string relativePath) =>
        Candidates(relativePath).FirstOrDefault(static path => File.Exists(path) || Directory.Exists(path));

    /// <summary>The path of a file or folder, or a skipped test that says what is missing.</summary>
    /// <param name="relativePath">From the shared folder, with forward slashes.</param>
    /// <param name="remedy">What the reader can do about it.</param>
    public static string PathOf(string relativePath, string remedy = "set FIRMAMENT_SHARED to the folder that has it")
    {
        string? path = Find(relativePath);
        Assert.SkipWhen(path == null, $"{relativePath} is not on this machine: {remedy}.");
        return path!;
    }

    /// <summary>The contents of a file, or a skipped test.</summary>
    public static byte[] Read(string relativePath) => File.ReadAllBytes(PathOf(relativePath));

    private static IEnumerable<string> Candidates(string relativePath)
    {
        string? guest = relativePath.StartsWith(Guests, StringComparison.Ordinal) ? relativePath[Guests.Length..] : null;
        if (guest != null && Variable("FIRMAMENT_GUESTS") is { } guests)
        {
            yield return Path.Combine(guests, guest);
        }

        if (Variable("FIRMAMENT_SHARED") is { } shared)
        {
            yield return Path.Combine(shared, relativePath);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", relativePath);
        }

        if (guest != null)
        {
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "firmament", Guests, guest);
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
