using System.Formats.Tar;
using System.Globalization;
using Firmament.Core;

namespace Firmament.Cli.Installers;

/// <summary>
/// Debian's network installer for ppc64el, taken from the package that carries it with the host's own apt, and kept in the user's cache:
/// a second boot needs no network.
/// </summary>
/// <param name="release">Debian's release number.</param>
/// <param name="cache">Folder of the program's cache.</param>
/// <param name="progress">Told what happens.</param>
/// <param name="find">Gives the full name of a program, or null where there is none.</param>
internal sealed class DebianInstaller(int release, string cache, ProgressLine progress, Func<string, string?> find)
{
    private const string FailedToFetch = "Failed to fetch ";
    private const string ImageFolder = "/text/debian-installer/ppc64el/";

    /// <summary>The releases whose installers are known to boot, the default first, with their suites.</summary>
    public static IReadOnlyDictionary<int, string> Releases { get; } = new SortedDictionary<int, string> { [12] = "bookworm", [13] = "trixie" };

    private volatile string? _complaint;

    private string Package => string.Create(CultureInfo.InvariantCulture, $"debian-installer-{release}-netboot-ppc64el");

    private string Folder => Path.Combine(cache, string.Create(CultureInfo.InvariantCulture, $"debian-{release}-ppc64el"));

    /// <summary>The kernel.</summary>
    public string Kernel => Path.Combine(Folder, "vmlinux");

    /// <summary>The installer's RAM disk.</summary>
    public string Initrd => Path.Combine(Folder, "initrd.gz");

    /// <summary>Fetches the images unless the cache has them.</summary>
    /// <exception cref="UserErrorException">They cannot be had here; the sentence says what to do instead.</exception>
    public void Ensure()
    {
        if (File.Exists(Kernel) && File.Exists(Initrd))
        {
            return;
        }

        if (find("apt-get") is not { } apt || find("dpkg-deb") is not { } dpkg)
        {
            throw new UserErrorException(
                $"Fetching Debian's installer needs apt, which this host has not; download vmlinux and initrd.gz of the ppc64el netboot installer of Debian {release} "
                + "and give them to firmament run --machine pseries --kernel vmlinux --initrd initrd.gz.");
        }

        string work = Path.Combine(cache, string.Create(CultureInfo.InvariantCulture, $"fetch-{Environment.ProcessId}"));
        try
        {
            Directory.CreateDirectory(work);
            Unpack(dpkg, Fetch(apt, work), work);
            Directory.CreateDirectory(Folder);
            // The kernel last: both there means both complete.
            File.Move(Path.Combine(work, "initrd.gz"), Initrd, overwrite: true);
            File.Move(Path.Combine(work, "vmlinux"), Kernel, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The cache folder '{cache}' cannot be used ({error.Message.TrimEnd('.')}); set XDG_CACHE_HOME to a folder that can be written.", error);
        }
        finally
        {
            progress.Clear();
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    /// <summary>Downloads the package: from the host's own suites if they have it, else from the same archive's suite of that release.</summary>
    private string Fetch(string apt, string work)
    {
        if (Download(apt, [], work) is { } direct)
        {
            return direct;
        }

        string suite = Releases[release];
        if (AptSources.ForSuite(suite) is not { } sources)
        {
            throw CannotFetch();
        }

        string parts = Path.Combine(work, "sources");
        Directory.CreateDirectory(parts);
        Directory.CreateDirectory(Path.Combine(work, "lists", "partial"));
        File.WriteAllText(Path.Combine(parts, sources.FileName), sources.Text);
        string[] options =
            ["-oDir::Etc::SourceParts=" + parts, "-oDir::Etc::SourceList=/dev/null", "-oDir::State::Lists=" + Path.Combine(work, "lists")];
        progress.Say($"Reading the package list of Debian {release}");
        HostProgram.Run(apt, [.. options, "-q", "-oAPT::Status-Fd=1", "update"], work, ShowPercent($"Reading the package list of Debian {release}"), Complain);
        return Download(apt, options, work) ?? throw CannotFetch();
    }

    private UserErrorException CannotFetch() => new(
        $"apt cannot fetch the package {Package}{(_complaint == null ? "" : $" ({_complaint})")}; connect this host to its archive, run apt-get update as root and try again, "
        + "or give the installer's vmlinux and initrd.gz to firmament run --machine pseries.");

    /// <summary>Keeps apt's reason: the last that says why something could not be fetched, else its first.</summary>
    private void Complain(string line)
    {
        if (Reason(line) is { } reason && (_complaint == null || line.Contains(FailedToFetch, StringComparison.Ordinal)))
        {
            _complaint = reason;
        }
    }

    /// <summary>What a line of apt's says, without the address it tried, or null: "E: Failed to fetch ADDRESS  REASON", the same with "W: ", and "E: REASON".</summary>
    internal static string? Reason(string line)
    {
        const int MarkLength = 3;
        int behindAddress = line.IndexOf("  ", StringComparison.Ordinal);
        bool isFetch = line[Math.Min(MarkLength, line.Length)..].StartsWith(FailedToFetch, StringComparison.Ordinal) && behindAddress > 0;
        if (!line.StartsWith("E: ", StringComparison.Ordinal) && !(isFetch && line.StartsWith("W: ", StringComparison.Ordinal)))
        {
            return null;
        }

        string reason = line[(isFetch ? behindAddress + 2 : MarkLength)..].Trim().TrimEnd('.');
        return reason.Length == 0 ? null : reason;
    }

    private string? Download(string apt, string[] options, string work)
    {
        string what = $"Fetching Debian {release}'s installer";
        progress.Say(what);
        int status = HostProgram.Run(apt, [.. options, "-q", "-oAPT::Status-Fd=1", "-oAPT::Sandbox::User=root", "download", Package], work, ShowPercent(what), Complain);
        return status == 0 ? Directory.EnumerateFiles(work, Package + "_*.deb").FirstOrDefault() : null;
    }

    /// <summary>apt's status lines are "dlstatus:item:percent:text" (apt's README.progress-reporting).</summary>
    private Action<string> ShowPercent(string what) => line =>
    {
        string[] fields = line.Split(':');
        if (fields.Length >= 3 && fields[0] == "dlstatus" && double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double percent))
        {
            progress.Show(what, percent / 100);
        }
    };

    private void Unpack(string dpkg, string package, string work)
    {
        using System.Diagnostics.Process process = HostProgram.Start(dpkg, ["--fsys-tarfile", package], work);
        using TarReader tar = new(process.StandardOutput.BaseStream);
        int found = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            string name = Path.GetFileName(entry.Name);
            if (entry.DataStream != null && name is "vmlinux" or "initrd.gz" && entry.Name.Contains(ImageFolder, StringComparison.Ordinal))
            {
                using FileStream file = File.Create(Path.Combine(work, name));
                Copy(entry.DataStream!, file, entry.Length, $"Unpacking {name}");
                found++;
            }
        }

        process.WaitForExit();
        if (process.ExitCode != 0 || found != 2)
        {
            throw new UserErrorException($"The package {Package} does not hold the installer where it used to; give vmlinux and initrd.gz to firmament run by hand.");
        }
    }

    private void Copy(Stream from, FileStream to, long length, string what)
    {
        byte[] buffer = new byte[1 << 20];
        long done = 0;
        for (int read; (read = from.Read(buffer)) > 0; done += read)
        {
            to.Write(buffer, 0, read);
            progress.Show(what, (double)done / Math.Max(length, 1));
        }

        to.Flush(flushToDisk: true);
    }
}
