using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.DeviceTree.Paths;
using Firmament.Firmware.Booting;
using Firmament.Firmware.ClientInterface;
using Firmament.Firmware.Forth;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Nvram;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Display;
using Firmament.Firmware.Rtas;
using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>
/// Open Firmware on the host: the device tree, the packages on it, memory, the client interface, RTAS and the hypercalls that reach
/// them. A machine makes one for each boot, attaches packages to its nodes, claims what it loaded, and calls <see cref="Install"/>.
/// </summary>
/// <remarks>Nothing here knows one machine; what differs is in the platform, the tree and the options. SDR1 is never touched.</remarks>
public sealed class OpenFirmware : IStateful
{
    private readonly Dictionary<uint, IPackage> _packages = [];
    private readonly ServiceDispatcher _dispatcher;
    private uint _screen;

    /// <summary>Makes the firmware. Nothing reaches the guest before <see cref="Install"/>.</summary>
    /// <param name="platform">The machine.</param>
    /// <param name="tree">The live tree; the machine has built its nodes.</param>
    /// <param name="options">Choices of the machine and the user.</param>
    public OpenFirmware(IFirmwarePlatform platform, DeviceTree.DeviceTree tree, FirmwareOptions options)
    {
        Platform = platform;
        Tree = tree;
        Options = options;
        Memory = new MemoryAllocator(platform.Ram.Size, options.LowestAlignedClaim);
        Client = new ClientServices(this);
        Rtas = options.Rtas == null ? null : new RtasServices(this, options.Rtas);
        _dispatcher = new ServiceDispatcher(this);
        SystemCalls = options.Convention switch
        {
            HypercallConvention.Papr => new PaprHypercalls(_dispatcher),
            HypercallConvention.Osi => new OsiHypercalls(_dispatcher),
            HypercallConvention.Epapr => new EpaprHypercalls(_dispatcher),
            _ => throw new ArgumentException($"{options.Convention} is not a hypercall convention", nameof(options)),
        };
    }

    /// <summary>The machine.</summary>
    public IFirmwarePlatform Platform { get; }

    /// <summary>The live device tree.</summary>
    public DeviceTree.DeviceTree Tree { get; }

    /// <summary>The choices it was made with.</summary>
    public FirmwareOptions Options { get; }

    /// <summary>Physical memory: what is claimed. A loader claims images here before <see cref="Install"/>.</summary>
    public MemoryAllocator Memory { get; }

    /// <summary>All open instances.</summary>
    public InstanceTable Instances { get; } = new();

    /// <summary>The client interface.</summary>
    public ClientServices Client { get; }

    /// <summary>The run-time abstraction services; null on a machine without them.</summary>
    public RtasServices? Rtas { get; }

    /// <summary>What the CPU asks at each `sc`.</summary>
    public HypercallFrontEnd SystemCalls { get; }

    /// <summary>Forth, from <see cref="Install"/> on; without it `interpret` fails honestly.</summary>
    public IForthSystem? Forth { get; set; }

    /// <summary>The configuration variables; null on a machine without NVRAM.</summary>
    public IConfigurationVariables? Variables { get; set; }

    /// <summary>What `boot`, `load` and `go` do; null while the machine offers none of them.</summary>
    public IBootCommands? BootCommands { get; set; }

    /// <summary>The firmware's own program; null while the machine has none.</summary>
    public IFirmwareShell? Shell { get; set; }

    /// <summary>The display that shows what the firmware prints beside the serial console; null while none was chosen.</summary>
    public DisplayPackage? Screen => _screen != 0 && Tree.Find(_screen) is { } node ? PackageOf(node) as DisplayPackage : null;

    /// <summary>True when a client or the shell was given the processor in the present call: its registers are theirs, and nothing may be written to them.</summary>
    public bool ControlTransferred { get; private set; }

    /// <summary>Guest memory by physical address.</summary>
    public GuestAddressSpace Physical => new(Platform.Ram, null);

    /// <summary>Memory of the firmware itself: handler, argument string, client's stack. Empty before <see cref="Install"/>.</summary>
    public MemoryRange OwnMemory { get; private set; }

