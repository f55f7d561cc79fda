using Firmament.Firmware.Booting;
using Firmament.Volumes.FileSystems;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>A program in a file.</summary>
internal sealed class FileProgram(IVolumeFile file) : BootProgram
{
    private const int ChunkBytes = 1 << 20;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room)
    {
        if (file.Length > room)
        {
            return -1;
        }

        byte[] chunk = new byte[Math.Min(ChunkBytes, file.Length)];
        for (long done = 0; done < file.Length;)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, file.Length - done));
            if (!file.TryRead(done, part) || !space.TryWrite(address + (ulong)done, part))
            {
                return -1;
            }

            done += part.Length;
        }

        return file.Length;
    }
}
