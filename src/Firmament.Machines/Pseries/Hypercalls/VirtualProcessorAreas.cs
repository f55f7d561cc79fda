using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// What a partition's virtual processors share with their hypervisor in memory: the virtual processor area with its dispatch count, the
/// SLB shadow buffer, the dispatch trace log. Source: LoPAPR 1.1 14.11.3; Linux arch/powerpc/include/asm/lppaca.h for the offsets.
/// </summary>
/// <remarks>
/// The machine calls <see cref="Dispatched"/> before a CPU's slice and <see cref="Preempted"/> after it: the count is even while the CPU
/// runs and odd while it does not, so a guest that spins on a lock knows whether its holder runs and confers to it.
/// Not modelled: the SLB shadow is registered, but no SLB is ever lost here that would have to be restored from it.
/// </remarks>
internal sealed class VirtualProcessorAreas : IStateful
{
    /// <summary>Alignment of a virtual processor area: the cache line of every CPU of this machine.</summary>
    public const int CacheLineSize = 128;

    private const int PageSize = 4096;
    private const int SizeOffset = 4;
    private const int StatusOffset = 9;
    private const int TraceEnableOffset = 0xb8;
    private const int DispatchCountOffset = 0x100;
    private const int TraceIndexOffset = 0x218;
    private const int LeastAreaSize = 640;
    private const int LeastShadowSize = 8;
    private const int TraceEntrySize = 48;
    private const byte SharedProcessor = 0x02;

    // Reason 7 of the log's dispatch reasons: the hypervisor gave the processor back (Linux: "external_call" is 5, "preempted" 7).
    private const byte DispatchedAfterPreemption = 7;
    private const byte TracePreemptions = 0x02;
    private const byte TraceCedes = 0x01;

    private readonly GuestMemory _ram;
    private readonly Func<ulong> _timeBase;
    private readonly VirtualProcessorArea[] _areas;

    /// <summary>Makes the record of <paramref name="processors"/> CPUs.</summary>
    /// <param name="ram">Where the areas lie.</param>
    /// <param name="processors">How many CPUs.</param>
    /// <param name="timeBase">The time base now, for the trace log.</param>
    public VirtualProcessorAreas(GuestMemory ram, int processors, Func<ulong> timeBase)
    {
        _ram = ram;
        _timeBase = timeBase;
        _areas = new VirtualProcessorArea[processors];
        for (int i = 0; i < processors; i++)
        {
            _areas[i] = new VirtualProcessorArea();
        }
    }

    /// <summary>Forgets all areas: the machine was reset.</summary>
    public void Reset()
    {
        foreach (VirtualProcessorArea area in _areas)
        {
            area.Clear();
        }
    }

    /// <summary>The areas of CPU <paramref name="processor"/>.</summary>
    public VirtualProcessorArea this[int processor] => _areas[processor];

    /// <summary>The dispatch count of a CPU. False when it has no area.</summary>
    public bool TryGetDispatchCount(int processor, out uint count)
    {
        count = 0;
        return _areas[processor].Area is not 0 and var area && _ram.TryReadUInt32(new(area + DispatchCountOffset), out count);
    }

    /// <summary>The CPU gets the host: its count becomes even, and its log an entry.</summary>
    /// <param name="processor">The CPU.</param>
    /// <param name="ceded">True when it had given the host up itself; false when it was preempted.</param>
    public void Dispatched(IPartitionProcessor processor, bool ceded)
    {
        VirtualProcessorArea area = _areas[processor.Index];
        if (area.Area != 0 && TryGetDispatchCount(processor.Index, out uint count) && (count & 1) != 0)
        {
            _ = _ram.TryWriteUInt32(new(area.Area + DispatchCountOffset), count + 1);
            AddTraceEntry(processor, area, ceded ? TraceCedes : TracePreemptions);
        }
    }

    /// <summary>The CPU loses the host: its count becomes odd.</summary>
    public void Preempted(int processor)
    {
        if (TryGetDispatchCount(processor, out uint count) && (count & 1) == 0)
        {
            _ = _ram.TryWriteUInt32(new(_areas[processor].Area + DispatchCountOffset), count + 1);
        }
    }

