namespace Firmament.Volumes;

/// <summary>A window of another source. What reaches beyond the other's end is cut off.</summary>
public sealed class PartitionSource : IByteSource
{
    private readonly IByteSource _disk;
    private readonly long _offset;

    /// <summary>Shows <paramref name="length"/> bytes of <paramref name="disk"/> from <paramref name="offset"/>; negative values count as 0.</summary>
    public PartitionSource(IByteSource disk, long offset, long length)
    {
        _disk = disk;
        _offset = Math.Clamp(offset, 0, Math.Max(disk.Length, 0));
        Length = Math.Clamp(length, 0, Math.Max(disk.Length - _offset, 0));
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public int BlockSize => _disk.BlockSize;

    /// <inheritdoc/>
    public bool TryRead(long offset, Span<byte> destination) =>
        offset >= 0 && offset <= Length - destination.Length && _disk.TryRead(_offset + offset, destination);
}