    /// <summary>The client interface handler, a client's r5.</summary>
    public uint HandlerAddress { get; private set; }

    private uint StackTop { get; set; }

    private uint ArgumentsAddress { get; set; }

    private uint ArgumentsLength { get; set; }

    private uint ArgumentsRoom { get; set; }

    internal bool TakeControlTransfer()
    {
        bool transferred = ControlTransferred;
        ControlTransferred = false;
        return transferred;
    }

    /// <summary>Gives a node methods, in place of any it had.</summary>
    public void Attach(DeviceNode node, IPackage package) => _packages[node.Phandle] = package;

    /// <summary>The methods of a node, or null.</summary>
    public IPackage? PackageOf(DeviceNode node) => _packages.GetValueOrDefault(node.Phandle);

    /// <summary>True when the node has the method, in Forth or in C#.</summary>
    public bool HasMethod(DeviceNode node, ReadOnlySpan<byte> method) =>
        Forth?.HasMethod(node, method) == true || PackageOf(node)?.HasMethod(method) == true;

    /// <summary>Runs a method of an instance; one defined in Forth hides the package's own.</summary>
    /// <returns>A catch result; <see cref="CatchResult.UnsupportedOperation"/> when there is no such method.</returns>
    public int CallMethod(Instance instance, ReadOnlySpan<byte> method, GuestAddressSpace space, DataStack stack)
    {
        if (Forth?.HasMethod(instance.Node, method) == true)
        {
            return Forth.CallMethod(instance, method, space, stack);
        }

        return instance.Package?.Call(method, new MethodCall(this, instance, space, stack)) ?? CatchResult.UnsupportedOperation;
    }

    /// <summary>Runs a method that takes nothing and gives one cell. Null when there is none, or it fails.</summary>
    public uint? Ask(Instance instance, ReadOnlySpan<byte> method)
    {
        DataStack stack = new();
        return CallMethod(instance, method, Physical, stack) == CatchResult.Ok && stack.Depth > 0 ? stack.Pop() : null;
    }

    /// <summary>
    /// Opens a package that is no child of the device it serves, `$open-package`: an instance whose parent is <paramref name="parent"/>.
    /// </summary>
    /// <returns>Null when its `open` fails; <paramref name="parent"/> stays open in any case.</returns>
    public Instance? OpenPackage(DeviceNode node, string? arguments, Instance? parent, GuestAddressSpace space)
    {
        Instance? instance = HasMethod(node, "open"u8) ? Instances.Create(node, PackageOf(node), parent, arguments) : null;
        if (instance == null || RunOpen(instance, space))
        {
            return instance;
        }

        Forth?.Forget(instance);
        Instances.Remove(instance);
        return null;
    }

    /// <summary>
    /// Puts the handler and the stack into guest memory and completes the tree: `/chosen`, `/rtas`, `/memory` `available`, `/options`,
    /// `/openprom`, and `/hypervisor` where that convention is chosen.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tree or the memory cannot carry a firmware; the message says what to change.</exception>
    public void Install()
    {
        FirmwareTree nodes = new(this);
        Forth ??= new ForthSystem(this);
        nodes.AttachStandardPackages();
        PlaceHandler();
        Memory.Changed = nodes.UpdateAvailable;
        nodes.Complete();
    }

    /// <summary>
    /// Completes `/rtas` and nothing else, for a client that gets a flat tree: it calls RTAS and the hypervisor and knows no client interface.
    /// </summary>
    /// <param name="runtime">
    /// Where RTAS is instantiated beforehand, a physical address that is a multiple of 4, for a client that nobody else does it for; null where a ROM will.
    /// The tree then has what Linux would have noted itself: `linux,rtas-base` and `linux,rtas-entry`.
    /// </param>
    public void InstallRuntime(uint? runtime = null)
    {
        if (Options.Rtas is not { } calls)
        {
            return;
        }

        DeviceNode rtas = Tree.Root.Child("rtas") ?? Tree.Root.AddChild("rtas");
        RtasNode.Write(rtas, calls, Options.Convention);
        if (runtime is { } entry && Physical.TryWrite(entry, GuestStub.BuildRtas(Options.Convention)))
        {
            rtas.SetCells("linux,rtas-base", entry).SetCells("linux,rtas-entry", entry);
        }
    }

