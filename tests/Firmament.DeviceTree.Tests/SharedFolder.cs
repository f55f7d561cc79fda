namespace Firmament.DeviceTree.Tests;

/// <summary>Finds the folder of guest images and oracle logs beside the project.</summary>
internal static class SharedFolder
{
    public static byte[] Read(string relativePath)
    {
        string? root = Environment.GetEnvironmentVariable("FIRMAMENT_SHARED") ?? Search();
        string path = Path.Combine(root ?? "", relativePath);
        if (root == null || !File.Exists(path))
        {
            Assert.Skip($"{relativePath} is not in the shared folder; set FIRMAMENT_SHARED to the folder that has it.");
        }

        return File.ReadAllBytes(path);
    }

    private static string? Search()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "guests")))
            {
                return candidate;
            }
        }

        return null;
    }
}
