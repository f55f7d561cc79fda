using Firmament.Cli.Installers;
using Firmament.Cli.Options;
using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Commands;

/// <summary>boot SYSTEM: fetches an operating system's installer and boots it. boot IMAGE: boots what is on a disk or CD, as the firmware does.</summary>
internal static class BootCommand
{
    /// <summary>The systems it knows.</summary>
    public static readonly string[] Systems = ["debian"];

    private const string Machine = "pseries";
    private const ulong InstallerMemory = 1UL << 30;
    private const int CdPosition = 2;

    /// <summary>Turns the words after "boot" into what to boot and the options of run.</summary>
    /// <exception cref="UserErrorException">Nothing is named, or neither a system nor a file.</exception>
    public static (string Target, IReadOnlyList<string> Options) Split(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0].StartsWith('-'))
        {
            throw new UserErrorException($"boot starts a disk or CD image, or fetches a system's installer; name it: firmament boot disk.img|{string.Join('|', Systems)}.");
        }

        return Systems.Contains(words[0]) || File.Exists(words[0])
            ? (words[0], [.. words.Skip(1)])
            : throw new UserErrorException(
                $"There is no image and no system '{words[0]}' to boot{Suggestion.For(words[0], Systems)}; give a file or {string.Join(" or ", Systems)}, or a kernel to firmament run --kernel.");
    }

    /// <summary>Completes a request that boots <paramref name="target"/>.</summary>
    /// <exception cref="UserErrorException">It cannot be had, or an option contradicts it.</exception>
    public static void Prepare(CliHost host, RunRequest request, string target)
    {
        if (request.Kernel != null || request.Initrd != null)
        {
            throw new UserErrorException($"boot {target} brings its own kernel and initrd; leave --kernel and --initrd out, or give them to firmament run.");
        }

        if (Systems.Contains(target))
        {
            PrepareDebian(host, request);
        }
        else
        {
            PrepareImage(request, target);
        }

        request.MemoryBytes = request.HasMemory ? request.MemoryBytes : InstallerMemory;
        if (host.Streams.IsOutputTerminal && request.Until == null && !request.HasTimeMode)
        {
            // A person sits there, and the pauses of an installer or a boot menu should last as long as they say.
            request.TimeMode = TimeMode.Host;
        }
    }

    private static void PrepareImage(RunRequest request, string path)
    {
        BootMedium medium = BootMedium.Read(path);
        request.Machine = request.HasMachine ? request.Machine : medium.Machine;
        request.Drives.Add(medium.IsCdrom
            ? DriveOption.Own(path, CdPosition, DriveMedia.Cdrom)
            : new DriveConfiguration { File = path, Interface = DriveInterface.Own });
        request.BootOrder = medium.IsCdrom ? "d" : "c";
    }

    private static void PrepareDebian(CliHost host, RunRequest request)
    {
        if (request.HasMachine && request.Machine != Machine)
        {
            throw new UserErrorException($"Debian's installer for ppc64el needs machine '{Machine}', not '{request.Machine}'; leave --machine out.");
        }

        DebianInstaller installer = new(Release(request.Release), CacheFolder(), new ProgressLine(host.Streams), HostProgram.Find);
        installer.Ensure();
        request.Machine = Machine;
        request.Kernel = GuestImage.FromFile(installer.Kernel);
        request.Initrd = GuestImage.FromFile(installer.Initrd);
        // Debian's kernel has another console built in, for when it is told none.
        request.CommandLine = request.CommandLine.Length == 0 ? $"console={MachineKind.Find(request.Machine)!.Console}" : request.CommandLine;
    }

    private static int Release(string? text)
    {
        if (text == null)
        {
            return DebianInstaller.Releases.Keys.First();
        }

        string list = string.Join(" or ", DebianInstaller.Releases.Keys);
        foreach ((int number, string suite) in DebianInstaller.Releases)
        {
            if (text == suite || text == number.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                return number;
            }
        }

        throw new UserErrorException($"Debian {text} is no release whose installer is known to boot; give --release {list}.");
    }

    private static string CacheFolder()
    {
        string? folder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.Combine(
            string.IsNullOrEmpty(folder) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : folder, "firmament");
    }
}
