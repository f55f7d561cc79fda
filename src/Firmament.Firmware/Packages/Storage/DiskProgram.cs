using Firmament.Firmware.Booting;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>A program that lies on a disk in one piece, as in a PReP partition. The device reads it to where it goes.</summary>
internal sealed class DiskProgram(IDirectSource source, long offset, long length) : BootProgram
{
    // A partition may be much larger than the program at its start, whose headers tell when this was not enough.
    private const long MostBytes = 64 << 20;

    /// <inheritdoc/>
    public override long Length => Math.Min(length, MostBytes);

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room)
    {
        long size = Math.Min(Length, room);
        return (long)source.Read(offset, space, address, (ulong)size) == size ? size : -1;
    }
}
