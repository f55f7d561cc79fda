using Firmament.PowerPC;

namespace Firmament.Firmware;

/// <summary>The one core behind the hypercall front ends: what a guest can ask, whatever convention brings the question.</summary>
public sealed class ServiceDispatcher
{
    internal ServiceDispatcher(OpenFirmware firmware) => Firmware = firmware;

    /// <summary>The firmware.</summary>
    public OpenFirmware Firmware { get; }

    /// <summary>The machine.</summary>
    public IFirmwarePlatform Platform => Firmware.Platform;

    /// <summary>Client interface calls so far.</summary>
    public long ClientCalls { get; private set; }

    /// <summary>RTAS calls so far.</summary>
    public long RtasCalls { get; private set; }

    /// <summary>
    /// A call of the client interface. Returns r3: 0 or −1; a service that gave control to something else (chain) says so in
    /// <see cref="OpenFirmware.ControlTransferred"/>.
    /// </summary>
    public int CallClient(IProcessor processor, ulong address)
    {
        ClientCalls++;
        return Firmware.Client.Call(processor, address);
    }

    /// <summary>Runs some of the firmware's own program. Returns r3, which means nothing.</summary>
    public int RunShell(IProcessor processor)
    {
        Firmware.Shell?.Run(processor);
        return 0;
    }

    /// <summary>A call of RTAS. Returns 0 (H_SUCCESS) or −4 (H_PARAMETER).</summary>
    public int CallRtas(IProcessor processor, ulong address)
    {
        RtasCalls++;
        return Firmware.Rtas?.Call(processor, address) ?? RtasUnavailable(processor);
    }

    private int RtasUnavailable(IProcessor processor)
    {
        Platform.Tracer.GuestError("rtas", $"called from 0x{processor.Lr:x}: this machine has no RTAS");
        return Rtas.RtasServices.BadParameter;
    }
}
