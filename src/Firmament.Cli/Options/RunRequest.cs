using System.Globalization;
using Firmament.Core;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>What the options of one run line add up to; <see cref="Build"/> checks the whole.</summary>
internal sealed class RunRequest
{
    public string Machine { get; set; } = MachineKind.All[0].Name;

    /// <summary>The user named a machine.</summary>
    public bool HasMachine { get; set; }

    public string? Cpu { get; set; }

    public CpuTopology Topology { get; set; } = CpuTopology.Single;

    public ExecutionEngine Engine { get; set; }

    public int CodeCacheBytes { get; set; } = PowerPC.Cpu.DefaultCodeCacheBytes;

    public Dictionary<string, string> MachineProperties { get; } = [];

    public ulong MemoryBytes
    {
        get;
        set
        {
            field = value;
            HasMemory = true;
        }
    }
    = MachineConfiguration.DefaultMemoryBytes;

    /// <summary>The user gave a size.</summary>
    public bool HasMemory { get; private set; }

    /// <summary>Which release of a system to fetch; null for the default.</summary>
    public string? Release { get; set; }

    public GuestImage? Kernel { get; set; }

    public GuestImage? Initrd { get; set; }

    public GuestImage? DeviceTree { get; set; }

    /// <summary>A ROM's file, as the user named it; null for none.</summary>
    public string? Rom { get; set; }

    /// <summary>Where a ROM is looked for, too.</summary>
    public List<string> DataFolders { get; } = [];

    public string CommandLine { get; set; } = "";

    /// <summary>Letters of the devices to boot from, in order.</summary>
    public string BootOrder { get; set; } = Firmament.Machines.Booting.BootOrder.Default;

    /// <summary>Open the firmware's prompt and boot nothing.</summary>
    public bool StopAtPrompt { get; set; }

    public List<DriveConfiguration> Drives { get; } = [];

    public List<DeviceConfiguration> Devices { get; } = [];

    public List<NetworkConfiguration> Networks { get; } = [];

    public List<NetworkConfiguration> NetCards { get; } = [];

    public List<NetworkConfiguration> NetBackends { get; } = [];

    /// <summary>The user said something of networks, if only that there is none.</summary>
    public bool ChoosesNetwork { get; set; }

    /// <summary>Devices that QEMU adds unasked are added here too.</summary>
    public bool AddsDefaults { get; init; }

    public SortedDictionary<int, NumaNodeRequest> NumaNodes { get; } = [];

    public Dictionary<string, ulong> MemoryObjects { get; } = [];

    public string? GuestName { get; set; }

    public Guid? GuestUuid { get; set; }

    public List<FolderConfiguration> Folders { get; } = [];

    public List<CaptureOption> Captures { get; } = [];

    public List<string> Serial { get; } = [];

    public string? Monitor { get; set; }

    public List<CharacterSpec> Chardevs { get; } = [];

    public List<string> MonitorChardevs { get; } = [];

    public bool NoGraphic { get; set; }

    public bool NoDefaults { get; set; }

    public int EscapeCharacter { get; set; } = 1;

    public Dictionary<string, string> FirmwareVariables { get; } = [];

    public HypercallConvention Hypercall { get; set; }

    public bool NoRtas { get; set; }

    public PciSetup PciSetup { get; set; }

    public string? NvramFile { get; set; }

    public string? RtcBase { get; set; }

    public TimeMode TimeMode
    {
        get;
        set
        {
            field = value;
            HasTimeMode = true;
        }
    }

    /// <summary>The user chose.</summary>
    public bool HasTimeMode { get; private set; }

    public int InstructionsPerNanosecond { get; set; } = 1;

    public ulong? Seed { get; set; }

    public bool SnapshotAll { get; set; }

    public List<string> Accelerators { get; } = [];

    public bool EnableKvm { get; set; }

    public TimeSpan? Timeout { get; set; }

    public string? Until { get; set; }

    public bool PrintHash { get; set; }

    public bool Statistics { get; set; }

    public bool NoReboot { get; set; }

    public bool NoShutdown { get; set; }