    /// <summary>Makes the registers a client starts with (PowerPC binding 8.2.1). Call after <see cref="Install"/>.</summary>
    /// <param name="entry">The client's entry point.</param>
    /// <param name="r3">In practice the initial RAM disk's address, or 0.</param>
    /// <param name="r4">In practice the initial RAM disk's size, or 0.</param>
    public EntryState CreateEntryState(uint entry, uint r3 = 0, uint r4 = 0) =>
        new(entry, EntryState.RealModeMsr, StackTop, r3, r4, HandlerAddress, ArgumentsAddress, ArgumentsLength);

    /// <summary>Makes the registers of the loop that runs the firmware's own program.</summary>
    public EntryState CreateShellState() => CreateEntryState(HandlerAddress + GuestStub.MostBytes);

    /// <summary>Says that the registers of the calling processor are somebody else's now.</summary>
    public void TransferControl() => ControlTransferred = true;

    /// <summary>Gives the client that starts next its arguments: `/chosen` `bootargs` and the string in memory.</summary>
    /// <returns>False when the string is longer than the room for it; it is cut then.</returns>
    public bool SetBootArguments(string arguments)
    {
        (Tree.Root.Child("chosen") ?? Tree.Root.AddChild("chosen")).SetString("bootargs", arguments);
        byte[] text = Encoding.Latin1.GetBytes(arguments + "\0");
        uint room = ArgumentsRoom;
        bool fits = text.Length <= room;
        if (!fits)
        {
            Array.Resize(ref text, (int)room);
            text[^1] = 0;
        }

        ArgumentsLength = (uint)text.Length - 1;
        return Physical.TryWrite(ArgumentsAddress, text) && fits;
    }

    /// <summary>Opens every node of a resolved path from the root down. Null when any `open` fails; then nothing stays open.</summary>
    public Instance? Open(DeviceResolution path, GuestAddressSpace space)
    {
        Instance? instance = null;
        if (!path.Found)
        {
            return null;
        }

        for (int i = 0; i < path.Steps.Count; i++)
        {
            DevicePathStep step = path.Steps[i];
            IPackage? package = PackageOf(step.Node);
            bool hasOpen = HasMethod(step.Node, "open"u8);
            bool isLast = i == path.Steps.Count - 1;
            Instance? next = isLast && !hasOpen ? null : Instances.Create(step.Node, package, instance, step.Arguments);
            if (next == null || (hasOpen && !RunOpen(next, space)))
            {
                if (next != null)
                {
                    Forth?.Forget(next);
                    Instances.Remove(next);
                }

                Close(instance, space);
                return null;
            }

            instance = next;
        }

        return instance;
    }

    /// <summary>Closes an instance and its parents.</summary>
    public void Close(Instance? instance, GuestAddressSpace space)
    {
        while (instance != null)
        {
            ClosePackage(instance, space);
            instance = instance.Parent;
        }
    }

    /// <summary>Closes an instance and leaves its parents open, `close-package`.</summary>
    public void ClosePackage(Instance instance, GuestAddressSpace space)
    {
        if (Instances.Find(instance.Ihandle) == instance)
        {
            _ = CallMethod(instance, "close"u8, space, new DataStack());
            Forth?.Forget(instance);
            Instances.Remove(instance);
        }
    }

    /// <summary>
    /// Opens the console anew and puts its handle into `/chosen` `stdout`; handles given out before stay open. Where too many instances
    /// are open the present handle stays.
    /// </summary>
    public void ReopenConsole()
    {
        string path = _screen != 0 && Tree.Find(_screen) is { } screen ? screen.Path : Options.ConsolePath;
        if (Open(Tree.Resolve(path), Physical) is { } console)
        {
            (Tree.Root.Child("chosen") ?? Tree.Root.AddChild("chosen")).SetCells("stdout", console.Ihandle);
        }
    }

