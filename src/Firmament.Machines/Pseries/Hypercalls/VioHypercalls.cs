using Firmament.Devices.Buses.Vio;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>hcall-vio: interrupt modes and command/response queues of virtual devices (LoPAPR 1.1 16.2).</summary>
internal sealed class VioHypercalls(VioBus bus)
{
    /// <summary>Adds the calls.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0xfc, "H_REG_CRQ", 3, 0, call => bus.RegisterCrq(call[0], call[1], call[2]));
        table.Add(0x100, "H_FREE_CRQ", 1, 0, call => bus.FreeCrq(call[0]));
        table.Add(0x104, "H_VIO_SIGNAL", 2, 0, call => bus.Signal(call[0], call[1]));
        table.Add(0x108, "H_SEND_CRQ", 3, 0, call => bus.SendCrq(call[0], call[1], call[2]));
        table.Add(0x2b0, "H_ENABLE_CRQ", 1, 0, call => bus.EnableCrq(call[0]));
    }
}
