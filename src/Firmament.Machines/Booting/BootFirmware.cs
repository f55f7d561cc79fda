using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Flattened;
using Firmament.Firmware;
using Firmament.Firmware.Nvram;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Network;
using Firmament.Firmware.Packages.Storage;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Loading;
using Firmament.PowerPC;
using Convention = Firmament.Firmware.Hypercalls.HypercallConvention;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Booting;

/// <summary>
/// The firmware of one machine through all its boots: keeps the images, loads them at each boot, makes a new Open Firmware over a
/// new tree, and answers what Open Firmware asks of the machine.
/// </summary>
internal abstract class BootFirmware : IFirmwarePlatform, ISystemCallInterceptor, IStateful
{
    private readonly Machine _machine;
    private readonly Action<StopResult> _ask;
    private readonly ReadOnlyMemory<byte> _kernel;
    private readonly ReadOnlyMemory<byte> _initrd;
    private readonly ReadOnlyMemory<byte> _tree;
    private readonly ReadOnlyMemory<byte> _rom;
    private InstalledFirmware? _installed;
    private string _bootLine = "";
    private string _commandLine;
    private long _earlierClientCalls;
    private long _earlierRtasCalls;

    /// <summary>Reads the images. Nothing is loaded before <see cref="Boot"/>.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="configuration">What the user asked for.</param>
    /// <param name="nvramBytes">Bytes of the NVRAM.</param>
    /// <param name="ask">Ends the run, or resets the machine.</param>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    protected BootFirmware(Machine machine, MachineConfiguration configuration, int nvramBytes, Action<StopResult> ask)
    {
        _machine = machine;
        Configuration = configuration;
        _commandLine = configuration.CommandLine;
        _ask = ask;
        _kernel = configuration.Kernel?.Read("--kernel") ?? default;
        _initrd = configuration.Initrd?.Read("--initrd") ?? default;
        _tree = configuration.DeviceTree?.Read("--dtb") ?? default;
        _rom = configuration.Rom?.Read("-bios") ?? default;
        Nvram = OpenNvram(configuration.NvramFile, nvramBytes);
        foreach (IMachineProcessor processor in machine.Processors)
        {
            processor.Interceptor = this;
        }
    }

    /// <summary>The tree of the present boot, or null before the first.</summary>
    public Tree? Tree => _installed?.Firmware.Tree;

    /// <summary>Hypervisor calls served in all boots.</summary>
    public long Hypercalls { get; private set; }

    /// <summary>Client interface calls served in all boots.</summary>
    public long ClientCalls => _earlierClientCalls + (_installed?.Firmware.SystemCalls.Services.ClientCalls ?? 0);

    /// <summary>RTAS calls served in all boots.</summary>
    public long RtasCalls => _earlierRtasCalls + (_installed?.Firmware.SystemCalls.Services.RtasCalls ?? 0);

    /// <summary>What the user asked for.</summary>
    protected MachineConfiguration Configuration { get; }

    /// <summary>The firmware of the present boot; null before the first.</summary>
    protected OpenFirmware? Firmware => _installed?.Firmware;

    /// <summary>What the firmware of the present boot can drive; null before the first, and where the client gets no Open Firmware.</summary>
    internal FirmwareDevices? Devices => _installed?.Devices;

    /// <summary>The buses with devices that the firmware can drive, in the order of their aliases.</summary>
    internal IReadOnlyList<Action<FirmwareDevices>> Buses { get; init; } = [];

    /// <summary>What the machine's firmware calls its devices.</summary>
    protected abstract AliasNames AliasNames { get; }

    /// <summary>Who meets the client.</summary>
    protected virtual BootMode Mode => BootMode.OpenFirmware;

    /// <summary>The ROM; empty for none.</summary>
    protected ReadOnlyMemory<byte> Rom => _rom;

    /// <summary>What Open Firmware keeps for itself: handler, arguments, the client's stack.</summary>
    protected abstract AddressRange Reserved { get; }

    /// <summary>Bytes of <see cref="Reserved"/> that are the client's stack.</summary>
    protected abstract uint StackBytes { get; }

    /// <summary>Which kernels the machine takes, and where they go.</summary>
    protected abstract LoadPolicy Policy { get; }

    /// <summary>How the guest reaches the firmware.</summary>
    protected abstract Convention Convention { get; }