    public bool PanicFails { get; set; }

    public bool PanicIgnored { get; set; }

    public bool PanicPauses { get; set; }

    public bool StartPaused { get; set; }

    public TraceCategory Trace { get; set; }

    public string? TraceFile { get; set; }

    public bool TraceJson { get; set; }

    public string? Profile { get; set; }

    public long? ProfileEvery { get; set; }

    public GuestImage? Symbols { get; set; }

    public string? Perfetto { get; set; }

    public string? PidFile { get; set; }

    public string? DumpDeviceTree { get; set; }

    public string TreeFormat { get; set; } = "dts";

    public string? TreeDiff { get; set; }

    public string? TreeOutput { get; set; }

    /// <summary>What the trace commands are told.</summary>
    public TraceToolRequest TraceTool { get; } = new();

    public List<string> Notes { get; } = [];

    /// <summary>The complete plan.</summary>
    /// <param name="now">The host's time, for --rtc-base now and host time.</param>
    /// <param name="needsKernel">Something must be there to boot.</param>
    /// <exception cref="UserErrorException">Something is missing, contradicts, or is out of range.</exception>
    public RunPlan Build(DateTimeOffset now, bool needsKernel = true)
    {
        ChooseAccelerator();
        CpuNames.NoteStandIn(this);
        TraceOption.Check(this);
        MachineKind kind = MachineKind.Find(Machine)!;
        AddDefaults();
        List<DriveConfiguration> drives =
            [.. Drives.Select(d => d with { Snapshot = d.Snapshot || SnapshotAll, Interface = d.Interface == DriveInterface.Own ? kind.OwnDrives : d.Interface })];
        List<DeviceConfiguration> devices = DeviceOption.PlaceIdeDrives(Devices, drives);
        MachineConfiguration configuration = new()
        {
            Machine = Machine,
            Cpu = CpuNames.Resolve(Cpu, Machine),
            Topology = Topology,
            Engine = Engine,
            CodeCacheBytes = CodeCacheBytes,
            MachineProperties = MachineProperties,
            MemoryBytes = MemoryBytes,
            Kernel = Kernel,
            Initrd = Initrd,
            DeviceTree = DeviceTree,
            Rom = Rom == null ? null : RomFile.Find(Rom, DataFolders),
            CommandLine = CommandLine,
            BootOrder = BootOrder,
            StopAtPrompt = StopAtPrompt,
            Drives = drives,
            Devices = devices,
            Networks = [.. CaptureOption.Apply(Captures, Networks.Concat(NetworkOption.Pair(this, devices))).Select(
                network => network.Model == NetworkOption.OwnCard ? network with { Model = kind.OwnCard } : network)],
            NumaNodes = NumaOption.Build(this),
            GuestName = GuestName,
            GuestUuid = GuestUuid,
            Folders = Folders,
            FirmwareVariables = FirmwareVariables,
            Hypercall = Hypercall,
            UseRtas = !NoRtas,
            PciSetup = PciSetup,
            NvramFile = NvramFile,
            RtcBase = StartTime(now),
            NoReboot = NoReboot,
            Panic = PanicIgnored ? PanicAction.Ignore : PanicAction.Stop,
            TimeMode = TimeMode,
            InstructionsPerNanosecond = InstructionsPerNanosecond,
            Trace = Trace,
        };
        configuration = Seed is { } seed ? configuration with { Seed = seed } : configuration;
        ConsolePlan console = ConsolePlan.Build(this);
        configuration = configuration with
        {
            Serial = [.. console.SerialPorts.Select(id => new SerialConfiguration { Backend = id ?? "null" })],
        };
        configuration.Validate();
        if (Until != null && console.SerialPorts.All(static id => id == null) && devices.All(static device => device["chardev"] == null))
        {
            throw new UserErrorException("--until watches the consoles, and this machine has none; leave --serial none or -nodefaults out, or give --serial null.");
        }

        if (TraceFile != null && Trace == TraceCategory.None)
        {
            Notes.Add("Nothing is traced, so the trace file stays empty; add for example --trace firmware.");
        }

        if (needsKernel && Kernel == null && Rom == null && DumpDeviceTree == null && CommandLine.Length != 0)
        {
            throw new UserErrorException("-append only allowed with -kernel option; give --kernel too, or --prom-env boot-file=ARGUMENTS for what boots from a disk.");
        }

        if (StopAtPrompt && Kernel != null)
        {
            throw new UserErrorException("--ok opens the firmware's prompt and --kernel starts a program; leave one of them out.");
        }

        return Plan(configuration, console);
    }

