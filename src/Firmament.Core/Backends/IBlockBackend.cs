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
}
