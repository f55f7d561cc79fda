using System.Diagnostics;

namespace Firmament.Machines.Tests.Booting;

/// <summary>Media with GRUB, made once by eng/guests/grub.sh and kept in the user's cache.</summary>
internal static class GrubMedia
{
    private static readonly string[] Tools =
        ["/usr/bin/grub-mkimage", "/usr/bin/grub-mkrescue", "/usr/bin/xorriso", "/usr/bin/mformat", "/usr/sbin/mkfs.ext4", "/usr/sbin/sfdisk"];

    /// <summary>The folder with grub.iso, disk.img and grub.elf, or a skipped test that says what is missing.</summary>
    /// <param name="name">Names the set.</param>
    /// <param name="kernel">The kernel in it.</param>
    /// <param name="initrd">Its initial RAM disk.</param>
    /// <param name="arguments">Its command line.</param>
    public static string Folder(string name, string kernel, string initrd, string arguments)
    {
        string cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "firmament", "grub-" + name);
        if (File.Exists(Path.Combine(cache, "grub.iso")) && File.Exists(Path.Combine(cache, "disk.img")))
        {
            return cache;
        }

        if (Tools.FirstOrDefault(static tool => !File.Exists(tool)) is { } missing)
        {
            Assert.Skip($"{missing} is missing; eng/test-tools.sh installs it");
        }

        string script = Path.Combine(RepositoryRoot(), "eng", "guests", "grub.sh");
        string making = $"{cache}.{Environment.ProcessId}";
        using Process process = Process.Start(new ProcessStartInfo(script, [making, kernel, initrd, arguments]) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Assert.Skip("eng/guests/grub.sh could not make GRUB's media, which need Debian's packages: " + errors);
        }

        if (Directory.Exists(cache))
        {
            Directory.Delete(cache, recursive: true);
        }

        Directory.Move(making, cache);
        return cache;
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Firmament.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run from a checkout");
        }

        return folder;
    }
}
