using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Booting;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Loading;
using Firmament.PowerPC;
using Convention = Firmament.Firmware.Hypercalls.HypercallConvention;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Pegasos2;

/// <summary>Open Firmware on a Pegasos II.</summary>
internal sealed class Pegasos2Firmware(
    Machine machine, MachineConfiguration configuration, IFirmwareConsole console, IPciConfiguration pci, IRealTimeClock clock, Action<StopResult> ask, Action<VirtualTime> nap)
    : BootFirmware(machine, configuration, Pegasos2Tree.NvramBytes, ask)
{
    /// <summary>
    /// What firmware keeps at the top of RAM: handler, arguments, 64 KiB of stack. Kernels are linked low, and Linux, which moves itself to 0,
    /// claims its own areas from wherever memory is free.
    /// </summary>
    private const uint ReservedBytes = 0x2_0000;

    /// <summary>The name of the console that Linux takes for ttyS0 on this board.</summary>
    private const string FailsafePath = "/failsafe";

    /// <summary>
    /// The UART itself, where there is no RTAS: Linux then prints through it from its first line, and needs no PCI bus to find it.
    /// </summary>
    private static readonly string UartPath = $"/isa@{BoardSetup.IsaPorts:x}/serial@i2f8";

    /// <inheritdoc/>
    public override ulong TimeBaseFrequency => Pegasos2Tree.TimeBaseFrequency;

    /// <inheritdoc/>
    public override IFirmwareConsole Console => console;

    /// <inheritdoc/>
    public override IPciConfiguration Pci => pci;

    /// <inheritdoc/>
    public override IRealTimeClock Clock => clock;

    /// <inheritdoc/>
    protected override AddressRange Reserved => new("the firmware", Ram.Size - ReservedBytes, ReservedBytes);

    /// <inheritdoc/>
    protected override uint StackBytes => 0x1_0000;

    /// <inheritdoc/>
    protected override LoadPolicy Policy => LoadPolicy.Pegasos2;

    /// <inheritdoc/>
    protected override AliasNames AliasNames => AliasNames.Pegasos2;

    /// <inheritdoc/>
    protected override Convention Convention => Configuration.Hypercall switch
    {
        HypercallConvention.Osi => Convention.Osi,
        HypercallConvention.Epapr => Convention.Epapr,
        _ => Convention.Papr,
    };

    /// <inheritdoc/>
    protected override RtasCalls? Rtas => Configuration.UseRtas ? PegasosRtas.For(this) : null;

    /// <inheritdoc/>
    public override void Idle(IProcessor processor, VirtualTime deadline) => nap(deadline);

    /// <inheritdoc/>
    protected override void Adjust(Tree tree)
    {
        if (!Configuration.UseRtas)
        {
            Pegasos2Tree.RemoveRtas(tree);
        }
    }

    /// <inheritdoc/>
    protected override string ConsolePath(Tree tree) =>
        !Configuration.UseRtas && tree.Find(FailsafePath) != null && tree.Find(UartPath) != null ? UartPath : FailsafePath;

    /// <inheritdoc/>
    protected override void Attach(OpenFirmware firmware) => firmware.Attach(firmware.Tree.Find(FailsafePath)!, new ConsolePackage(Console));
}
