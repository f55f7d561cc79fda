using Firmament.Core.Hypercalls;

namespace Firmament.Devices.Interrupts;

/// <content>What the partition asks by hypercalls. Every method returns a <see cref="PaprStatus"/>; arguments are a guest's, any value.</content>
public sealed partial class XiveController
{
    private const ulong MostFavouredReserved = 7;
    private const ulong MaskedPriority = 0xff;
    private const ulong FlagUseHypercall = 8;
    private const ulong FlagLevel = 4;
    private const ulong FlagSetNumber = 2;
    private const ulong FlagStoreEoi = 1;
    private const ulong FlagMask = 1;
    private const ulong FlagGeneration = 2;
    private const ulong FlagAlwaysNotify = 1;
    private const ulong FlagDebug = 1;
    private const ulong FlagStore = 1;

    /// <summary>H_INT_GET_SOURCE_INFO: where a source's event state pages are.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for a number that is no source.</returns>
    public long GetSourceInfo(ulong flags, ulong number, out XiveSourceInfo info)
    {
        info = default;
        if (CheckSource(flags, number) is not PaprStatus.Success and long status)
        {
            return status;
        }

        ulong offered = _offersStoreEoi ? FlagStoreEoi : 0;
        if (_table.IsLevel((int)number))
        {
            info = new XiveSourceInfo(offered | FlagUseHypercall | FlagLevel, ulong.MaxValue, ulong.MaxValue, PageShift);
        }
        else
        {
            ulong trigger = SourcePagesBase + (number << (PageShift + 1));
            info = new XiveSourceInfo(offered, trigger + (1UL << PageShift), trigger, PageShift);
        }

        return PaprStatus.Success;
    }

    /// <summary>H_INT_SET_SOURCE_CONFIG: where a source's events go. Priority 0xff masks the source and forgets the rest.</summary>
    /// <param name="flags">Bit 62 sets the EISN, bit 63 masks.</param>
    /// <param name="number">The source.</param>
    /// <param name="target">Server.</param>
    /// <param name="priority">0 to 6, or 0xff.</param>
    /// <param name="eisn">The number the OS finds in the queue; 31 bits are kept.</param>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for the source, H_P3 for the target, H_P4 for the priority, which is tested first.</returns>
    public long SetSource(ulong flags, ulong number, ulong target, ulong priority, ulong eisn)
    {
        if (CheckSource(flags & ~(FlagSetNumber | FlagMask), number) is not PaprStatus.Success and long status)
        {
            return status;
        }

        XiveSource source = _sources[number];
        if (priority == MaskedPriority)
        {
            source.Unassign((int)number);
            return PaprStatus.Success;
        }

        if (priority >= MostFavouredReserved)
        {
            return Error(PaprStatus.Parameter4, $"priority {priority} is reserved");
        }

        if (target >= (ulong)Servers)
        {
            return Error(PaprStatus.Parameter3, $"server 0x{target:x} does not exist");
        }

        source.IsMasked = (flags & FlagMask) != 0;
        source.Queue = (int)((target * Priorities) + priority);
        if ((flags & FlagSetNumber) != 0)
        {
            source.EffectiveNumber = (uint)eisn & 0x7fff_ffff;
        }

        return PaprStatus.Success;
    }

    /// <summary>H_INT_GET_SOURCE_CONFIG.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for the source.</returns>
    public long GetSource(ulong flags, ulong number, out XiveSourceTarget target)
    {
        target = default;
        if (CheckSource(flags, number) is not PaprStatus.Success and long status)
        {
            return status;
        }

        XiveSource source = _sources[number];
        (int server, int priority) = int.DivRem(source.Queue, Priorities);
        target = new XiveSourceTarget((ulong)server, source.IsMasked ? MaskedPriority : (ulong)priority, source.EffectiveNumber);
        return PaprStatus.Success;
    }

    /// <summary>H_INT_GET_QUEUE_INFO: where the event state page of a queue's notifications is.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for the target, H_P3 for the priority, which is tested first.</returns>
    public long GetQueueInfo(ulong flags, ulong target, ulong priority, out ulong page, out ulong pageShift)
    {
        page = pageShift = 0;
        if (CheckQueue(flags, target, priority) is not PaprStatus.Success and long status)
        {
            return status;
        }

        page = QueuePagesBase + (QueueIndex(target, priority) << (PageShift + 1));
        pageShift = PageShift;
        return PaprStatus.Success;
    }

