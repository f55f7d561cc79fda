using Firmament.Cli.Installers;
using Firmament.Cli.Options;
using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Commands;

/// <summary>boot SYSTEM: fetches an operating system's installer and boots it.</summary>
internal static class BootCommand
{
    /// <summary>The systems it knows.</summary>
    public static readonly string[] Systems = ["debian"];

    private const string Machine = "pseries";
    private const ulong InstallerMemory = 1UL << 30;

    /// <summary>Turns the words after "boot" into a system and the options of run.</summary>
    /// <exception cref="UserErrorException">No system, or an unknown one, is named.</exception>
    public static (string System, IReadOnlyList<string> Options) Split(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0].StartsWith('-'))
        {
            throw new UserErrorException($"boot fetches a system and starts its installer; name it: firmament boot {string.Join('|', Systems)}.");
        }

        return Systems.Contains(words[0])
            ? (words[0], [.. words.Skip(1)])
            : throw new UserErrorException(
                $"There is no system '{words[0]}' to boot{Suggestion.For(words[0], Systems)}; give {string.Join(" or ", Systems)}, or a kernel to firmament run --kernel.");
    }

    /// <summary>Fetches what the request needs and completes it.</summary>
    /// <exception cref="UserErrorException">The images cannot be had, or an option contradicts them.</exception>
    public static void Prepare(CliHost host, RunRequest request)
    {
        if (request.Kernel != null || request.Initrd != null)
        {
            throw new UserErrorException("boot debian brings its own kernel and initrd; leave --kernel and --initrd out, or give them to firmament run.");
        }

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
        request.MemoryBytes = request.HasMemory ? request.MemoryBytes : InstallerMemory;
        if (host.Streams.IsOutputTerminal && request.Until == null && !request.HasTimeMode)
        {
            // A person sits there, and the installer's pauses should last as long as they say.
            request.TimeMode = TimeMode.Host;
        }
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
