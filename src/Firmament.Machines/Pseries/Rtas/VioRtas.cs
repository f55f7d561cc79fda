using Firmament.Devices.Buses.Vio;
using Firmament.Firmware.Rtas;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>RTAS services of the virtual I/O bus.</summary>
internal sealed class VioRtas(VioBus bus) : IPseriesVioRtas
{
    /// <inheritdoc/>
    public uint SetTceBypass(uint unit, bool enable) => bus.TrySetBypass(unit, enable) ? RtasStatus.Success : RtasStatus.ParameterError;

    /// <inheritdoc/>
    public void Quiesce() => bus.Quiesce();
}