    /// <summary>H_INT_SET_QUEUE_CONFIG: gives a queue memory, or with size 0 takes it away. Waiting events of the old one stay there.</summary>
    /// <param name="flags">Bit 63: each event notifies.</param>
    /// <param name="target">Server.</param>
    /// <param name="priority">0 to 6.</param>
    /// <param name="address">Logical real address, aligned to the size, all in RAM.</param>
    /// <param name="sizeShift">Log2 of the bytes: 12, 16, 21, 24, or 0.</param>
    /// <returns>H_SUCCESS; as <see cref="GetQueueInfo"/>, H_P4 for the address, H_P5 for the size.</returns>
    public long SetQueue(ulong flags, ulong target, ulong priority, ulong address, ulong sizeShift)
    {
        if (CheckQueue(flags & ~FlagAlwaysNotify, target, priority) is not PaprStatus.Success and long status)
        {
            return status;
        }

        XiveQueue queue = _queues[QueueIndex(target, priority)];
        switch (sizeShift)
        {
            case 0:
                queue.Reset();
                return PaprStatus.Success;
            case 12 or 16 or 21 or 24:
                ulong size = 1UL << (int)sizeShift;
                if ((address & (size - 1)) != 0 || !_ram.Contains(address, size))
                {
                    return Error(PaprStatus.Parameter4, $"a queue of {size} bytes cannot be at 0x{address:x}");
                }

                queue.Configure(address, (int)sizeShift, (flags & FlagAlwaysNotify) != 0);
                return PaprStatus.Success;
            default:
                return Error(PaprStatus.Parameter5, $"a queue cannot have 2^{sizeShift} bytes");
        }
    }

    /// <summary>H_INT_GET_QUEUE_CONFIG.</summary>
    /// <param name="flags">Bit 63 asks for debug data: generation and index.</param>
    /// <param name="target">Server.</param>
    /// <param name="priority">0 to 6.</param>
    /// <param name="configuration">The answer.</param>
    /// <returns>As <see cref="GetQueueInfo"/>.</returns>
    public long GetQueue(ulong flags, ulong target, ulong priority, out XiveQueueConfiguration configuration)
    {
        configuration = default;
        if (CheckQueue(flags & ~FlagDebug, target, priority) is not PaprStatus.Success and long status)
        {
            return status;
        }

        XiveQueue queue = _queues[QueueIndex(target, priority)];
        bool debug = (flags & FlagDebug) != 0;
        configuration = new XiveQueueConfiguration(
            (queue.AlwaysNotifies ? FlagAlwaysNotify : 0) | (debug && queue.Generation ? FlagGeneration : 0),
            queue.Address,
            (ulong)queue.SizeShift,
            debug ? queue.Index : 0);
        return PaprStatus.Success;
    }

    /// <summary>H_INT_ESB: a load of, or a store to, a source's management page.</summary>
    /// <param name="flags">Bit 63: a store.</param>
    /// <param name="number">The source.</param>
    /// <param name="offset">Byte offset in the 64 KiB page, a multiple of 8.</param>
    /// <param name="data">What is stored; no page keeps it.</param>
    /// <param name="loaded">What was loaded; all ones after a store, or where nothing answers.</param>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for the source, H_P3 for the offset.</returns>
    public long AccessEventState(ulong flags, ulong number, ulong offset, ulong data, out ulong loaded)
    {
        _ = data;
        loaded = ulong.MaxValue;
        if (CheckSource(flags & ~FlagStore, number) is not PaprStatus.Success and long status)
        {
            return status;
        }

        if (offset >= 1UL << PageShift || (offset & 7) != 0)
        {
            return Error(PaprStatus.Parameter3, $"an event state buffer has nothing at 0x{offset:x}");
        }

        if ((flags & FlagStore) == 0)
        {
            loaded = LoadEventState((int)number, offset);
        }
        else if (!StoreEventState((int)number, offset))
        {
            _tracer.GuestError("xive", $"store at 0x{offset:x} of an event state buffer");
        }

        return PaprStatus.Success;
    }

    /// <summary>H_INT_SYNC: waits until a source's events are in their queue. Here they always are.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER for flags, H_P2 for the source.</returns>
    public long Synchronize(ulong flags, ulong number) => CheckSource(flags, number);

    /// <summary>H_INT_RESET: everything as before the partition set anything up.</summary>
    /// <returns>H_SUCCESS; H_PARAMETER for flags.</returns>
    public long Reset(ulong flags)
    {
        if (flags != 0)
        {
            return Error(PaprStatus.Parameter, $"reserved flags 0x{flags:x}");
        }

        Reset();
        return PaprStatus.Success;
    }

    private static ulong QueueIndex(ulong target, ulong priority) => (target * Priorities) + priority;

    private long CheckSource(ulong reservedFlags, ulong number)
    {
        if (reservedFlags != 0)
        {
            return Error(PaprStatus.Parameter, $"reserved flags 0x{reservedFlags:x}");
        }

        return _table.Exists(number) ? PaprStatus.Success : Error(PaprStatus.Parameter2, $"0x{number:x} is no interrupt source");
    }

    private long CheckQueue(ulong reservedFlags, ulong target, ulong priority)
    {
        if (reservedFlags != 0)
        {
            return Error(PaprStatus.Parameter, $"reserved flags 0x{reservedFlags:x}");
        }

        if (priority >= MostFavouredReserved)
        {
            return Error(PaprStatus.Parameter3, $"priority {priority} is reserved");
        }

        return target < (ulong)Servers ? PaprStatus.Success : Error(PaprStatus.Parameter2, $"server 0x{target:x} does not exist");
    }

    private long Error(long status, string message)
    {
        _tracer.GuestError("xive", message);
        return status;
    }
}
