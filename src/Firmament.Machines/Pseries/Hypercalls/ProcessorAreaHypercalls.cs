using Firmament.Core.Hypercalls;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>H_REGISTER_VPA: the function is in bits 16 to 18 of the flags (LoPAPR 1.1 14.11.3.2).</summary>
/// <param name="areas">Keeps what is registered.</param>
/// <param name="processors">How many CPUs there are.</param>
internal sealed class ProcessorAreaHypercalls(VirtualProcessorAreas areas, int processors)
{
    private const ulong RegisterArea = 1UL << 45;
    private const ulong RegisterTraceLog = 2UL << 45;
    private const ulong RegisterSlbShadow = 3UL << 45;
    private const ulong DeregisterArea = 5UL << 45;
    private const ulong DeregisterTraceLog = 6UL << 45;
    private const ulong DeregisterSlbShadow = 7UL << 45;

    /// <summary>Adds the row.</summary>
    public void AddTo(HypercallTable table) => table.Add(0xdc, "H_REGISTER_VPA", 3, 0, Register);

    private long Register(HypercallCall call)
    {
        (ulong function, ulong processor, ulong address) = (call[0], call[1], call[2]);
        if (processor >= (ulong)processors)
        {
            return PaprStatus.Parameter;
        }

        // An area at 0 would be under the guest's exception vectors; LoPAPR leaves no other status for an address that cannot be used.
        bool registers = function is RegisterArea or RegisterTraceLog or RegisterSlbShadow;
        if (registers && address == 0)
        {
            return PaprStatus.Hardware;
        }

        return function switch
        {
            RegisterArea => areas.RegisterArea((int)processor, address),
            RegisterTraceLog => areas.RegisterTraceLog((int)processor, address),
            RegisterSlbShadow => areas.RegisterSlbShadow((int)processor, address),
            DeregisterArea => areas.DeregisterArea((int)processor),
            DeregisterTraceLog => areas.DeregisterTraceLog((int)processor),
            DeregisterSlbShadow => areas.DeregisterSlbShadow((int)processor),
            _ => PaprStatus.Parameter,
        };
    }
}
