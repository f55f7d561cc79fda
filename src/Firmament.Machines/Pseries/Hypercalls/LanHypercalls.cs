using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Network;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>hcall-ilLAN: logical LAN adapters (LoPAPR 1.1 16.4). H_PARAMETER for a unit that is none.</summary>
internal sealed class LanHypercalls(VioBus bus)
{
    private const int FirstDescriptor = 1;
    private const int Descriptors = 6;

    /// <summary>Adds the calls.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x114, "H_REGISTER_LOGICAL_LAN", 5, 0, call => Find(call)?.Register(call[1], call[2], call[3], call[4]) ?? PaprStatus.Parameter);
        table.Add(0x118, "H_FREE_LOGICAL_LAN", 1, 0, call => Find(call)?.Free() ?? PaprStatus.Parameter);
        table.Add(0x11c, "H_ADD_LOGICAL_LAN_BUFFER", 2, 0, call => Find(call)?.AddBuffer(call[1]) ?? PaprStatus.Parameter);
        table.Add(0x120, "H_SEND_LOGICAL_LAN", FirstDescriptor + Descriptors + 1, 1, Send);
        table.Add(0x130, "H_MULTICAST_CTRL", 3, 0, call => Find(call)?.ControlGroups(call[1], call[2]) ?? PaprStatus.Parameter);
        table.Add(0x14c, "H_CHANGE_LOGICAL_LAN_MAC", 2, 0, call => Find(call)?.ChangeMac(call[1]) ?? PaprStatus.Parameter);
        table.Add(0x1d4, "H_FREE_LOGICAL_LAN_BUFFER", 2, 0, call => Find(call)?.FreeBuffer(call[1]) ?? PaprStatus.Parameter);
        table.Add(0x244, "H_ILLAN_ATTRIBUTES", 3, 1, Attributes);
    }

    private SpaprLan? Find(HypercallCall call) => bus.Find(call[0]) as SpaprLan;

    private long Send(HypercallCall call)
    {
        if (Find(call) is not { } lan)
        {
            return PaprStatus.Parameter;
        }

        Span<ulong> descriptors = stackalloc ulong[Descriptors];
        for (int i = 0; i < Descriptors; i++)
        {
            descriptors[i] = call[FirstDescriptor + i];
        }

        long status = lan.Send(descriptors, call[FirstDescriptor + Descriptors]);
        if (status == PaprStatus.Success)
        {
            // No call needs another to go on.
            call.Return(0, 0);
        }

        return status;
    }

    private long Attributes(HypercallCall call)
    {
        if (Find(call) is not { } lan)
        {
            return PaprStatus.Parameter;
        }

        long status = lan.Attributes(call[1], call[2], out ulong attributes);
        call.Return(0, attributes);
        return status;
    }
}
