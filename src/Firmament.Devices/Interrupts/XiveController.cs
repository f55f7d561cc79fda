using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.DeviceTree;

namespace Firmament.Devices.Interrupts;

/// <summary>
/// XIVE in exploitation mode, as PAPR gives it to a partition: sources with event state bits, a queue for each server and priority in the
/// guest's memory, and a thread context for each CPU. Sources: PAPR's H_INT calls as Linux's
/// arch/powerpc/sysdev/xive/spapr.c uses them, Linux's Documentation/virt/kvm/devices/xive.rst, and QEMU's docs/specs/ppc-xive.rst for the pages.
/// </summary>
/// <remarks>
/// An event: the source's bits forward it or not → event assignment (masked, or queue and EISN) → the queue's entry is written → its
/// notification bits forward it or not → the priority becomes pending at the server's context, which raises the CPU's line.
/// Not modelled: escalation, event-based branches, reporting lines, logical server groups.
/// </remarks>
/// <example><code>
/// xive.SetQueue(1, target: 0, priority: 6, 0x10000, 16);              // H_INT_SET_QUEUE_CONFIG
/// xive.SetSource(2, number: 0x1100, target: 0, priority: 6, eisn: 9); // H_INT_SET_SOURCE_CONFIG
/// </code></example>
public sealed partial class XiveController : IStateful
{
    /// <summary>Logical real address of the sources' event state pages.</summary>
    public const ulong SourcePagesBase = 0x0006_0100_0000_0000;

    /// <summary>Logical real address of the thread interrupt management area's hardware page.</summary>
    public const ulong ThreadPagesBase = 0x0006_0302_0318_0000;

    /// <summary>Log2 of the bytes of each page.</summary>
    public const int PageShift = 16;

    private const int Priorities = 8;
    private const ulong SourcePagesSize = (ulong)PseriesInterruptNumbers.Count << (PageShift + 1);
    private const ulong QueuePagesBase = SourcePagesBase + SourcePagesSize;
    private const ulong OsPage = ThreadPagesBase + (2UL << PageShift);
    private const ulong UserPage = ThreadPagesBase + (3UL << PageShift);

    private readonly PseriesSourceTable _table;
    private readonly GuestMemory _ram;
    private readonly Tracer _tracer;
    private readonly bool _offersStoreEoi;
    private readonly XiveSource[] _sources = new XiveSource[PseriesInterruptNumbers.Count];
    private readonly XiveQueue[] _queues;
    private readonly XiveThreadContext[] _contexts;
    private bool _isActive;

    internal XiveController(
        int servers, PseriesSourceTable table, GuestMemory ram, Func<int> currentCpu, Func<int, Action<bool>> output, Tracer tracer, bool offersStoreEoi)
    {
        _table = table;
        _ram = ram;
        _tracer = tracer;
        _offersStoreEoi = offersStoreEoi;
        for (int number = 0; number < _sources.Length; number++)
        {
            _sources[number] = new XiveSource();
            _sources[number].Reset(number);
        }

        _contexts = new XiveThreadContext[servers];
        for (int server = 0; server < servers; server++)
        {
            _contexts[server] = new XiveThreadContext(output(server));
        }

        _queues = new XiveQueue[servers * Priorities];
        for (int queue = 0; queue < _queues.Length; queue++)
        {
            _queues[queue] = new XiveQueue();
        }

        SourcePages = new XiveSourcePages(this, tracer);
        QueuePages = new XiveQueuePages(this, tracer);
        ThreadPages = new XiveThreadPages(this, currentCpu, tracer);
    }

    /// <summary>The name of its node, a child of the root.</summary>
    public static string NodeName => $"interrupt-controller@{UserPage:x}";

    /// <summary>How many servers (CPUs) there are.</summary>
    public int Servers => _contexts.Length;

    /// <summary>The sources' event state pages.</summary>
    public IMmioTarget SourcePages { get; }

    /// <summary>The queues' event state pages.</summary>
    public IMmioTarget QueuePages { get; }

    /// <summary>The thread interrupt management area, four pages.</summary>
    public IMmioTarget ThreadPages { get; }

    internal bool IsActive
    {
        get => _isActive;
        set => _isActive = value;
    }

    /// <summary>Maps its pages. While XICS is the partition's controller nothing answers there.</summary>
    public void MapInto(MemoryMap memory)
    {
        memory.Add(new MemoryRegion("xive-sources", SourcePagesBase, SourcePagesSize, SourcePages, Endianness.Big));
        memory.Add(new MemoryRegion("xive-queues", QueuePagesBase, (ulong)_queues.Length << (PageShift + 1), QueuePages, Endianness.Big));
        memory.Add(new MemoryRegion("xive-threads", ThreadPagesBase, 4UL << PageShift, ThreadPages, Endianness.Big));
    }

