using System.Reflection;

namespace Firmament.Cli;

/// <summary>Version texts.</summary>
internal static class ProgramVersion
{
    /// <summary>"0.1.0", from Directory.Build.props.</summary>
    public static string Own { get; } = Shorten(typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    /// <summary>The QEMU whose command line and behaviour were measured, then our own version.</summary>
    public static string QemuCompatible => $"7.2.22 (Firmament {Own})";

    /// <summary>What `--version` prints under QEMU's name; probes parse "QEMU emulator version (([0-9]+)\.([0-9]+)[^\n]*)".</summary>
    public static string QemuText => $"QEMU emulator version {QemuCompatible}\nFirmament is not QEMU; it takes QEMU's command line for the machines it has.\n";

    /// <summary>What our own `version` prints.</summary>
    public static string OwnText => $"firmament {Own}\n";

    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..plus];
    }
}
