using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Spapr;

/// <summary>Every DMA window of a partition by its logical I/O bus number, and the hcall-tce and hcall-multi-tce calls on them.</summary>
public sealed class TceTables : IStateful
{
    private const ulong MostIndirectEntries = 512;
    private const ulong ListAlignment = 4096;

    // Logical real addresses may carry mode bits in the top 4 bits.
    private const ulong RealAddressMask = ulong.MaxValue >> 4;

    private readonly SortedDictionary<uint, TceTable> _tables = [];
    private readonly GuestMemory _ram;
    private readonly Tracer _tracer;

    /// <summary>Makes an empty registry.</summary>
    /// <param name="ram">Where entries point to, and where H_PUT_TCE_INDIRECT's lists are.</param>
    /// <param name="tracer">For faults.</param>
    public TceTables(GuestMemory ram, Tracer tracer)
    {
        _ram = ram;
        _tracer = tracer;
    }

    /// <summary>The RAM behind all windows.</summary>
    public GuestMemory Ram => _ram;

    /// <summary>Makes a table without a window. Buses call it when they are built.</summary>
    /// <param name="liobn">A logical I/O bus number that no other table has.</param>
    public TceTable Create(uint liobn)
    {
        TceTable table = new(liobn, _ram, _tracer);
        _tables.Add(liobn, table);
        return table;
    }

    /// <summary>The table, or null.</summary>
    public TceTable? Find(ulong liobn) => liobn <= uint.MaxValue ? _tables.GetValueOrDefault((uint)liobn) : null;

    /// <summary>H_PUT_TCE. H_PARAMETER for a bus that is not there or an address outside its window.</summary>
    public long Put(ulong liobn, ulong ioba, ulong tce) => Find(liobn)?.Put(ioba, tce) ?? PaprStatus.Parameter;

    /// <summary>H_GET_TCE, as <see cref="Put"/>.</summary>
    public long Get(ulong liobn, ulong ioba, out ulong tce)
    {
        tce = 0;
        return Find(liobn)?.Get(ioba, out tce) ?? PaprStatus.Parameter;
    }

    /// <summary>H_STUFF_TCE, as <see cref="Put"/>; nothing is set when the entries leave the window.</summary>
    public long Stuff(ulong liobn, ulong ioba, ulong tce, ulong count) => Find(liobn)?.Stuff(ioba, tce, count) ?? PaprStatus.Parameter;

    /// <summary>
    /// H_PUT_TCE_INDIRECT: up to 512 entries from a 4 KiB aligned list in RAM. H_PARAMETER for a bad bus, list, count or address; the entries
    /// before a bad address are set then.
    /// </summary>
    public long PutIndirect(ulong liobn, ulong ioba, ulong list, ulong count)
    {
        list &= RealAddressMask;
        if (Find(liobn) is not { } table || count is 0 or > MostIndirectEntries || list % ListAlignment != 0)
        {
            return PaprStatus.Parameter;
        }

        if (!_ram.TrySlice(new PhysicalAddress(list), count * 8, out ReadOnlySpan<byte> entries))
        {
            _tracer.GuestError("tce", $"the list of entries at 0x{list:x} is not in memory");
            return PaprStatus.Parameter;
        }

        for (ulong i = 0; i < count; i++)
        {
            long status = table.Put(ioba, BinaryPrimitives.ReadUInt64BigEndian(entries[(8 * (int)i)..]));
            if (status != PaprStatus.Success)
            {
                return status;
            }

            ioba += 1ul << table.PageShift;
        }

        return PaprStatus.Success;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach (TceTable table in _tables.Values)
        {
            state.Component($"tce-{table.Liobn:x8}", table);
        }
    }
}
