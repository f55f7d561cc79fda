namespace Firmament.Benchmarks.Compare;

/// <summary>Where the guests lie.</summary>
/// <param name="root">The checkout.</param>
internal sealed class GuestFiles(string root)
{
    /// <summary>Firmament's own cache.</summary>
    public static string Cache
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(
                string.IsNullOrEmpty(folder) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : folder, "firmament");
        }
    }

    /// <summary>What bench/guests made.</summary>
    public string Built => Path.Combine(root, "artifacts", "bench");

    /// <summary>The kernel of Debian's installer and its RAM disk, which `firmament boot debian` fetches.</summary>
    public static string Installer(string file) => Path.Combine(Cache, "debian-12-ppc64el", file);

    /// <summary>An image that the tests boot too; see eng/guests/README.md.</summary>
    public string Image(string name) => Path.Combine(Images, name);

    private string Images
    {
        get
        {
            string shared = Path.Combine(root, "..", "shared", "guests");
            return Environment.GetEnvironmentVariable("FIRMAMENT_GUESTS") ?? (Directory.Exists(shared) ? Path.GetFullPath(shared) : Path.Combine(Cache, "guests"));
        }
    }
}
