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
using Firmament.Firmware.Rtas;
using Firmament.Machines.Configuration;
using Firmament.Machines.Loading;
using Firmament.PowerPC;
using Convention = Firmament.Firmware.Hypercalls.HypercallConvention;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Pegasos2;

/// <summary>
/// The firmware of one machine through all its boots: keeps the images, loads them at each boot, makes a new Open Firmware over a
/// new tree, and answers what Open Firmware asks of the machine.
/// </summary>
internal sealed class BootFirmware : IFirmwarePlatform, ISystemCallInterceptor, IStateful
{
    /// <summary>
    /// What firmware keeps at the top of RAM: handler, arguments, 64 KiB of stack. Kernels are linked low, and Linux, which moves itself to 0,
    /// claims its own areas from wherever memory is free.
    /// </summary>
    private const uint ReservedBytes = 0x2_0000;

    private const uint StackBytes = 0x1_0000;
    /// <summary>The name of the console that Linux takes for ttyS0 on this board.</summary>
    private const string ConsolePath = "/failsafe";

    /// <summary>
    /// The UART itself, where there is no RTAS: Linux then prints through it from its first line, and needs no PCI bus to find it.
    /// </summary>
    private static readonly string UartPath = $"/isa@{BoardSetup.IsaPorts:x}/serial@i2f8";

    private readonly Machine _machine;
    private readonly MachineConfiguration _configuration;
    private readonly Action<StopResult> _ask;
    private readonly Action<VirtualTime> _nap;
    private readonly ReadOnlyMemory<byte> _kernel;
    private readonly ReadOnlyMemory<byte> _initrd;
    private readonly ReadOnlyMemory<byte> _tree;
    private readonly INvram _nvram;
    private OpenFirmware? _firmware;
    private string _commandLine;
    private long _earlierClientCalls;
    private long _earlierRtasCalls;

