using System.Runtime.InteropServices;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Buses.Spapr;

/// <summary>
/// One DMA window of a partition: translation control entries that say where in RAM each I/O page lies and what the device may do there.
/// Source: LoPAPR 1.1 14.5.4.2 and table 191.
/// </summary>
/// <remarks>
/// An entry is the page's address above the page shift, bit 1 = the device may write, bit 0 = it may read. Entries take host memory only
/// where the guest wrote some. A fault is traced and the device's access fails; nothing is moved then.
/// </remarks>
public sealed class TceTable : IDmaSpace, IStateful
{
    /// <summary>Log2 of the I/O page of windows made at start: 4 KiB.</summary>
    public const int DefaultPageShift = 12;

    private const ulong ReadPermission = 1;
    private const ulong WritePermission = 2;
    private const int ChunkEntries = 512;

    private readonly GuestMemory _ram;
    private readonly Tracer _tracer;
    private ulong[]?[] _chunks = [];
    private ulong _start;
    private ulong _pages;
    private int _pageShift = DefaultPageShift;
    private bool _bypass;

    /// <summary>Makes a table without a window.</summary>
    /// <param name="liobn">The logical I/O bus number that names it.</param>
    /// <param name="ram">Where entries point to.</param>
    /// <param name="tracer">For faults.</param>
    public TceTable(uint liobn, GuestMemory ram, Tracer tracer)
    {
        Liobn = liobn;
        _ram = ram;
        _tracer = tracer;
    }

    /// <summary>The logical I/O bus number that names it.</summary>
    public uint Liobn { get; }

    /// <summary>True while there is a window.</summary>
    public bool IsEnabled => _pages != 0;

    /// <summary>The first I/O bus address.</summary>
    public ulong Start => _start;

    /// <summary>Entries, one for each I/O page.</summary>
    public ulong Pages => _pages;

    /// <summary>Log2 of an I/O page's bytes.</summary>
    public int PageShift => _pageShift;

    /// <summary>Bytes of the window.</summary>
    public ulong Length => _pages << _pageShift;

    /// <summary>True lets devices reach all RAM at its own addresses (ibm,set-tce-bypass).</summary>
    public bool Bypass { get => _bypass; set => _bypass = value; }

    /// <summary>Opens the window with every entry invalid.</summary>
    /// <param name="start">First I/O bus address, a multiple of the page.</param>
    /// <param name="pageShift">Log2 of the page's bytes, 12 to 34.</param>
    /// <param name="pages">Entries.</param>
    public void Enable(ulong start, int pageShift, ulong pages)
    {
        _start = start;
        _pageShift = pageShift;
        _pages = pages;
        _chunks = new ulong[]?[(pages + ChunkEntries - 1) / ChunkEntries];
    }

    /// <summary>Closes the window.</summary>
    public void Disable() => Enable(0, DefaultPageShift, 0);

    /// <summary>Makes every entry invalid and ends bypass.</summary>
    public void Clear()
    {
        Array.Clear(_chunks);
        _bypass = false;
    }

    /// <summary>H_PUT_TCE: sets the entry of an I/O address. H_PARAMETER outside the window.</summary>
    public long Put(ulong ioba, ulong tce)
    {
        if (!TryIndex(ioba, out ulong index))
        {
            return PaprStatus.Parameter;
        }

        Set(index, tce);
        return PaprStatus.Success;
    }

    /// <summary>H_GET_TCE. H_PARAMETER outside the window.</summary>
    public long Get(ulong ioba, out ulong tce)
    {
        bool ok = TryIndex(ioba, out ulong index);
        tce = ok ? this[index] : 0;
        return ok ? PaprStatus.Success : PaprStatus.Parameter;
    }

    /// <summary>H_STUFF_TCE: sets <paramref name="count"/> entries to one value. H_PARAMETER, with nothing set, when they leave the window.</summary>
    public long Stuff(ulong ioba, ulong tce, ulong count)
    {
        if (count == 0 || count > _pages || !TryIndex(ioba, out ulong index) || count > _pages - index)
        {
            return PaprStatus.Parameter;
        }

        for (ulong end = index + count; index < end;)
        {
            if (tce == 0 && _chunks[index / ChunkEntries] == null)
            {
                index = ((index / ChunkEntries) + 1) * ChunkEntries;
                continue;
            }

            Set(index++, tce);
        }

        return PaprStatus.Success;
    }

    /// <inheritdoc/>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (!CanAccess(address, (ulong)destination.Length, ReadPermission))
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            int run = Run(address, destination.Length, out PhysicalAddress physical);
            if (!_ram.TryRead(physical, destination[..run]))
            {
                return false;
            }

