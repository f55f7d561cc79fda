using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Booting;
using Firmament.Machines.Configuration;
using Firmament.Machines.Loading;
using Firmament.Machines.Pseries.Hypercalls;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;
using Convention = Firmament.Firmware.Hypercalls.HypercallConvention;

namespace Firmament.Machines.Pseries;

/// <summary>Open Firmware, RTAS and the hypervisor of a partition.</summary>
internal sealed class PseriesFirmware(
    PseriesMachine machine, MachineConfiguration configuration, PseriesServices services, string? consolePath, int nvramBytes, Action<StopResult> ask)
    : BootFirmware(machine, configuration, nvramBytes, ask)
{
    // Below the kernels and boot loaders that cannot move (GRUB is linked at 2 MiB), above the vectors.
    private const ulong Start = 0x1_0000;
    private const ulong ReservedBytes = 0x2_0000;

    /// <inheritdoc/>
    public override ulong TimeBaseFrequency => PseriesTree.TimeBaseFrequency;

    /// <inheritdoc/>
    public override IFirmwareConsole Console => services.Console;

    /// <inheritdoc/>
    public override IRealTimeClock Clock => services.Clock;

    /// <inheritdoc/>
    protected override AddressRange Reserved => new("the firmware", Start, ReservedBytes);

    /// <inheritdoc/>
    protected override uint StackBytes => 0x1_0000;

    /// <inheritdoc/>
    protected override LoadPolicy Policy => LoadPolicy.Pseries;

    /// <inheritdoc/>
    protected override Convention Convention => Convention.Papr;

    /// <inheritdoc/>
    protected override RtasCalls Rtas => services.BindRtas(this);

    /// <inheritdoc/>
    public override void Idle(IProcessor processor, VirtualTime deadline)
    {
        // PAPR guests idle by H_CEDE, which is the CPU's own business.
    }

    /// <inheritdoc/>
    public override bool TryStartProcessor(int index, uint pc, uint r3)
    {
        if (services.Processors.Find((ulong)index) is not { IsStopped: true } processor)
        {
            return false;
        }

        processor.Start(pc, r3);
        return true;
    }

    /// <inheritdoc/>
    public override void StopProcessor(IProcessor processor) => services.Processors.Caller(processor).Stop();

    /// <inheritdoc/>
    protected override string ConsolePath(DeviceTree.DeviceTree tree) => consolePath ?? "/";

    /// <inheritdoc/>
    protected override FirmwareOptions Complete(FirmwareOptions options) =>
        options with { Architecture = services.Architecture, AnswersProblemState = true };

    /// <inheritdoc/>
    protected override void Attach(OpenFirmware firmware)
    {
        services.AddHypercalls(firmware.SystemCalls.Table);
        if (firmware.Tree.Find("/rtas") is { } rtas)
        {
            HypertasFunctions.Write(rtas, firmware.SystemCalls.Table);
        }
    }
}
