using Firmament.Core.Interrupts;
using Firmament.Devices.Interrupts;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Rtas;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// The RTAS services of XICS's source layer (LoPAPR 1.1 7.3.10). Each returns an RTAS status; while XIVE is the partition's controller
/// they answer a hardware error.
/// </summary>
/// <param name="interrupts">The machine's interrupts.</param>
internal sealed class XicsRtas(PseriesInterrupts interrupts) : IPseriesInterruptRtas
{
    private bool IsActive => interrupts.Mode == InterruptMode.Xics;

    /// <summary>ibm,set-xive: server and priority (0 to 0xff) of a source.</summary>
    public uint SetXive(uint source, uint server, uint priority) =>
        IsActive ? Status(interrupts.Xics.SetXive(source, server, priority)) : RtasStatus.HardwareError;

    /// <summary>ibm,get-xive.</summary>
    public uint GetXive(uint source, out uint server, out uint priority)
    {
        (server, priority) = (0, 0);
        return IsActive ? Status(interrupts.Xics.GetXive(source, out server, out priority)) : RtasStatus.HardwareError;
    }

    /// <summary>ibm,int-off.</summary>
    public uint InterruptOff(uint source) => IsActive ? Status(interrupts.Xics.Disable(source)) : RtasStatus.HardwareError;

    /// <summary>ibm,int-on.</summary>
    public uint InterruptOn(uint source) => IsActive ? Status(interrupts.Xics.Enable(source)) : RtasStatus.HardwareError;

    private static uint Status(bool done) => done ? RtasStatus.Success : RtasStatus.ParameterError;
}
