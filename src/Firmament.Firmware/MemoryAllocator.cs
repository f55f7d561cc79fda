using System.Numerics;
using Firmament.Core.State;

namespace Firmament.Firmware;

/// <summary>
/// Which RAM below 4 GiB is free, as an ordered list of ranges that never touch. Virtual addresses equal physical ones
/// (real mode, IEEE 1275-1994 6.3.2.4 and the PowerPC binding 7.1).
/// </summary>
/// <remarks>Every operation either happens whole or not at all. The list is bounded, so that a guest cannot grow it at will.</remarks>
public sealed class MemoryAllocator : IStateful
{
    /// <summary>Most free ranges; an operation that would make more fails.</summary>
    public const int MostRanges = 4096;

    private const ulong AddressLimit = 1UL << 32;

    private readonly List<MemoryRange> _free = [];
    private readonly ulong _lowestAligned;

    /// <summary>Starts with everything free.</summary>
    /// <param name="ramSize">Bytes of RAM from address 0; what lies above 4 GiB cannot be named by 32-bit cells and is not managed.</param>
    /// <param name="lowestAligned">
    /// Aligned claims get nothing below this address: exception vectors live there, and clients take address 0 for a failure.
    /// Fixed claims may.
    /// </param>
    public MemoryAllocator(ulong ramSize, ulong lowestAligned = 0x4000)
    {
        Limit = Math.Min(ramSize, AddressLimit);
        _lowestAligned = lowestAligned;
        _free.Add(new MemoryRange(0, Limit));
    }

    /// <summary>The first address that is not managed.</summary>
    public ulong Limit { get; }

    /// <summary>Free ranges, lowest first.</summary>
    public IReadOnlyList<MemoryRange> Free => _free;

    /// <summary>Called after every change of <see cref="Free"/>.</summary>
    public Action? Changed { get; set; }

    /// <summary>Claims exactly [start, start + size). False when any of it is claimed or not RAM, or size is 0.</summary>
    public bool TryClaim(ulong start, ulong size)
    {
        if (size == 0 || start >= Limit || size > Limit - start)
        {
            return false;
        }

        int index = IndexOfLastNotAbove(start);
        return index >= 0 && _free[index].End >= start + size && TryTake(index, start, size);
    }

    /// <summary>
    /// Claims the lowest aligned block of <paramref name="size"/> bytes. The boundary is the smallest power of two that is not less
    /// than <paramref name="alignment"/> (IEEE 1275-1994 6.3.2.4).
    /// </summary>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="alignment">Bytes, at least 1.</param>
    /// <param name="start">The block.</param>
    public bool TryClaimAligned(ulong size, uint alignment, out ulong start)
    {
        ulong boundary = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(alignment, 1));
        start = 0;
        if (size == 0 || size > Limit)
        {
            return false;
        }

        for (int i = 0; i < _free.Count; i++)
        {
            ulong candidate = (Math.Max(_free[i].Start, _lowestAligned) + boundary - 1) & ~(boundary - 1);
            if (candidate < _free[i].End && size <= _free[i].End - candidate && TryTake(i, candidate, size))
            {
                start = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Claims the highest block of <paramref name="size"/> bytes: for what the firmware needs beside its clients, which are linked and load low.
    /// </summary>
    /// <param name="size">Bytes.</param>
    /// <param name="alignment">Bytes; a power of two.</param>
    /// <param name="start">The block.</param>
    public bool TryClaimHighest(ulong size, uint alignment, out ulong start)
    {
        start = 0;
        for (int i = _free.Count - 1; i >= 0 && size != 0; i--)
        {
            ulong lowest = Math.Max(_free[i].Start, _lowestAligned);
            if (_free[i].End < lowest || size > _free[i].End - lowest)
            {
                continue;
            }

            ulong candidate = (_free[i].End - size) & ~((ulong)alignment - 1);
            if (candidate >= lowest && TryTake(i, candidate, size))
            {
                start = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>True when all of [start, start + size) is free.</summary>
    public bool IsFree(ulong start, ulong size) =>
        size != 0 && IndexOfLastNotAbove(start) is var index and >= 0 && start < _free[index].End && size <= _free[index].End - start;

    /// <summary>
    /// Frees [start, start + size), whole claims or parts of them; parts already free stay free. False, with nothing freed, when
    /// any of it is not RAM, or the list of free ranges is full.
    /// </summary>
    public bool TryRelease(ulong start, ulong size)
    {
        if (size == 0 || start >= Limit || size > Limit - start)
        {
            return false;
        }

        ulong end = start + size;
        int first = IndexOfLastNotAbove(start);
        if (first < 0 || _free[first].End < start)
        {
            first++;
        }

        int last = first;
        while (last < _free.Count && _free[last].Start <= end)
        {
            start = Math.Min(start, _free[last].Start);
            end = Math.Max(end, _free[last].End);
            last++;
        }

        if (last == first && _free.Count >= MostRanges)
        {
            return false;
        }

        _free.RemoveRange(first, last - first);
        _free.Insert(first, new MemoryRange(start, end - start));
        Changed?.Invoke();
        return true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        int count = _free.Count;
        state.Field("count", ref count);
        for (int i = 0; i < Math.Min(count, MostRanges); i++)
        {
            ulong start = i < _free.Count ? _free[i].Start : 0;
            ulong size = i < _free.Count ? _free[i].Size : 0;
            state.Field("start", ref start);
            state.Field("size", ref size);
            if (state.IsLoading)
            {
                if (i == 0)
                {
                    _free.Clear();
                }

                _free.Add(new MemoryRange(start, size));
            }
        }

        if (state.IsLoading && count == 0)
        {
            _free.Clear();
        }
    }

    private int IndexOfLastNotAbove(ulong address)
    {
        int low = 0;
        int high = _free.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_free[middle].Start <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private bool TryTake(int index, ulong start, ulong size)
    {
        MemoryRange range = _free[index];
        MemoryRange below = new(range.Start, start - range.Start);
        MemoryRange above = new(start + size, range.End - start - size);
        if (below.Size > 0 && above.Size > 0 && _free.Count >= MostRanges)
        {
            return false;
        }

        _free.RemoveAt(index);
        if (above.Size > 0)
        {
            _free.Insert(index, above);
        }

        if (below.Size > 0)
        {
            _free.Insert(index, below);
        }

        Changed?.Invoke();
        return true;
    }
}