    /// <summary>
    /// Makes a display or the serial console `/chosen` `stdout` (the words `output` and `io`, the variable output-device). What the firmware prints
    /// goes to the serial console in any case.
    /// </summary>
    /// <returns>False, with nothing changed, when the path leads to neither, or it does not open.</returns>
    public bool SelectOutput(string path)
    {
        DeviceResolution found = Tree.Resolve(path);
        IPackage? package = found.Found ? PackageOf(found.Steps[^1].Node) : null;
        if (package is not (DisplayPackage or ConsolePackage) || Open(found, Physical) is not { } output)
        {
            return false;
        }

        _screen = package is DisplayPackage ? output.Node.Phandle : 0;
        (Tree.Root.Child("chosen") ?? Tree.Root.AddChild("chosen")).SetCells("stdout", output.Ihandle);
        return true;
    }

    /// <summary>Releases memory, but never the firmware's own.</summary>
    public bool TryRelease(ulong start, ulong size)
    {
        MemoryRange range = new(start, size);
        MemoryRange forth = (Forth as ForthSystem)?.OwnMemory ?? default;
        if ((OwnMemory.Size > 0 && range.Overlaps(OwnMemory)) || (forth.Size > 0 && range.Overlaps(forth)))
        {
            Platform.Tracer.GuestError("client", $"release of 0x{start:x}, size 0x{size:x}: that is the firmware's own memory");
            return false;
        }

        return Memory.TryRelease(start, size);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Begin("tree", 2);
        DeviceTreeState.Visit(state, Tree);
        state.End();
        state.Component("memory", Memory);
        state.Begin("instances", 1);
        Instances.Visit(state, Tree.Find, PackageOf);
        state.End();
        state.Component("client", Client);
        if (Forth is { } forth)
        {
            state.Component("forth", forth);
        }

        state.Field("screen", ref _screen);

        // Its size follows the argument string, which a client's "boot" changes.
        ulong ownStart = OwnMemory.Start;
        ulong ownSize = OwnMemory.Size;
        state.Field("own-start", ref ownStart);
        state.Field("own-size", ref ownSize);
        OwnMemory = new MemoryRange(ownStart, ownSize);
    }

    private bool RunOpen(Instance instance, GuestAddressSpace space)
    {
        DataStack stack = new();
        int result = CallMethod(instance, "open"u8, space, stack);
        return result == CatchResult.Ok && stack.Depth > 0 && stack.Pop() != 0;
    }

    private void PlaceHandler()
    {
        byte[] arguments = Encoding.Latin1.GetBytes((Options.BootArguments ?? "") + "\0");
        uint handlerSize = (uint)((2 * GuestStub.MostBytes) + arguments.Length + 4095) & ~4095u;
        uint stackSize = (Math.Max(Options.StackSize, 0x8000) + 4095) & ~4095u;
        uint size = handlerSize + stackSize;
        ulong start = Options.Base ?? 0;
        bool placed = Options.Base != null ? Memory.TryClaim(start, size) : Memory.TryClaimAligned(size, 4096, out start);
        if (!placed || !Physical.TryWrite(start, GuestStub.BuildClient(Options.Convention)))
        {
            throw new InvalidOperationException(
                $"no {size / 1024} KiB of guest memory are left for the firmware: give the machine more memory, or a smaller image");
        }

        _ = Physical.TryWrite(start + GuestStub.MostBytes, GuestStub.BuildShell(Options.Convention));
        OwnMemory = new MemoryRange(start, size);
        HandlerAddress = (uint)start;
        ArgumentsAddress = (uint)start + (2 * GuestStub.MostBytes);
        ArgumentsRoom = handlerSize - (2 * GuestStub.MostBytes);
        _ = Physical.TryWrite(ArgumentsAddress, arguments);
        ArgumentsLength = (uint)arguments.Length - 1;

        // The word at r1 is the back chain, 0; RAM there is cleared because a reset may have left an old stack.
        StackTop = (uint)(start + size) - 32;
        _ = Platform.Ram.TryFill(new(StackTop), 32, 0);
    }
}
