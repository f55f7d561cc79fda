namespace Firmament.Volumes;

/// <summary>Bytes that can be read at any place: a disk, a CD, a partition of one. Not for several threads at once.</summary>
public interface IByteSource
{
    /// <summary>Size in bytes; <see cref="long.MaxValue"/> where it is not known, and then only failing reads show the end.</summary>
    long Length { get; }

    /// <summary>The medium's logical block in bytes, 512 or 2048 or 4096; GPT counts in it. Reads need no alignment.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Fills <paramref name="destination"/> from <paramref name="offset"/> bytes after the start, which is never negative; false, with the contents
    /// undefined, when any byte cannot be read.
    /// </summary>
    bool TryRead(long offset, Span<byte> destination);
}