    /// <inheritdoc/>
    public GuestMemory Ram => _machine.Ram;

    /// <inheritdoc/>
    public Tracer Tracer => _machine.Tracer;

    /// <inheritdoc/>
    public VirtualTime Now => _machine.Clock.Now;

    /// <inheritdoc/>
    public abstract ulong TimeBaseFrequency { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProcessor> Processors => _machine.Processors;

    /// <inheritdoc/>
    public abstract IFirmwareConsole Console { get; }

    /// <inheritdoc/>
    public virtual IPciConfiguration? Pci => null;

    /// <inheritdoc/>
    public abstract IRealTimeClock? Clock { get; }

    /// <inheritdoc/>
    public INvram Nvram { get; }

    /// <summary>Loads the images, completes the tree and points the CPU at the client program.</summary>
    /// <param name="generated">The tree of the board; the user's own replaces it.</param>
    /// <exception cref="UserErrorException">An image does not fit, or the user's tree is unusable.</exception>
    public void Boot(Tree generated)
    {
        (_earlierClientCalls, _earlierRtasCalls) = (ClientCalls, RtasCalls);
        BootImage? boot = LoadImages();
        if (boot == null && Mode == BootMode.FlatTree)
        {
            throw new UserErrorException("There is nothing to start without Open Firmware; give --kernel FILE.");
        }

        if (Mode == BootMode.Rom)
        {
            FlatBoot.LoadRom(Ram, Configuration.Rom!.Name, _rom.Span, boot);
        }

        InstalledFirmware installed = Install(generated, boot);
        _installed = installed;
        if (boot == null && installed.Shell is { } shell)
        {
            shell.Start(_machine.Processor, _bootLine.Length == 0 ? null : "boot " + _bootLine);
            _bootLine = "";
            return;
        }

        uint entry = Mode == BootMode.Rom ? FlatBoot.RomEntry : (uint)boot!.EntryPoint;
        (uint initrd, uint initrdBytes) = boot?.Initrd is { } range ? ((uint)range.Start, (uint)range.Length) : (0, 0);
        EntryState state = Mode == BootMode.OpenFirmware
            ? installed.Firmware.CreateEntryState(entry, initrd, initrdBytes)
            : FlatBoot.Enter(Ram, Reserved, installed.Firmware.Tree, entry);
        state.ApplyTo(_machine.Processor);
    }

    /// <summary>Completes the tree as <see cref="Boot"/> would, without starting anything. A kernel is needed only for what depends on its size.</summary>
    /// <exception cref="UserErrorException">An image does not fit, or the user's tree is unusable.</exception>
    public Tree Describe(Tree generated) => Install(generated, LoadImages()).Firmware.Tree;

    /// <inheritdoc/>
    public bool TryIntercept(IProcessor cpu, int level)
    {
        if (_installed?.Firmware.SystemCalls.TryIntercept(cpu, level) != true)
        {
            return false;
        }

        Hypercalls++;
        _machine.EndSliceWhenStopped();
        return true;
    }

    /// <inheritdoc/>
    public void Request(PlatformRequest request, string detail)
    {
        switch (request)
        {
            case PlatformRequest.PowerOff:
                _ask(new StopResult(StopReason.PowerOff));
                break;
            case PlatformRequest.Boot:
                TakeBootLine(detail);
                _ask(new StopResult(StopReason.Reset));
                break;
            case PlatformRequest.Reset:
                _ask(new StopResult(StopReason.Reset));
                break;
            case PlatformRequest.Panic:
                if (Configuration.Panic == PanicAction.Stop)
                {
                    _ask(new StopResult(StopReason.Panic, 0, detail));
                }

                break;
            case PlatformRequest.ClientExit:
                _ask(new StopResult(StopReason.Exit, 0, detail.Length == 0 ? null : detail));
                break;
            default:
                _ask(new StopResult(StopReason.Error, 0, detail.Length == 0 ? "The firmware stopped the machine." : Capitalised(detail) + "."));
                break;
        }
    }

    /// <inheritdoc/>
    public void Quiesce() => _installed?.Devices?.Quiesce();

    /// <inheritdoc/>
    public abstract void Idle(IProcessor processor, VirtualTime deadline);

    /// <inheritdoc/>
    public bool Wait(VirtualTime duration) => _machine.WaitInCall(duration);

    /// <inheritdoc/>
    public void AwaitInput(bool took) => _machine.AwaitInput(took);

    /// <inheritdoc/>
    public virtual bool TryStartProcessor(int index, uint pc, uint r3) => false;

    /// <inheritdoc/>
    public virtual void StopProcessor(IProcessor processor) => _ask(new StopResult(StopReason.Error, 0, "The guest stopped its only CPU."));

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        Span<byte> chunk = stackalloc byte[256];
        for (int at = 0; at < Nvram.Size; at += chunk.Length)
        {
            Nvram.TryRead(at, chunk);
            state.Bytes("nvram", chunk);
            if (state.IsLoading)
            {
                Nvram.TryWrite(at, chunk);
            }
        }

        state.Text("command-line", ref _commandLine);
        state.Text("boot-line", ref _bootLine);
        if (_installed is { } installed)
        {
            state.Component("open-firmware", installed.Firmware);
            if (installed.Shell is { } shell)
            {
                state.Component("shell", shell);
            }

            if (installed.Devices is { } devices)
            {
                state.Component("devices", devices);
            }
        }
    }

