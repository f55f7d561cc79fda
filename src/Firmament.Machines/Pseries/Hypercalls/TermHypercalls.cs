using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Vio;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>hcall-term: characters of virtual terminals (LoPAPR 1.1 16.6). Unit 0 is the terminal with the lowest address.</summary>
internal sealed class TermHypercalls(VioBus bus)
{
    /// <summary>Adds the calls.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x54, "H_GET_TERM_CHAR", 1, 3, Get);
        table.Add(0x58, "H_PUT_TERM_CHAR", 4, 0, call => bus.FindTerminal(call[0])?.PutCharacters(call[1], call[2], call[3]) ?? PaprStatus.Parameter);
    }

    private long Get(HypercallCall call)
    {
        if (bus.FindTerminal(call[0]) is not { } terminal)
        {
            return PaprStatus.Parameter;
        }

        long status = terminal.GetCharacters(out ulong length, out ulong high, out ulong low);
        call.Return(0, length);
        call.Return(1, high);
        call.Return(2, low);
        return status;
    }
}
