namespace Firmament.Benchmarks.Compare;

/// <summary>What can be compared, group by group.</summary>
internal sealed class Workloads(GuestFiles files)
{
    private const string Ready = "GUEST-READY";

    /// <summary>From process start to the guest's first instructions, which print this text.</summary>
    public Workload[] Start { get; } =
    [
        FirstInstruction(files, "pegasos2", is64Bit: false),
        FirstInstruction(files, "pseries", is64Bit: true),
    ];

    /// <summary>Programs with no operating system.</summary>
    public Workload[] Bare { get; } =
    [
        .. BareGuests.Find(files.Built).Select(static path => new Workload
        {
            Name = "bare/" + BareGuests.Row(path), Is64Bit = false, Files = [path], Marker = BareGuests.Marker,
        }),
    ];

    /// <summary>Kernels to the first process.</summary>
    public Workload[] Boot { get; } =
    [
        new() { Name = "boot/pegasos2", Is64Bit = false, Files = [files.Image("ppc32/vmlinux-builtin-16m")], Marker = Ready, Requirement = Requirement.Boot },
        new() { Name = "boot/pegasos2-zimage", Is64Bit = false, Files = [files.Image("ppc32/zImage.initrd")], Marker = Ready, Requirement = Requirement.Boot },
        new()
        {
            Name = "boot/pseries-be", Is64Bit = true, Files = BigEndian(files), CommandLine = "console=hvc0", Marker = Ready, Requirement = Requirement.Boot,
        },
        new()
        {
            Name = "boot/pseries-le", Is64Bit = true, Files = LittleEndian(files), CommandLine = "console=hvc0", Marker = Ready, Requirement = Requirement.Boot,
        },
    ];

    /// <summary>Debian's installer to its first question.</summary>
    public Workload[] Installer { get; } =
    [
        new()
        {
            Name = "installer/debian-12", Is64Bit = true, Files = [GuestFiles.Installer("vmlinux"), GuestFiles.Installer("initrd.gz")],
            CommandLine = "console=hvc0", Marker = "Select a language", Longest = TimeSpan.FromMinutes(20), Requirement = Requirement.Boot,
        },
    ];

    /// <summary>The guests that run /bench; the command comes with the rows.</summary>
    public Workload[] Bench { get; } =
    [
        InGuest("ppc32", is64Bit: false, [files.Image("ppc32/vmlinux-builtin-16m")]),
        InGuest("ppc64be", is64Bit: true, BigEndian(files)),
        InGuest("ppc64le", is64Bit: true, LittleEndian(files)),
    ];

    private static string[] BigEndian(GuestFiles files) => [files.Image("ppc64be/vmlinux"), files.Image("ppc64be/initramfs.cpio.gz")];

    private static string[] LittleEndian(GuestFiles files) => [GuestFiles.Installer("vmlinux"), files.Image("ppc64le/initramfs.cpio.gz")];

    private static Workload FirstInstruction(GuestFiles files, string machine, bool is64Bit) => new()
    {
        Name = "start/" + machine, Is64Bit = is64Bit, Files = [Path.Combine(files.Built, "start-" + machine)], Marker = "!", Requirement = Requirement.Start,
    };

    private static Workload InGuest(string name, bool is64Bit, string[] images) => new()
    {
        Name = "bench/" + name, Is64Bit = is64Bit, Files = images, CommandLine = $"console={(is64Bit ? "hvc0" : "ttyS0")} {GuestClock.KernelOption}", Marker = "RUN-DONE",
        Longest = TimeSpan.FromMinutes(30),
    };
}