    /// <summary>Where to boot from: the user's order (-boot), or disks before CDs before the network.</summary>
    private ConfigurationVariable BootDevice => new("boot-device", ConfigurationVariableKind.Text, BootOrder.Devices(Configuration.BootOrder, AliasNames.Disk, AliasNames.Cdrom, AliasNames.Network));

    /// <summary>Above what boot loaders are linked for, where a machine has that much memory.</summary>
    private static ConfigurationVariable LoadBase => new("load-base", ConfigurationVariableKind.Number, "0x4000000");

    /// <summary>Path of the console's node in a tree that is about to be used; the tree is the user's or the generated one.</summary>
    protected abstract string ConsolePath(Tree tree);

    /// <summary>The RTAS calls; null for none.</summary>
    protected abstract RtasCalls? Rtas { get; }

    /// <summary>Changes a tree, generated or the user's, as the configuration wants it.</summary>
    protected virtual void Adjust(Tree tree)
    {
    }

    /// <summary>Completes the firmware's options.</summary>
    protected virtual FirmwareOptions Complete(FirmwareOptions options) => options;

    /// <summary>Attaches packages and hypercalls that are the machine's.</summary>
    protected virtual void Attach(OpenFirmware firmware)
    {
    }

    /// <summary>With --kernel, the device part names what that gives; the arguments after it are the client's wish for the next boot.</summary>
    private void TakeBootLine(string line)
    {
        if (Configuration.Kernel == null)
        {
            _bootLine = line;
            return;
        }

        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        _commandLine = blank < 0 ? Configuration.CommandLine : line[(blank + 1)..].Trim();
    }

    private BootImage? LoadImages()
    {
        if (Configuration.Kernel is not { } kernel)
        {
            return null;
        }

        BootLoader loader = new(_machine.Name, Ram, Reserved, Policy);
        return loader.Load(kernel.Name, _kernel, Configuration.Initrd?.Name, _initrd);
    }

    private InstalledFirmware Install(Tree generated, BootImage? boot)
    {
        Tree tree = Configuration.DeviceTree is { } image ? ReadTree(image.Name) : generated;
        Adjust(tree);
        string consolePath = ConsolePath(tree);
        if (tree.Find(consolePath) == null)
        {
            throw new UserErrorException($"The device tree '{Configuration.DeviceTree?.Name}' has no {consolePath} node, the console of this machine; add it.");
        }

        OpenFirmware firmware = new(this, tree, Complete(new FirmwareOptions
        {
            Convention = Convention,
            ConsolePath = consolePath,
            BootArguments = _commandLine,
            Rtas = Rtas,
            Base = (uint)Reserved.Start,
            StackSize = StackBytes,
        }));
        if (Mode != BootMode.OpenFirmware)
        {
            InstallFlat(firmware, boot);
            return new(firmware, null, null);
        }

        foreach (AddressRange range in boot?.Occupied ?? [])
        {
            firmware.Memory.TryClaim(range.Start, range.Length);
        }

        AddBootNodes(tree, boot);
        FirmwareDevices devices = new(firmware, AliasNames);
        foreach (Action<FirmwareDevices> bus in Buses)
        {
            bus(devices);
        }

        AttachPackages(firmware, consolePath, devices);
        Attach(firmware);
        BootCommands boots = ConnectCommands(firmware);
        try
        {
            firmware.Install();
        }
        catch (InvalidOperationException error)
        {
            throw new UserErrorException(Capitalised(error.Message) + ".", error);
        }

        devices.EvaluateRoms();
        if (firmware.Variables?.Get("output-device") is { Length: > 0 } output)
        {
            _ = firmware.SelectOutput(output);
        }

        FirmwareShell shell = new(firmware, boots);
        firmware.Shell = shell;
        return new(firmware, devices, shell);
    }

