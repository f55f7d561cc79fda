using Firmament.Core;
using Firmament.Core.Tracing;

namespace Firmament.Machines.Configuration;

/// <summary>All that decides what machine is built. Making one does no I/O; the same configuration and input give the same run.</summary>
public sealed record MachineConfiguration
{
    /// <summary>512 MiB.</summary>
    public const ulong DefaultMemoryBytes = 512UL << 20;

    /// <summary>2026-01-01 00:00:00 UTC: the clock of a machine whose user did not ask for another, so that runs repeat exactly.</summary>
    public static readonly DateTimeOffset DefaultRtcBase = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>"pegasos2"; see <see cref="MachineKind"/>.</summary>
    public string Machine { get; init; } = "pegasos2";

    /// <summary>The CPU model (a name in <see cref="Firmament.PowerPC.CpuModel.All"/>), or null for the machine's own.</summary>
    public string? Cpu { get; init; }

    /// <summary>RAM in bytes; a multiple of 1 MiB, at least 16 MiB. The machine checks its own upper limit.</summary>
    public ulong MemoryBytes { get; init; } = DefaultMemoryBytes;

    /// <summary>The client program, or null when there is none (<c>firmament dt</c>).</summary>
    public GuestImage? Kernel { get; init; }

    /// <summary>The initial RAM disk, or null.</summary>
    public GuestImage? Initrd { get; init; }

    /// <summary>A flattened tree that replaces the generated one, or null.</summary>
    public GuestImage? DeviceTree { get; init; }

    /// <summary>A ROM that starts in place of Firmament's own firmware (QEMU's -bios), or null. Not every machine takes one.</summary>
    public GuestImage? Rom { get; init; }

    /// <summary>The kernel's command line (/chosen bootargs).</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Disks and CDs.</summary>
    public IReadOnlyList<DriveConfiguration> Drives { get; init; } = [];

    /// <summary>Devices to add, in order.</summary>
    public IReadOnlyList<DeviceConfiguration> Devices { get; init; } = [];

    /// <summary>Network backends.</summary>
    public IReadOnlyList<NetworkConfiguration> Networks { get; init; } = [];

    /// <summary>Folders of the host's for virtio-9p devices.</summary>
    public IReadOnlyList<FolderConfiguration> Folders { get; init; } = [];

    /// <summary>Serial ports, first to last; more than the board has is refused by the machine.</summary>
    public IReadOnlyList<SerialConfiguration> Serial { get; init; } = [];

    /// <summary>Devices to boot from in order when there is no kernel: letters of <see cref="Booting.BootOrder"/>.</summary>
    public string BootOrder { get; init; } = Booting.BootOrder.Default;

    /// <summary>True opens the firmware's prompt in place of booting, whatever `auto-boot?` says.</summary>
    public bool StopAtPrompt { get; init; }

    /// <summary>Firmware configuration variables set before boot (-prom-env), by name.</summary>
    public IReadOnlyDictionary<string, string> FirmwareVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>How the stub reaches the host.</summary>
    public HypercallConvention Hypercall { get; init; } = HypercallConvention.Sc1;

    /// <summary>False removes /rtas.</summary>
    public bool UseRtas { get; init; } = true;

    /// <summary>Who assigns PCI base addresses.</summary>
    public PciSetup PciSetup { get; init; } = PciSetup.Firmware;

    /// <summary>Keeps the NVRAM's contents between runs; null keeps them in memory only.</summary>
    public string? NvramFile { get; init; }

    /// <summary>What the real-time clock says at power-on, UTC.</summary>
    public DateTimeOffset RtcBase { get; init; } = DefaultRtcBase;

    /// <summary>True makes a guest's reset end the run with <see cref="StopReason.Reset"/>; else the machine resets and goes on.</summary>
    public bool NoReboot { get; init; }

    /// <summary>What a guest's panic does.</summary>
    public PanicAction Panic { get; init; } = PanicAction.Stop;

    /// <summary>How time runs.</summary>
    public TimeMode TimeMode { get; init; } = TimeMode.Virtual;

    /// <summary>Speed of the virtual CPU: retired instructions in one nanosecond of virtual time, 1 to 16.</summary>
    public int InstructionsPerNanosecond { get; init; } = 1;

