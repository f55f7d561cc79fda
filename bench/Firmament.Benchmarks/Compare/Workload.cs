namespace Firmament.Benchmarks.Compare;

/// <summary>A guest that both emulators run from the same command line.</summary>
internal sealed record Workload
{
    /// <summary>What it is selected by: group/name.</summary>
    public required string Name { get; init; }

    /// <summary>True when it needs a 64-bit machine.</summary>
    public required bool Is64Bit { get; init; }

    /// <summary>The client program, the last of <see cref="Files"/> its RAM disk.</summary>
    public required string[] Files { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The text that ends it.</summary>
    public required string Marker { get; init; }

    /// <summary>Longest wall time of a run.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What it must reach.</summary>
    public Requirement Requirement { get; init; } = Requirement.None;

    /// <summary>Why it cannot run, with the remedy; null when it can.</summary>
    public string? Missing => Files.FirstOrDefault(static file => !File.Exists(file)) is not { } missing ? null
        : missing.StartsWith(GuestFiles.Installer(""), StringComparison.Ordinal) ? $"'{missing}' is missing; run ./firmament boot debian once"
        : $"'{missing}' is missing; make it with eng/guests/build.sh, or point FIRMAMENT_GUESTS at a folder that has it";

    /// <summary>The command line, in QEMU's spelling, which Firmament takes too.</summary>
    public string[] Arguments =>
    [
        .. Is64Bit ? Pseries : Pegasos2, "-kernel", Files[0], .. Files.Length > 1 ? (string[])["-initrd", Files[1]] : [],
        .. CommandLine.Length > 0 ? (string[])["-append", CommandLine] : [],
    ];

    // QEMU's default CPU has changed with its versions.
    private static string[] Pegasos2 { get; } =
        ["-M", "pegasos2", "-cpu", "7457", "-m", "512M", "-display", "none", "-vga", "none", "-nic", "none", "-monitor", "none", "-serial", "stdio"];

    // x-vof: QEMU's firmware on the host, as Firmament's, in place of a ROM that costs 3.9 G instructions. The capabilities are those its TCG has not.
    private static string[] Pseries { get; } =
    [
        "-M", "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off", "-cpu", "POWER9", "-m", "1G", "-nodefaults",
        "-display", "none", "-vga", "none", "-serial", "stdio",
    ];
}
