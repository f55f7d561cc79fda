using Firmament.Firmware.Booting;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>A program that lies on a disk in one piece, as in a PReP partition. The device reads it to where it goes.</summary>
internal sealed class DiskProgram(IDirectSource source, long offset, long length) : BootProgram
{
    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room)
    {
        // A partition may be much larger than the program at its start: what fits is enough, and its headers tell when it is not.
        long size = Math.Min(length, room);
        return (long)source.Read(offset, space, address, (ulong)size) == size ? size : -1;
    }
}
