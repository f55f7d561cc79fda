namespace Firmament.Machines.Tests.Support;

/// <summary>
/// The guest images: $FIRMAMENT_GUESTS, then a folder shared/guests beside the repository (or $FIRMAMENT_SHARED/guests),
/// then the cache that eng/guests/build.sh fills.
/// </summary>
internal static class Guests
{
    /// <summary>The path of an image, or a skipped test that says what is missing and what makes it.</summary>
    public static string Path(string image) =>
        Find(image, $"The guest image {image} is missing: make it with eng/guests/build.sh, or point FIRMAMENT_GUESTS at a folder that has it.");

    /// <summary>The path of a log or tree that QEMU wrote on this machine, or a skipped test. Nothing here can make one.</summary>
    public static string OraclePath(string file) =>
        Find("oracle/pegasos2/" + file, $"QEMU's record oracle/pegasos2/{file} is missing: point FIRMAMENT_GUESTS at a folder that has it.");

    /// <summary>The same for pseries.</summary>
    public static string PseriesOraclePath(string file) =>
        Find("oracle/pseries/" + file, $"QEMU's record oracle/pseries/{file} is missing: point FIRMAMENT_GUESTS at a folder that has it.");

    private static string Find(string file, string otherwise)
    {
        foreach (string folder in Folders())
        {
            string path = System.IO.Path.Combine(folder, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip(otherwise);
        return "";
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("FIRMAMENT_GUESTS") is { Length: > 0 } guests)
        {
            yield return guests;
        }

        if (Environment.GetEnvironmentVariable("FIRMAMENT_SHARED") is { Length: > 0 } shared)
        {
            yield return System.IO.Path.Combine(shared, "guests");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            yield return System.IO.Path.Combine(folder.FullName, "shared", "guests");
        }

        yield return System.IO.Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "firmament", "guests");
    }
}