    /// <summary>Parses a positive number of seconds.</summary>
    /// <exception cref="UserErrorException">It is not one.</exception>
    public static TimeSpan ParseSeconds(string option, string text)
    {
        string number = text.EndsWith('s') ? text[..^1] : text;
        bool good = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and <= 1_000_000;
        return good ? TimeSpan.FromSeconds(seconds)
            : throw new UserErrorException($"'{text}' is not a number of seconds; give for example {option} 60.");
    }

    private RunPlan Plan(MachineConfiguration configuration, ConsolePlan console) => new()
    {
        Configuration = configuration,
        Console = console,
        Timeout = Timeout,
        Until = Until,
        PrintHash = PrintHash,
        Statistics = Statistics,
        NoShutdown = NoShutdown,
        PanicFails = PanicFails,
        PanicPauses = PanicPauses,
        StartPaused = StartPaused,
        TraceFile = TraceFile,
        TraceJson = TraceJson,
        Profile = Profile,
        ProfileEvery = ProfileEvery ?? Machines.Profiling.GuestProfiler.DefaultEvery,
        Symbols = Symbols,
        Perfetto = Perfetto,
        PidFile = PidFile,
        DumpDeviceTree = DumpDeviceTree,
        Notes = Notes,
    };

    // Virtual time starts at a fixed date unless told otherwise, so that two runs are the same; host time starts now.
    private DateTimeOffset StartTime(DateTimeOffset now) => RtcBase != null
        ? RtcOption.Resolve(RtcBase, now)
        : TimeMode == TimeMode.Host ? new(now.UtcDateTime, TimeSpan.Zero) : MachineConfiguration.DefaultRtcBase;

    // The pseries reference, section 9: a network card and an empty CD drive.
    private void AddDefaults()
    {
        if (!AddsDefaults || NoDefaults || Machine != "pseries")
        {
            return;
        }

        if (!ChoosesNetwork)
        {
            Networks.Add(new NetworkConfiguration { Kind = NetworkBackendKind.User, Model = NetworkOption.OwnCard });
        }

        const int CdIndex = 2;
        bool hasCd = Drives.Any(static d => d.Media == DriveMedia.Cdrom || (d.Index == CdIndex && d.Interface is DriveInterface.Own or DriveInterface.Scsi))
            || Devices.Any(static d => d.Driver is "scsi-cd" or "ide-cd");
        if (!hasCd)
        {
            Drives.Add(new DriveConfiguration { Interface = DriveInterface.Own, Index = CdIndex, Media = DriveMedia.Cdrom });
        }
    }

    private void ChooseAccelerator()
    {
        if (EnableKvm)
        {
            Notes.Add("-enable-kvm: Firmament does not use KVM and goes on with its own engine.");
        }

        if (Accelerators.Count == 0)
        {
            return;
        }

        foreach (string name in Accelerators)
        {
            if (name is not ("tcg" or "kvm" or "hvf" or "xen" or "whpx" or "nvmm" or "qtest" or "hax"))
            {
                throw new UserErrorException($"There is no accelerator '{name}'{Suggestion.For(name, ["tcg", "kvm"])}; give -accel tcg or leave it out.");
            }
        }

        if (!Accelerators.Contains("tcg"))
        {
            throw new UserErrorException($"Accelerator '{Accelerators[0]}' is not available in Firmament; add -accel tcg or leave -accel out.");
        }

        if (Accelerators[0] != "tcg")
        {
            Notes.Add($"Accelerator '{Accelerators[0]}' is not available in Firmament, which goes on with its own engine.");
        }
    }
}
