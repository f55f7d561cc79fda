using Firmament.Firmware.Booting;
using Firmament.Volumes.FileSystems;

namespace Firmament.Firmware.Packages.Storage;

/// <summary>A program in a file.</summary>
internal sealed class FileProgram(IVolumeFile file) : BootProgram
{
    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room) =>
        file.Length <= room && FileTransfer.Read(file, 0, space, address, (ulong)file.Length) == (ulong)file.Length ? file.Length : -1;
}
