using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Nvram;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Booting;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Loading;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;
using Convention = Firmament.Firmware.Hypercalls.HypercallConvention;

namespace Firmament.Machines.Pseries;

/// <summary>Open Firmware, RTAS and the hypervisor of a partition.</summary>
/// <param name="machine">The machine.</param>
/// <param name="configuration">What the user asked for.</param>
/// <param name="console">The first virtual terminal.</param>
/// <param name="consolePath">Its path, or null where there is none.</param>
/// <param name="clock">The time of day.</param>
/// <param name="nvramBytes">Bytes of the NVRAM.</param>
/// <param name="ask">Ends the run, or resets the machine.</param>
internal sealed class PseriesFirmware(
    PseriesMachine machine, MachineConfiguration configuration, IFirmwareConsole console, string? consolePath, IRealTimeClock clock, int nvramBytes, Action<StopResult> ask)
    : BootFirmware(machine, configuration, nvramBytes, ask)
{
    // Below the kernels and boot loaders that cannot move (GRUB is linked at 2 MiB), above the vectors.
    private const ulong Start = 0x1_0000;
    private const ulong ReservedBytes = 0x2_0000;

    private readonly BootMode _mode = PseriesOptions.Mode(configuration);

    /// <inheritdoc/>
    public override ulong TimeBaseFrequency => PseriesTree.TimeBaseFrequency;

    /// <inheritdoc/>
    public override IFirmwareConsole Console => console;

    /// <inheritdoc/>
    public override IRealTimeClock Clock => clock;

    /// <inheritdoc/>
    protected override BootMode Mode => _mode == BootMode.Rom && FlatBoot.IsTrampoline(Rom.Length) ? BootMode.FlatTree : _mode;

    /// <inheritdoc/>
    protected override AddressRange Reserved =>
        Mode == BootMode.OpenFirmware ? new("the firmware", Start, ReservedBytes) : FlatBoot.Range(machine.RealModeAreaBytes);

    /// <inheritdoc/>
    protected override uint StackBytes => 0x1_0000;

    /// <inheritdoc/>
    protected override LoadPolicy Policy { get; } = LoadPolicy.Pseries with
    {
        KernelBase = PseriesOptions.KernelAddress(configuration, LoadPolicy.Pseries.KernelBase),
        MovesAnyFromZero = PseriesOptions.Mode(configuration) != BootMode.OpenFirmware,
    };

    /// <inheritdoc/>
    protected override AliasNames AliasNames => AliasNames.Pseries;

    /// <inheritdoc/>
    protected override Convention Convention => Convention.Papr;

    /// <inheritdoc/>
    protected override RtasCalls Rtas => Partition.Rtas;

    /// <summary>What the guest asks of its partition. The machine makes it, over this platform, before the first boot.</summary>
    public PseriesPartition Partition { get; set; } = null!;

    /// <summary>The groups of hypercalls that are the devices'.</summary>
    public IReadOnlyList<Action<HypercallTable>> DeviceCalls { get; set; } = [];

    /// <summary>Divides an NVRAM that nothing was ever stored in into partitions, so that the guest finds room for its own.</summary>
    public void PrepareNvram()
    {
        if (NvramPartitions.IsBlank(Nvram))
        {
            NvramPartitions.Format(Nvram, Configuration.FirmwareVariables);
        }
    }

    /// <inheritdoc/>
    public override void Idle(IProcessor processor, VirtualTime deadline)
    {
        // PAPR guests idle by H_CEDE, which is the CPU's own business.
    }

    /// <inheritdoc/>
    public override bool TryStartProcessor(int index, uint pc, uint r3)
    {
        if (Partition.Processors.Find((ulong)index) is not { } processor || !Partition.Processors.AwaitsStart(processor))
        {
            return false;
        }

        processor.Start(pc, r3);
        return true;
    }

    /// <inheritdoc/>
    public override void StopProcessor(IProcessor processor) => Partition.Processors.Caller(processor).Stop();

    /// <inheritdoc/>
    protected override string ConsolePath(DeviceTree.DeviceTree tree) => consolePath ?? "/";

    /// <inheritdoc/>
    protected override FirmwareOptions Complete(FirmwareOptions options) =>
        options with { Architecture = Partition.Architecture, AnswersProblemState = true };

    /// <inheritdoc/>
    protected override void Attach(OpenFirmware firmware)
    {
        Partition.AddTo(firmware.SystemCalls.Table);
        foreach (Action<HypercallTable> add in DeviceCalls)
        {
            add(firmware.SystemCalls.Table);
        }

        if (firmware.Tree.Find("/rtas") is { } rtas)
        {
            HypertasFunctions.Write(rtas, firmware.SystemCalls.Table);
        }
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        state.Component("partition", Partition);
        base.Visit(state);
    }
}
