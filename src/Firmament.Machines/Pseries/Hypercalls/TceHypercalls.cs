using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Spapr;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>hcall-tce and hcall-multi-tce: DMA windows of PCI and virtual devices (LoPAPR 1.1 14.5.4.2).</summary>
internal sealed class TceHypercalls(TceTables tables)
{
    /// <summary>Adds the calls.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x1c, "H_GET_TCE", 2, 1, Get);
        table.Add(0x20, "H_PUT_TCE", 3, 0, call => tables.Put(call[0], call[1], call[2]));
        table.Add(0x138, "H_STUFF_TCE", 4, 0, call => tables.Stuff(call[0], call[1], call[2], call[3]));
        table.Add(0x13c, "H_PUT_TCE_INDIRECT", 4, 0, call => tables.PutIndirect(call[0], call[1], call[2], call[3]));
    }

    private long Get(HypercallCall call)
    {
        long status = tables.Get(call[0], call[1], out ulong tce);
        if (status == PaprStatus.Success)
        {
            call.Return(0, tce);
        }

        return status;
    }
}
