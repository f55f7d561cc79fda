namespace Firmament.Volumes;

/// <summary>
/// Reads a volume for one file system: structures through a small cache, file contents directly. Every operation has a budget of structure
/// reads, so that no volume, however its links run, keeps a reader busy for long: when the budget is spent, reads fail.
/// </summary>
internal sealed class VolumeReader(IByteSource source)
{
    /// <summary>Cost of a read that the cache could not answer, in units of one that it could.</summary>
    public const int MissCost = 8;

    /// <summary>A directory of 65,536 entries with an inode elsewhere for each stays below this.</summary>
    public const int OperationBudget = 1 << 20;

    private const int PageSize = 4096;
    private const int PageCount = 64;

    private readonly byte[]?[] _pages = new byte[PageCount][];
    private readonly long[] _pageOffsets = new long[PageCount];
    private readonly int[] _pageLengths = new int[PageCount];
    private long _budget;

    public long Length => source.Length;

    /// <summary>Starts an operation. <paramref name="extra"/> is what its size adds to the budget.</summary>
    public void Begin(long extra = 0) => _budget = OperationBudget + Math.Max(extra, 0);

    /// <summary>Charges the operation; false when its budget is spent.</summary>
    public bool TrySpend(int cost = 1)
    {
        _budget -= cost;
        return _budget >= 0;
    }

    /// <summary>Reads file contents, past the cache. False outside the volume.</summary>
    public bool TryRead(long offset, Span<byte> destination) =>
        offset >= 0 && offset <= source.Length - destination.Length && source.TryRead(offset, destination);

    /// <summary>Reads a structure through the cache. False outside the volume, and when the budget is spent.</summary>
    public bool TryReadStructure(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > source.Length - destination.Length)
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            int within = (int)(offset % PageSize);
            if (!TrySpend())
            {
                return false;
            }

            ReadOnlySpan<byte> page = Page(offset - within);
            if (page.Length <= within)
            {
                // The source is shorter than it says, or does not say: only the very bytes may be there.
                return TrySpend(MissCost) && source.TryRead(offset, destination);
            }

            int count = Math.Min(page.Length - within, destination.Length);
            page.Slice(within, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }

        return true;
    }

    private ReadOnlySpan<byte> Page(long offset)
    {
        int slot = (int)(offset / PageSize % PageCount);
        byte[] page = _pages[slot] ??= new byte[PageSize];
        if (_pageLengths[slot] != 0 && _pageOffsets[slot] == offset)
        {
            return page.AsSpan(0, _pageLengths[slot]);
        }

        int length = (int)Math.Min(PageSize, source.Length - offset);
        _pageLengths[slot] = 0;
        if (!TrySpend(MissCost) || !source.TryRead(offset, page.AsSpan(0, length)))
        {
            return default;
        }

        _pageOffsets[slot] = offset;
        _pageLengths[slot] = length;
        return page.AsSpan(0, length);
    }
}
