using System.Formats.Tar;
using System.Runtime.Versioning;
using Firmament.Cli.Installers;
using Firmament.Cli.Running;
using Firmament.Cli.Tests.Scripted;
using Firmament.Core;
using Firmament.Machines;

namespace Firmament.Cli.Tests;

/// <summary>boot debian with the real machine, and the apt sources it fetches another release with.</summary>
public sealed class DebianBootTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("firmament").FullName;

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public void The_installer_boots_to_its_language_screen()
    {
#if DEBUG
        Assert.Skip("The installer takes minutes in a Debug build; run this test in a Release build.");
#endif
        using MemoryStreams streams = new();
        int code = new CommandLineApp(new CliHost { Machines = new MachineFactory(), Streams = streams })
            .Invoke(["boot", "debian", "--until", "Select a language", "--timeout", "300"]);

        Assert.SkipWhen(code == ExitCodes.Failure && streams.Error.Contains("apt", StringComparison.Ordinal), streams.Error);
        Assert.True(code == 0, streams.Error);
    }

    [Fact]
    public void Another_suite_is_fetched_from_the_archive_of_the_hosts_stanza()
    {
        const string Sources = "Types: deb\nURIs: http://mirror.test/debian-security\nSuites: one-security\n\n"
            + "Types: deb\n# A comment\nURIs: http://mirror.test/debian/\nSuites: one one-updates\nComponents: main\nSigned-By: /k.gpg\n";

        Assert.Equal(
            "Types: deb\n# A comment\nURIs: http://mirror.test/debian/\nSuites: two\nComponents: main\nSigned-By: /k.gpg\n", AptSources.FromStanzas(Sources, "two"));
    }

    [Fact]
    public void Another_suite_is_fetched_from_the_archive_of_the_hosts_line()
    {
        Assert.Equal(
            "deb [signed-by=/k.gpg] http://mirror.test/debian two main\n",
            AptSources.FromLines(["# deb http://old.test/debian one main", "deb [signed-by=/k.gpg] http://mirror.test/debian one main"], "two"));
    }

    [Theory]
    [InlineData("E: Failed to fetch http://mirror.test/p.deb  Temporary failure resolving 'mirror.test'", "Temporary failure resolving 'mirror.test'")]
    [InlineData("W: Failed to fetch http://mirror.test/InRelease  Connection refused.", "Connection refused")]
    [InlineData("E: Unable to locate package some-package", "Unable to locate package some-package")]
    [InlineData("W: Download is performed unsandboxed as root", null)]
    [InlineData("E: ", null)]
    public void Apts_own_reason_is_told(string line, string? reason) => Assert.Equal(reason, DebianInstaller.Reason(line));

    [Fact]
    public void A_host_without_apt_learns_what_to_give_instead()
    {
        using Session session = new();

        string message = Assert.Throws<UserErrorException>(() => Installer(session, static _ => null).Ensure()).Message;

        Assert.Contains("needs apt, which this host has not", message, StringComparison.Ordinal);
        Assert.EndsWith("firmament run --machine pseries --kernel vmlinux --initrd initrd.gz.", message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_host_without_a_network_learns_apts_reason_and_keeps_no_rest()
    {
        using Session session = new();
        string apt = Script(session, "echo \"E: Failed to fetch http://mirror.test/p.deb  Temporary failure resolving 'mirror.test'\" >&2; echo 'E: Unable to locate package p' >&2; exit 100");

        string message = Assert.Throws<UserErrorException>(() => Installer(session, _ => apt).Ensure()).Message;

        Assert.Contains("(Temporary failure resolving 'mirror.test'); connect this host to its archive", message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_was_fetched_once_needs_no_apt_any_more()
    {
        using Session session = new();
        string package = session.FreshPath();
        using (TarWriter tar = new(File.Create(package)))
        {
            foreach (string name in (string[])["vmlinux", "initrd.gz", "other"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "./usr/lib/text/debian-installer/ppc64el/" + name) { DataStream = new MemoryStream([1, 2, 3]) });
            }
        }

        Dictionary<string, string> programs = new()
        {
            ["apt-get"] = Script(session, "echo dlstatus:1:50:Half; touch debian-installer-12-netboot-ppc64el_1_all.deb"),
            ["dpkg-deb"] = Script(session, $"cat '{package}'"),
        };
        Installer(session, programs.GetValueOrDefault).Ensure();
        DebianInstaller again = Installer(session, static _ => null);
        again.Ensure();

        Assert.Equal([1, 2, 3], File.ReadAllBytes(again.Kernel));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(again.Initrd));
        Assert.Equal("Fetching Debian 12's installer…\n", session.Streams.Error);
        Assert.Equal("debian-12-ppc64el", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(_cache))));
    }

    private DebianInstaller Installer(Session session, Func<string, string?> find) => new(12, _cache, new ProgressLine(session.Streams), find);

    [UnsupportedOSPlatform("windows")]
    private static string Script(Session session, string commands)
    {
        string path = session.FreshPath();
        File.WriteAllText(path, "#!/bin/sh\n" + commands + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    [Fact]
    public void The_installer_needs_its_machine()
    {
        using Session session = new();
        Assert.Equal(1, session.Call("boot", "debian", "--machine", "pegasos2"));
        Assert.Contains("needs machine 'pseries', not 'pegasos2'; leave --machine out.", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_of_another_distribution_names_no_archive()
    {
        Assert.Null(AptSources.FromStanzas("Types: deb\nURIs: http://mirror.test/ubuntu\nSuites: noble\n", "two"));
        Assert.Null(AptSources.FromLines(["deb http://mirror.test/ubuntu noble main"], "two"));
    }
}
