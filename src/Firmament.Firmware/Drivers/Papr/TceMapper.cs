using Firmament.Core.Hypercalls;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Papr;

/// <summary>
/// Gives devices behind a DMA window entries for what they are to reach, in the first gap that is large enough. Bus page 0 is never given:
/// address 0 means "none" to some devices.
/// </summary>
/// <remarks>The client must not use the window before the drivers rest; operating systems call quiesce first.</remarks>
public sealed class TceMapper(ITceWindow window) : IDmaMapper, IStateful
{
    private const int MostMappings = 64;
    private const ulong ReadAndWrite = 3;

    // Pages from the window's start; a length of 0 is a free place.
    private readonly ulong[] _first = new ulong[MostMappings];
    private readonly ulong[] _pages = new ulong[MostMappings];

    /// <inheritdoc/>
    public bool TryMap(ulong address, ulong length, out ulong busAddress)
    {
        ulong mask = (1ul << window.PageShift) - 1;
        ulong start = address & ~mask;
        ulong pages = (address + length - start + mask) >> window.PageShift;
        int place = Array.IndexOf(_pages, 0ul);
        ulong first = FindGap(pages);
        busAddress = 0;
        if (place < 0 || first + pages > window.Length >> window.PageShift)
        {
            return false;
        }

        ulong bus = window.Start + (first << window.PageShift);
        for (ulong i = 0; i < pages; i++)
        {
            ulong offset = i << window.PageShift;
            if (window.Put(bus + offset, (start + offset) | ReadAndWrite) != PaprStatus.Success)
            {
                _ = window.Stuff(bus, 0, i + 1);
                return false;
            }
        }

        (_first[place], _pages[place]) = (first, pages);
        busAddress = bus + (address - start);
        return true;
    }

    /// <inheritdoc/>
    public void Unmap(ulong busAddress)
    {
        ulong page = (busAddress - window.Start) >> window.PageShift;
        for (int i = 0; i < MostMappings; i++)
        {
            if (_pages[i] != 0 && _first[i] == page)
            {
                _ = window.Stuff(window.Start + (page << window.PageShift), 0, _pages[i]);
                _first[i] = _pages[i] = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        for (int i = 0; i < MostMappings; i++)
        {
            state.Field("first", ref _first[i]);
            state.Field("pages", ref _pages[i]);
        }
    }

    private ulong FindGap(ulong pages)
    {
        ulong first = 1;
        for (int i = 0; i < MostMappings; i++)
        {
            if (_pages[i] != 0 && _first[i] < first + pages && first < _first[i] + _pages[i])
            {
                first = _first[i] + _pages[i];
                i = -1;
            }
        }

        return first;
    }
}
