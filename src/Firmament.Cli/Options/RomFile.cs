using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>The file of -bios: as named, or a bare name in the folders of -L and where QEMU's packages put ROMs.</summary>
internal static class RomFile
{
    private static readonly string[] Usual = ["/usr/share/qemu", "/usr/local/share/qemu", "/usr/share/slof"];

    /// <summary>Finds it. A file that is nowhere keeps its name, for the message.</summary>
    public static GuestImage Find(string name, IEnumerable<string> folders)
    {
        if (!name.Contains('/', StringComparison.Ordinal) && !File.Exists(name))
        {
            foreach (string folder in folders.Concat(Usual))
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    return GuestImage.FromFile(path);
                }
            }
        }

        return GuestImage.FromFile(name);
    }
}
