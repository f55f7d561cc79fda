namespace Firmament.Volumes.FileSystems;

/// <summary>A file on a volume. Not for several threads at once, nor at once with another file of the same volume.</summary>
public interface IVolumeFile
{
    /// <summary>Its name, without its directory.</summary>
    string Name { get; }

    /// <summary>Size in bytes, never negative. As the volume states it: a sparse or damaged file may be longer than its volume.</summary>
    long Length { get; }

    /// <summary>
    /// Fills <paramref name="destination"/> from <paramref name="offset"/> bytes after the file's start; false, with the contents undefined,
    /// when that reaches outside the file, or the volume is damaged there. Holes read as zeros.
    /// </summary>
    bool TryRead(long offset, Span<byte> destination);
}
