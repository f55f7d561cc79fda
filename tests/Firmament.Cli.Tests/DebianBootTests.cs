using Firmament.Cli.Installers;
using Firmament.Cli.Running;
using Firmament.Cli.Tests.Scripted;
using Firmament.Machines;

namespace Firmament.Cli.Tests;

/// <summary>boot debian with the real machine, and the apt sources it fetches another release with.</summary>
public sealed class DebianBootTests
{
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

    [Fact]
    public void A_host_of_another_distribution_names_no_archive()
    {
        Assert.Null(AptSources.FromStanzas("Types: deb\nURIs: http://mirror.test/ubuntu\nSuites: noble\n", "two"));
        Assert.Null(AptSources.FromLines(["deb http://mirror.test/ubuntu noble main"], "two"));
    }
}
