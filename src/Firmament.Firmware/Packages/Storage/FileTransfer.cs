using Firmament.Volumes.FileSystems;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>Copies a file's bytes into a client's memory.</summary>
internal static class FileTransfer
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Copies as much as can be read and stored.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="space">What <paramref name="address"/> means.</param>
    /// <param name="address">Of the first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>Bytes copied, in whole chunks until one failed.</returns>
    public static ulong Read(IVolumeFile file, long offset, GuestAddressSpace space, ulong address, ulong length)
    {
        byte[] chunk = new byte[Math.Min(length, ChunkBytes)];
        ulong done = 0;
        while (done < length)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min((ulong)chunk.Length, length - done));
            if (!file.TryRead(offset + (long)done, part) || !space.TryWrite(address + done, part))
            {
                break;
            }

            done += (ulong)part.Length;
        }

        return done;
    }
}