    /// <summary>What a client finds in its tree without Open Firmware: what was loaded, and how to call RTAS and the hypervisor.</summary>
    private void InstallFlat(OpenFirmware firmware, BootImage? boot)
    {
        AddBootNodes(firmware.Tree, boot);
        if (_commandLine.Length != 0)
        {
            firmware.Tree.Root.Child("chosen")!.SetString("bootargs", _commandLine);
        }

        if (Mode == BootMode.Rom && boot != null)
        {
            FlatBoot.NameKernel(firmware.Tree, boot);
        }

        // A ROM instantiates RTAS for the client where it likes; a client without one finds it there already.
        firmware.InstallRuntime(Mode == BootMode.FlatTree ? FlatBoot.Runtime(Reserved) : null);
        Attach(firmware);
    }

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static INvram OpenNvram(string? file, int bytes)
    {
        if (file == null)
        {
            return new MemoryNvram(bytes);
        }

        try
        {
            return new FileNvram(file, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"The NVRAM file '{file}' cannot be used ({error.Message.TrimEnd('.')}); give --nvram a file of {bytes} bytes or a new name.", error);
        }
    }

    private Tree ReadTree(string name)
    {
        if (!FlattenedTree.TryRead(_tree.Span, out FdtImage? image, out FdtResult result))
        {
            throw new UserErrorException($"'{name}' is not a usable device tree: {result}; give a .dtb file.");
        }

        return image.Tree;
    }

    /// <summary>What depends on this boot, not on the board.</summary>
    private void AddBootNodes(Tree tree, BootImage? boot)
    {
        DeviceNode root = tree.Root;
        DeviceNode chosen = root.Child("chosen") ?? root.AddChild("chosen");
        // A tree of the user's may remember the initrd of the machine it came from.
        chosen.RemoveProperty("linux,initrd-start");
        chosen.RemoveProperty("linux,initrd-end");
        if (boot?.Initrd is { } initrd)
        {
            chosen.SetCells("linux,initrd-start", (uint)initrd.Start);
            chosen.SetCells("linux,initrd-end", (uint)initrd.End);
        }

        chosen.Set("rng-seed", SeededBytes.For(Configuration.Seed, "rng-seed"));
    }

    private BootCommands ConnectCommands(OpenFirmware firmware)
    {
        DeviceNode root = firmware.Tree.Root;
        DeviceNode options = root.Child("options") ?? root.AddChild("options");
        firmware.Variables = new ConfigurationVariables(Nvram, options, Configuration.FirmwareVariables, [.. ConfigurationVariables.Standard, BootDevice, LoadBase]);
        BootCommands boot = new(firmware, _machine.Name, Reserved, Policy);
        firmware.BootCommands = boot;
        return boot;
    }

    private void AttachPackages(OpenFirmware firmware, string consolePath, FirmwareDevices devices)
    {
        firmware.Attach(firmware.Tree.Find(consolePath)!, new ConsolePackage(Console));
        foreach (DeviceNode node in firmware.Tree.Nodes())
        {
            switch (node.GetString("device_type"))
            {
                case "nvram":
                    firmware.Attach(node, new NvramPackage(Nvram));
                    break;
                case "rtc":
                    firmware.Attach(node, new RtcPackage(Clock!));
                    break;
            }
        }

        foreach (FirmwareDevice device in devices.All)
        {
            if (device.Block is { } block)
            {
                firmware.Attach(device.Node, new BlockPackage(block));
            }

            if (device.Network is { } network)
            {
                _ = NetworkPackage.Attach(firmware, device.Node, network);
            }
        }
    }
}