    /// <summary>Reads the images. Nothing is loaded before <see cref="Boot"/>.</summary>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public BootFirmware(
        Machine machine,
        MachineConfiguration configuration,
        IFirmwareConsole console,
        IPciConfiguration pci,
        IRealTimeClock clock,
        Action<StopResult> ask,
        Action<VirtualTime> nap)
    {
        _machine = machine;
        _configuration = configuration;
        _commandLine = configuration.CommandLine;
        _ask = ask;
        _nap = nap;
        Console = console;
        Pci = pci;
        Clock = clock;
        Processors = [machine.Processor];
        _kernel = configuration.Kernel?.Read("--kernel") ?? default;
        _initrd = configuration.Initrd?.Read("--initrd") ?? default;
        _tree = configuration.DeviceTree?.Read("--dtb") ?? default;
        _nvram = OpenNvram(configuration.NvramFile);
        machine.Processor.Interceptor = this;
    }

    /// <summary>The tree of the present boot, or null before the first.</summary>
    public Tree? Tree => _firmware?.Tree;

    /// <summary>Hypervisor calls served in all boots.</summary>
    public long Hypercalls { get; private set; }

    /// <summary>Client interface calls served in all boots.</summary>
    public long ClientCalls => _earlierClientCalls + (_firmware?.SystemCalls.Services.ClientCalls ?? 0);

    /// <summary>RTAS calls served in all boots.</summary>
    public long RtasCalls => _earlierRtasCalls + (_firmware?.SystemCalls.Services.RtasCalls ?? 0);

    private ulong FirmwareBase => Ram.Size - ReservedBytes;

    /// <inheritdoc/>
    public GuestMemory Ram => _machine.Ram;

    /// <inheritdoc/>
    public Tracer Tracer => _machine.Tracer;

    /// <inheritdoc/>
    public VirtualTime Now => _machine.Clock.Now;

    /// <inheritdoc/>
    public ulong TimeBaseFrequency => Pegasos2Tree.TimeBaseFrequency;

    /// <inheritdoc/>
    public IReadOnlyList<IProcessor> Processors { get; }

    /// <inheritdoc/>
    public IFirmwareConsole Console { get; }

    /// <inheritdoc/>
    public IPciConfiguration? Pci { get; }

    /// <inheritdoc/>
    public IRealTimeClock? Clock { get; }

    /// <inheritdoc/>
    public INvram? Nvram => _nvram;

    /// <summary>Loads the images, completes the tree and points the CPU at the client program.</summary>
    /// <param name="generated">The tree of the board; the user's own replaces it.</param>
    /// <exception cref="UserErrorException">An image does not fit, or the user's tree is unusable.</exception>
    public void Boot(Tree generated)
    {
        (_earlierClientCalls, _earlierRtasCalls) = (ClientCalls, RtasCalls);
        BootImage boot = LoadImages();
        _firmware = Install(generated, boot);
        (uint initrd, uint initrdBytes) = boot.Initrd is { } range ? ((uint)range.Start, (uint)range.Length) : (0, 0);
        _firmware.CreateEntryState((uint)boot.EntryPoint, initrd, initrdBytes).ApplyTo(_machine.Processor);
    }

    /// <summary>Completes the tree as <see cref="Boot"/> would, without starting anything. A kernel is needed only for what depends on its size.</summary>
    /// <exception cref="UserErrorException">An image does not fit, or the user's tree is unusable.</exception>
    public Tree Describe(Tree generated) => Install(generated, _configuration.Kernel == null ? null : LoadImages()).Tree;

    /// <inheritdoc/>
    public bool TryIntercept(IProcessor cpu, int level)
    {
        if (_firmware?.SystemCalls.TryIntercept(cpu, level) != true)
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
                // The device part names what --kernel gives here; the arguments after it are the client's wish for the next boot.
                int blank = detail.IndexOf(' ', StringComparison.Ordinal);
                _commandLine = blank < 0 ? _configuration.CommandLine : detail[(blank + 1)..].Trim();
                _ask(new StopResult(StopReason.Reset));
                break;
            case PlatformRequest.Reset:
                _ask(new StopResult(StopReason.Reset));
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
    public void Quiesce()
    {
        // The firmware here drives no device and starts no DMA: its console goes straight to the host.
    }

    /// <inheritdoc/>
    public void Idle(IProcessor processor, VirtualTime deadline) => _nap(deadline);

    /// <inheritdoc/>
    public bool TryStartProcessor(int index, uint pc, uint r3) => false;

    /// <inheritdoc/>
    public void StopProcessor(IProcessor processor) => _ask(new StopResult(StopReason.Error, 0, "The guest stopped its only CPU."));

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        Span<byte> chunk = stackalloc byte[256];
        for (int at = 0; at < Pegasos2Tree.NvramBytes; at += chunk.Length)
        {
            _nvram.TryRead(at, chunk);
            state.Bytes("nvram", chunk);
            if (state.IsLoading)
            {
                _nvram.TryWrite(at, chunk);
            }
        }

        state.Text("command-line", ref _commandLine);
        if (_firmware != null)
        {
            state.Component("open-firmware", _firmware);
        }
    }

    private BootImage LoadImages()
    {
        BootLoader loader = new(_machine.Name, Ram, new AddressRange("the firmware", FirmwareBase, ReservedBytes));
        return loader.Load(_configuration.Kernel!.Name, _kernel, _configuration.Initrd?.Name, _initrd);
    }

    private OpenFirmware Install(Tree generated, BootImage? boot)
    {
        Tree tree = _configuration.DeviceTree is { } image ? ReadTree(image.Name) : generated;
        if (!_configuration.UseRtas)
        {
            Pegasos2Tree.RemoveRtas(tree);
        }

        string consolePath = !_configuration.UseRtas && tree.Find(UartPath) != null ? UartPath : ConsolePath;
        OpenFirmware firmware = new(this, tree, new FirmwareOptions
        {
            Convention = _configuration.Hypercall switch
            {
                HypercallConvention.Osi => Convention.Osi,
                HypercallConvention.Epapr => Convention.Epapr,
                _ => Convention.Papr,
            },
            ConsolePath = consolePath,
            BootArguments = _commandLine,
            Rtas = _configuration.UseRtas ? PegasosRtas.Table : null,
            Base = (uint)FirmwareBase,
            StackSize = StackBytes,
        });
        foreach (AddressRange range in boot?.Occupied ?? [])
        {
            firmware.Memory.TryClaim(range.Start, range.Length);
        }

        AddFirmwareNodes(tree, boot);
        AttachPackages(firmware, consolePath);
        try
        {
            firmware.Install();
        }
        catch (InvalidOperationException error)
        {
            throw new UserErrorException(Capitalised(error.Message) + ".", error);
        }

        return firmware;
    }

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static INvram OpenNvram(string? file)
    {
        if (file == null)
        {
            return new MemoryNvram(Pegasos2Tree.NvramBytes);
        }

        try
        {
            return new FileNvram(file, Pegasos2Tree.NvramBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"The NVRAM file '{file}' cannot be used ({error.Message.TrimEnd('.')}); give --nvram a file of {Pegasos2Tree.NvramBytes} bytes or a new name.", error);
        }
    }

    private Tree ReadTree(string name)
    {
        if (!FlattenedTree.TryRead(_tree.Span, out FdtImage? image, out FdtResult result))
        {
            throw new UserErrorException($"'{name}' is not a usable device tree: {result}; give a .dtb file.");
        }

        return image.Tree.Find(ConsolePath) != null
            ? image.Tree
            : throw new UserErrorException($"The device tree '{name}' has no {ConsolePath} node, the console of this machine; add it.");
    }

    /// <summary>What depends on this boot, not on the board.</summary>
    private void AddFirmwareNodes(Tree tree, BootImage? boot)
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

        chosen.Set("rng-seed", SeededBytes.For(_configuration.Seed, "rng-seed"));
        DeviceNode options = root.Child("options") ?? root.AddChild("options");
        foreach ((string name, string value) in _configuration.FirmwareVariables)
        {
            options.SetString(name, value);
        }
    }

    private void AttachPackages(OpenFirmware firmware, string consolePath)
    {
        firmware.Attach(firmware.Tree.Find(ConsolePath)!, new ConsolePackage(Console));
        firmware.Attach(firmware.Tree.Find(consolePath)!, new ConsolePackage(Console));
        foreach (DeviceNode node in firmware.Tree.Nodes())
        {
            switch (node.GetString("device_type"))
            {
                case "nvram":
                    firmware.Attach(node, new NvramPackage(_nvram));
                    break;
                case "rtc":
                    firmware.Attach(node, new RtcPackage(Clock!));
                    break;
            }
        }
    }
}