    /// <summary>What runs the guest's instructions.</summary>
    public ExecutionEngine Engine { get; init; } = ExecutionEngine.Translator;

    /// <summary>Memory for translated code, in bytes; when it is full, everything translated is thrown away. At least 1 MiB.</summary>
    public int CodeCacheBytes { get; init; } = PowerPC.Cpu.DefaultCodeCacheBytes;

    /// <summary>How many CPUs.</summary>
    public CpuTopology Topology { get; init; } = CpuTopology.Single;

    /// <summary>NUMA nodes; none for one node of everything.</summary>
    public IReadOnlyList<NumaConfiguration> NumaNodes { get; init; } = [];

    /// <summary>The guest's name as it is told, or null.</summary>
    public string? GuestName { get; init; }

    /// <summary>The guest's UUID as it is told, or null.</summary>
    public Guid? GuestUuid { get; init; }

    /// <summary>The machine's own properties (QEMU's -machine name,property=value); <see cref="MachineKind.Properties"/> lists them.</summary>
    public IReadOnlyDictionary<string, string> MachineProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>Seed of the guest's random numbers (virtio-rng, /chosen rng-seed).</summary>
    public ulong Seed { get; init; } = 0x4669726d616d656e;

    /// <summary>Which trace events reach <see cref="HostServices.TraceSink"/>.</summary>
    public TraceCategory Trace { get; init; } = TraceCategory.None;

    /// <summary>Checks what can be checked without the board and without I/O.</summary>
    /// <exception cref="UserErrorException">A value is out of range, or two contradict each other.</exception>
    public void Validate()
    {
        if (MachineKind.Find(Machine) is not { } kind)
        {
            throw new UserErrorException($"There is no machine '{Machine}'; the machines are {string.Join(", ", MachineKind.All.Select(static entry => entry.Name))}.");
        }

        if (Topology.Cpus > kind.MostCpus)
        {
            throw new UserErrorException(kind.MostCpus == 1
                ? $"Machine '{Machine}' has one CPU; give -smp 1 or leave -smp out."
                : $"Machine '{Machine}' has at most {kind.MostCpus} CPUs, not {Topology.Cpus}; give -smp {kind.MostCpus} or less.");
        }

        if (MemoryBytes > kind.MostMemory)
        {
            throw new UserErrorException($"{Machine} takes at most {kind.MostMemory >> 30} GiB of memory; give --memory {kind.MostMemory >> 30}G or less.");
        }

        if (Rom != null && !kind.TakesRom)
        {
            throw new UserErrorException("Firmament is the firmware and does not run a ROM; leave -bios out and give --kernel.");
        }

        if (MachineProperties.Keys.FirstOrDefault(name => !kind.Properties.Contains(name)) is { } unknown)
        {
            throw new UserErrorException($"Property '{Machine}-machine.{unknown}' not found; leave out '{unknown}=', which this machine does not have.");
        }

        const ulong Mebibyte = 1UL << 20;
        if (MemoryBytes < 16 * Mebibyte)
        {
            throw new UserErrorException($"{MemoryBytes / Mebibyte} MiB of memory is too little to boot; give --memory 16M or more.");
        }

        if (MemoryBytes % Mebibyte != 0)
        {
            throw new UserErrorException("The memory size is not a whole number of MiB; give for example --memory 512M.");
        }

        if (CodeCacheBytes < PowerPC.Cpu.LeastCodeCacheBytes)
        {
            throw new UserErrorException($"A code cache of {CodeCacheBytes} bytes is too small; give at least 1M.");
        }

        if (InstructionsPerNanosecond is < 1 or > 16)
        {
            throw new UserErrorException($"{InstructionsPerNanosecond} instructions per nanosecond is out of range; give 1 to 16.");
        }

        if (Kernel == null && Initrd != null)
        {
            throw new UserErrorException("-initrd only allowed with -kernel option; give --kernel too.");
        }

        _ = Booting.BootOrder.Devices(BootOrder);
        NumaChecks.Validate(this);
        DriveChecks.Validate(Drives, Devices, kind);
        NetworkChecks.Validate(Networks, Devices);
        FolderChecks.Validate(Folders, Devices);
    }
}
