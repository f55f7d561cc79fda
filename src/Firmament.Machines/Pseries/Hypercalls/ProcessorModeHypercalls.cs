using Firmament.Core.Hypercalls;
using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// H_SET_MODE: breakpoints of the calling CPU, and interrupt location and byte order of all CPUs (LoPAPR 1.1 14.5.4.7.6; PAPR+ for the
/// second watchpoint's absence). H_SET_DABR and H_SET_XDABR: the watchpoint as older CPUs had it (14.5.4.3).
/// </summary>
/// <remarks>
/// These CPUs have DAWR0 in place of DABR (Power ISA 2.07B), and what is asked of DABR is done by it: one doubleword is watched. A guest that
/// runs at an older level than its CPU's is so served, as by KVM.
/// </remarks>
internal sealed class ProcessorModeHypercalls
{
    private const int Ciabr = 187;
    private const int Dawr0 = 180;
    private const int Dawrx0 = 188;

    // CIABR[PRIV] and DAWRX[PNH]: both bits of the first mean hypervisor state; the second's bit 61 too.
    private const ulong CiabrPrivilege = 3;
    private const ulong DawrxHypervisor = 4;

    // DABRX: problem state 1, privileged state 2, hypervisor state 4, ignore translation 8. DAWRX has 1, 2 and 8 in the same places.
    private const ulong DabrxStates = 3;
    private const ulong DabrxAllowed = 0xb;

    private readonly PartitionProcessors _processors;
    private readonly Action<bool>? _byteOrderChanged;

    /// <summary>Makes the call.</summary>
    /// <param name="processors">The CPUs.</param>
    /// <param name="byteOrderChanged">Told true for little-endian; devices whose byte order follows the guest's listen. May be null.</param>
    public ProcessorModeHypercalls(PartitionProcessors processors, Action<bool>? byteOrderChanged = null)
    {
        _processors = processors;
        _byteOrderChanged = byteOrderChanged;
    }

    /// <summary>Adds the row.</summary>
    public void AddTo(HypercallTable table)
    {
        table.Add(0x31c, "H_SET_MODE", 4, 0, SetMode);
        table.Add(0x28, "H_SET_DABR", 1, 0, call => SetDabr(call, call[0], DabrxStates));
        table.Add(0x134, "H_SET_XDABR", 2, 0, call => SetDabr(call, call[0], call[1]));
    }

    /// <summary>DABR: reads 1, writes 2, translated 4, and the doubleword above.</summary>
    private long SetDabr(HypercallCall call, ulong dabr, ulong dabrx)
    {
        if ((dabrx & DabrxStates) == 0 || (dabrx & ~DabrxAllowed) != 0)
        {
            return PaprStatus.Parameter;
        }

        const int ReadsAndWrites = 5;
        const int Translation = 2;
        ulong dawrx = dabrx | ((dabr & 3) << ReadsAndWrites) | ((dabr & 4) << Translation);
        IPartitionProcessor caller = _processors.Caller(call.Processor);
        return TrySet(caller, Dawrx0, dawrx) && TrySet(caller, Dawr0, dabr & ~7ul) ? PaprStatus.Success : PaprStatus.Hardware;
    }

    private long SetMode(HypercallCall call) => call[1] switch
    {
        1 => SetInstructionBreakpoint(call),
        2 => SetWatchpoint(call),
        3 => SetInterruptLocation(call),
        4 => SetByteOrder(call),
        _ => PaprStatus.Parameter2,
    };

    private long SetInstructionBreakpoint(HypercallCall call)
    {
        if (call[0] != 0)
        {
            return PaprStatus.UnsupportedFlag;
        }

        if (call[3] != 0)
        {
            return PaprStatus.Parameter4;
        }

        if ((call[2] & CiabrPrivilege) == CiabrPrivilege)
        {
            return PaprStatus.Parameter3;
        }

        return TrySet(_processors.Caller(call.Processor), Ciabr, call[2]) ? PaprStatus.Success : PaprStatus.Parameter2;
    }

    private long SetWatchpoint(HypercallCall call)
    {
        if (call[0] != 0)
        {
            return PaprStatus.UnsupportedFlag;
        }

        if ((call[3] & DawrxHypervisor) != 0)
        {
            return PaprStatus.Parameter4;
        }

        IPartitionProcessor caller = _processors.Caller(call.Processor);
        return TrySet(caller, Dawrx0, call[3]) && TrySet(caller, Dawr0, call[2]) ? PaprStatus.Success : PaprStatus.Parameter2;
    }

    private long SetInterruptLocation(HypercallCall call)
    {
        if (CheckValues(call) is not PaprStatus.Success and var status)
        {
            return status;
        }

        // 1 is reserved (Power ISA 3.0B Book III 2.2).
        if (call[0] is not (0 or 2 or 3))
        {
            return PaprStatus.UnsupportedFlag;
        }

        _processors.SetLpcr(call[0] << LogicalPartitionControl.AlternateInterruptLocationShift, LogicalPartitionControl.AlternateInterruptLocation);
        return PaprStatus.Success;
    }

    private long SetByteOrder(HypercallCall call)
    {
        if (CheckValues(call) is not PaprStatus.Success and var status)
        {
            return status;
        }

        if (call[0] > 1)
        {
            return PaprStatus.UnsupportedFlag;
        }

        _processors.SetLpcr(call[0] * LogicalPartitionControl.InterruptLittleEndian, LogicalPartitionControl.InterruptLittleEndian);
        _byteOrderChanged?.Invoke(call[0] == 1);
        return PaprStatus.Success;
    }

    private static long CheckValues(HypercallCall call) =>
        call[2] != 0 ? PaprStatus.Parameter3 : call[3] != 0 ? PaprStatus.Parameter4 : PaprStatus.Success;

    /// <summary>False where the CPU has no such register: it then reads as 0 whatever was written.</summary>
    private static bool TrySet(IPartitionProcessor processor, int spr, ulong value)
    {
        processor.WriteSpr(spr, value);
        return value == 0 || processor.ReadSpr(spr) != 0;
    }
}