    /// <summary>Registers a virtual processor area.</summary>
    public long RegisterArea(int processor, ulong address)
    {
        if (address % CacheLineSize != 0 || !_ram.TryReadUInt16(new(address + SizeOffset), out ushort size)
            || size < LeastAreaSize || (address % PageSize) + size > PageSize || !_ram.Contains(address, size))
        {
            return PaprStatus.Parameter;
        }

        _areas[processor].Area = address;
        _ = _ram.TryReadUInt8(new(address + StatusOffset), out byte status);
        _ = _ram.TryWriteUInt8(new(address + StatusOffset), (byte)(status | SharedProcessor));
        return PaprStatus.Success;
    }

    /// <summary>Takes a virtual processor area back; not while other areas depend on it.</summary>
    public long DeregisterArea(int processor)
    {
        if (_areas[processor] is not { SlbShadow: 0, TraceLog: 0 })
        {
            return PaprStatus.Resource;
        }

        _areas[processor].Area = 0;
        return PaprStatus.Success;
    }

    /// <summary>Registers an SLB shadow buffer.</summary>
    public long RegisterSlbShadow(int processor, ulong address)
    {
        if (!_ram.TryReadUInt32(new(address + SizeOffset), out uint size)
            || size < LeastShadowSize || (address % PageSize) + size > PageSize || !_ram.Contains(address, size))
        {
            return PaprStatus.Parameter;
        }

        if (_areas[processor].Area == 0)
        {
            return PaprStatus.Resource;
        }

        _areas[processor].SlbShadow = address;
        return PaprStatus.Success;
    }

    /// <summary>Takes an SLB shadow buffer back.</summary>
    public long DeregisterSlbShadow(int processor)
    {
        _areas[processor].SlbShadow = 0;
        return PaprStatus.Success;
    }

    /// <summary>Registers a dispatch trace log.</summary>
    public long RegisterTraceLog(int processor, ulong address)
    {
        if (!_ram.TryReadUInt32(new(address + SizeOffset), out uint size) || size < TraceEntrySize || !_ram.Contains(address, size))
        {
            return PaprStatus.Parameter;
        }

        VirtualProcessorArea area = _areas[processor];
        if (area.Area == 0)
        {
            return PaprStatus.Resource;
        }

        area.TraceLog = address;
        area.TraceLogSize = size;
        area.TraceLogIndex = 0;
        return PaprStatus.Success;
    }

    /// <summary>Takes a dispatch trace log back.</summary>
    public long DeregisterTraceLog(int processor)
    {
        _areas[processor].TraceLog = 0;
        return PaprStatus.Success;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (VirtualProcessorArea area in _areas)
        {
            state.Component("processor", area);
        }
    }

    /// <summary>
    /// An entry of the log: reasons, CPU, three times of waiting (none of which passes for a CPU here), time base, fault address, SRR0, SRR1.
    /// The index in the area counts entries ever written.
    /// </summary>
    private void AddTraceEntry(IPartitionProcessor processor, VirtualProcessorArea area, byte kind)
    {
        if (area.TraceLog == 0 || !_ram.TryReadUInt8(new(area.Area + TraceEnableOffset), out byte enabled) || (enabled & kind) == 0)
        {
            return;
        }

        Span<byte> entry = stackalloc byte[TraceEntrySize];
        entry.Clear();
        entry[0] = DispatchedAfterPreemption;
        BinaryPrimitives.WriteUInt16BigEndian(entry[2..], (ushort)processor.Index);
        BinaryPrimitives.WriteUInt64BigEndian(entry[16..], _timeBase());
        BinaryPrimitives.WriteUInt64BigEndian(entry[32..], processor.Pc);
        BinaryPrimitives.WriteUInt64BigEndian(entry[40..], processor.Msr);
        ulong slot = area.TraceLogIndex % (area.TraceLogSize / TraceEntrySize);
        _ = _ram.TryWrite(new(area.TraceLog + (slot * TraceEntrySize)), entry);
        area.TraceLogIndex++;
        _ = _ram.TryWriteUInt64(new(area.Area + TraceIndexOffset), area.TraceLogIndex);
    }
}