            address += (ulong)run;
            destination = destination[run..];
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (!CanAccess(address, (ulong)source.Length, WritePermission))
        {
            return false;
        }

        while (!source.IsEmpty)
        {
            int run = Run(address, source.Length, out PhysicalAddress physical);
            if (!_ram.TryWrite(physical, source[..run]))
            {
                return false;
            }

            address += (ulong)run;
            source = source[run..];
        }

        return true;
    }

    /// <summary>Sets bytes to <paramref name="value"/>. False, with nothing written, when any of them cannot be written.</summary>
    public bool TryFill(ulong address, ulong length, byte value)
    {
        if (!CanAccess(address, length, WritePermission))
        {
            return false;
        }

        while (length != 0)
        {
            int run = Run(address, (int)Math.Min(length, int.MaxValue), out PhysicalAddress physical);
            if (!_ram.TryFill(physical, (ulong)run, value))
            {
                return false;
            }

            address += (ulong)run;
            length -= (ulong)run;
        }

        return true;
    }

    /// <summary>True when a device may read and write every byte.</summary>
    public bool CanReadAndWrite(ulong address, ulong length) => CanAccess(address, length, ReadPermission | WritePermission);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        ulong pages = _pages;
        state.Field("start", ref _start);
        state.Field("pages", ref pages);
        state.Field("page-shift", ref _pageShift);
        state.Field("bypass", ref _bypass);
        if (state.IsLoading)
        {
            Enable(_start, Math.Clamp(_pageShift, DefaultPageShift, 34), Math.Min(pages, MostPages));
        }

        for (int i = 0; i < _chunks.Length; i++)
        {
            // Entries that were valid once leave no trace.
            bool isPresent = _chunks[i].AsSpan().ContainsAnyExcept(0ul);
            state.Field($"chunk{i}", ref isPresent);
            if (isPresent)
            {
                _chunks[i] ??= new ulong[ChunkEntries];
                state.Bytes($"entries{i}", MemoryMarshal.AsBytes(_chunks[i].AsSpan()));
            }
        }
    }

    /// <summary>No window has more entries, so that a saved state cannot ask for all of the host's memory.</summary>
    internal const ulong MostPages = 1ul << 28;

    private ulong this[ulong index] => _chunks[index / ChunkEntries]?[index % ChunkEntries] ?? 0;

    private void Set(ulong index, ulong tce)
    {
        ref ulong[]? chunk = ref _chunks[index / ChunkEntries];
        if (chunk == null && tce == 0)
        {
            return;
        }

        chunk ??= new ulong[ChunkEntries];
        chunk[index % ChunkEntries] = tce;
    }

    private bool TryIndex(ulong ioba, out ulong index)
    {
        index = (ioba - _start) >> _pageShift;
        return ioba >= _start && index < _pages;
    }

    /// <summary>Walks every page of the range before a byte is moved.</summary>
    private bool CanAccess(ulong address, ulong length, ulong permissions)
    {
        if (_bypass)
        {
            return _ram.Contains(address, length) || Fault(address, "nothing is there");
        }

        if (length > Length)
        {
            return Fault(address, $"{length} bytes are more than the window");
        }

        ulong mask = (1ul << _pageShift) - 1;
        while (length != 0)
        {
            if (!TryIndex(address, out ulong index))
            {
                return Fault(address, "outside the window");
            }

            ulong tce = this[index];
            ulong run = Math.Min(length, mask + 1 - (address & mask));
            if ((tce & permissions) != permissions)
            {
                return Fault(address, $"the entry 0x{tce:x} does not permit the access");
            }

            if (!_ram.Contains((tce & ~mask) + (address & mask), run))
            {
                return Fault(address, $"the entry 0x{tce:x} points outside memory");
            }

            address += run;
            length -= run;
        }

        return true;
    }

    private int Run(ulong address, int length, out PhysicalAddress physical)
    {
        if (_bypass)
        {
            physical = new PhysicalAddress(address);
            return length;
        }

        ulong mask = (1ul << _pageShift) - 1;
        _ = TryIndex(address, out ulong index);
        physical = new PhysicalAddress((this[index] & ~mask) + (address & mask));
        return (int)Math.Min((ulong)length, mask + 1 - (address & mask));
    }

    private bool Fault(ulong address, string why)
    {
        _tracer.GuestError("tce", $"DMA at 0x{address:x} of bus 0x{Liobn:x}: {why}");
        return false;
    }
}
