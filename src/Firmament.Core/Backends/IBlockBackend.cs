namespace Firmament.Core.Backends;

/// <summary>A disk image on the host.</summary>
public interface IBlockBackend : IDisposable
{
    /// <summary>Bytes; a multiple of 512.</summary>
    long Length { get; }

    /// <summary>True when writes are refused.</summary>
    bool IsReadOnly { get; }

    /// <summary>Reads at a byte offset. False on a host I/O error or a range outside the image.</summary>
    bool TryRead(long offset, Span<byte> destination);

    /// <summary>Writes at a byte offset. False on a host I/O error, a read-only image or a range outside the image.</summary>
    bool TryWrite(long offset, ReadOnlySpan<byte> source);

    /// <summary>Makes every acknowledged write durable. False on a host I/O error.</summary>
    bool TryFlush();

    /// <summary>Makes a range read as zeros. False as for <see cref="TryWrite"/>; then some of it may be zeros already.</summary>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="deallocate">The host may take its storage back (a hole in the file); a guest sees no difference.</param>
    bool TryZero(long offset, long length, bool deallocate)
    {
        if (IsReadOnly || offset < 0 || length < 0 || offset > Length || length > Length - offset)
        {
            return false;
        }

        ReadOnlySpan<byte> zeros = stackalloc byte[4096];
        for (long at = offset; at < offset + length;)
        {
            int part = (int)Math.Min(zeros.Length, offset + length - at);
            if (!TryWrite(at, zeros[..part]))
            {
                return false;
            }

            at += part;
        }

        return true;
    }
}
