using Firmament.Core.Hypercalls;
using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// H_SET_MODE: breakpoints of the calling CPU, and interrupt location and byte order of all CPUs (LoPAPR 1.1 14.5.4.7.6; PAPR+ for the
/// second watchpoint's absence).
/// </summary>
internal sealed class ProcessorModeHypercalls
{
    private const int Ciabr = 187;
    private const int Dawr0 = 180;
    private const int Dawrx0 = 188;

    // CIABR[PRIV] and DAWRX[PNH]: both bits of the first mean hypervisor state; the second's bit 61 too.
    private const ulong CiabrPrivilege = 3;
    private const ulong DawrxHypervisor = 4;

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
    public void AddTo(HypercallTable table) => table.Add(0x31c, "H_SET_MODE", 4, 0, SetMode);

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