    /// <summary>Writes the properties of its node, and of the root the priorities that the hypervisor keeps: 7 and above.</summary>
    /// <param name="node">The node <see cref="NodeName"/>.</param>
    /// <param name="root">The tree's root. Linux refuses XIVE without ibm,plat-res-int-priorities there.</param>
    /// <param name="servers">CPUs, those that may be added included.</param>
    public static void Describe(DeviceNode node, DeviceNode root, int servers)
    {
        const uint High = (uint)(OsPage >> 32);
        const uint PageSize = 1u << PageShift;
        node.SetString("device_type", "power-ivpe")
            .SetCells("reg", High, unchecked((uint)UserPage), 0, PageSize, High, unchecked((uint)OsPage), 0, PageSize)
            .SetString("compatible", "ibm,power-ivpe")
            .SetCells("ibm,xive-eq-sizes", 16)
            .SetCells("ibm,xive-lisn-ranges", 0, (uint)servers)
            .SetEmpty("interrupt-controller")
            .SetCells("#interrupt-cells", 2);
        root.SetCells("ibm,plat-res-int-priorities", 7, 0xf8);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("active", ref _isActive);
        for (int i = 0; i < _contexts.Length; i++)
        {
            state.Component($"context{i}", _contexts[i]);
        }

        for (int i = 0; i < _queues.Length; i++)
        {
            state.Component($"queue{i}", _queues[i]);
        }

        byte[] sources = new byte[_sources.Length * sizeof(ulong)];
        for (int i = 0; i < _sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(sources.AsSpan(i * sizeof(ulong)), _sources[i].Packed);
        }

        state.Bytes("sources", sources);
        for (int i = 0; state.IsLoading && i < _sources.Length; i++)
        {
            _sources[i].Packed = BinaryPrimitives.ReadUInt64LittleEndian(sources.AsSpan(i * sizeof(ulong)));
        }
    }

    internal bool HasSource(ulong number) => _table.Exists(number);

    internal XiveThreadContext? ActiveContext(int cpu) => _isActive && (uint)cpu < (uint)_contexts.Length ? _contexts[cpu] : null;

    /// <summary>A message arrived.</summary>
    internal void Trigger(int number)
    {
        if (XiveEventState.Trigger(ref _sources[number].EventState))
        {
            Forward(number);
        }
    }

    /// <summary>The wire of an LSI changed; the table has the new level.</summary>
    internal void LevelChanged(int number)
    {
        if (_table.IsAsserted(number))
        {
            TriggerLevel(number);
        }
    }

    /// <summary>A load of a source's management page.</summary>
    internal ulong LoadEventState(int number, ulong offset)
    {
        ulong value = XiveEventState.Load(ref _sources[number].EventState, offset & 0xfff, out bool forward);
        if (forward)
        {
            Forward(number);
        }
        else if (TriggerAssertedLevel(number) && (offset & 0xfff) < 0x800)
        {
            return 1;
        }

        return value;
    }

    /// <summary>A store to a source's management page; a trigger page is like offset 0. False where nothing answers.</summary>
    internal bool StoreEventState(int number, ulong offset)
    {
        ref byte eventState = ref _sources[number].EventState;
        offset &= 0xfff;
        if (offset < 0x400)
        {
            if (_table.IsLevel(number))
            {
                TriggerLevel(number);
            }
            else
            {
                Trigger(number);
            }

            return true;
        }

        if (offset >= 0xc00)
        {
            eventState = XiveEventState.Requested(offset);
            _ = TriggerAssertedLevel(number);
            return true;
        }

        if (offset >= 0x800 || !_offersStoreEoi)
        {
            return false;
        }

        if (XiveEventState.End(ref eventState))
        {
            Forward(number);
        }

        _ = TriggerAssertedLevel(number);
        return true;
    }

    /// <summary>A load of a queue's event state page.</summary>
    internal bool TryLoadQueueState(ulong index, bool escalation, ulong offset, out ulong value)
    {
        if (!_isActive || index >= (ulong)_queues.Length || !_queues[index].IsValid)
        {
            value = 0;
            return false;
        }

        XiveQueue queue = _queues[index];
        ref byte eventState = ref escalation ? ref queue.EscalationState : ref queue.NotificationState;
        value = XiveEventState.Load(ref eventState, offset, out bool forward);
        if (forward && !escalation)
        {
            NotifyServer((int)index);
        }

        return true;
    }

    /// <summary>A source comes or goes.</summary>
    internal void ResetSource(int number) => _sources[number].Reset(number);

    /// <summary>Power-on state: all sources masked and off, no queue, contexts closed, outputs low.</summary>
    internal void Reset()
    {
        for (int number = 0; number < _sources.Length; number++)
        {
            _sources[number].Reset(number);
        }

        foreach (XiveQueue queue in _queues)
        {
            queue.Reset();
        }

        foreach (XiveThreadContext context in _contexts)
        {
            context.Reset();
        }
    }

    // An LSI never sets Q: its level says whether to send again.
    private void TriggerLevel(int number)
    {
        ref byte eventState = ref _sources[number].EventState;
        if (eventState == XiveEventState.Ready)
        {
            eventState = XiveEventState.Pending;
            Forward(number);
        }
    }

    private bool TriggerAssertedLevel(int number)
    {
        bool triggers = _table.IsLevel(number) && _table.IsAsserted(number) && _sources[number].EventState == XiveEventState.Ready;
        if (triggers)
        {
            TriggerLevel(number);
        }

        return triggers;
    }

    private void Forward(int number)
    {
        XiveSource source = _sources[number];
        if (!_isActive || source.IsMasked || (uint)source.Queue >= (uint)_queues.Length)
        {
            return;
        }

        XiveQueue queue = _queues[source.Queue];
        if (!queue.IsValid)
        {
            _tracer.GuestError("xive", $"an event of source 0x{number:x} goes to a queue that has no memory");
            return;
        }

        if (!queue.Append(_ram, source.EffectiveNumber))
        {
            _tracer.GuestError("xive", $"the queue at 0x{queue.Address:x} is not in RAM");
        }

        if (queue.AlwaysNotifies || XiveEventState.Trigger(ref queue.NotificationState))
        {
            NotifyServer(source.Queue);
        }
    }

    private void NotifyServer(int queue) => _contexts[queue / Priorities].SetPending((byte)(queue % Priorities));
}
