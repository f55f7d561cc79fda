using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Cards;

/// <summary>The disk images of a machine: opened once, closed with the machine, and given out by IDE position or name.</summary>
internal sealed class DriveSet : IDisposable
{
    private const int IdePositions = 4;

    private readonly List<(DriveConfiguration Drive, IBlockBackend? Image)> _drives = [];

    /// <summary>Opens every image. On a failure nothing stays open.</summary>
    /// <param name="drives">What was asked for.</param>
    /// <param name="own">What the machine has for drives that ask for nothing.</param>
    /// <param name="open">The host's opener, or null for files.</param>
    /// <exception cref="UserErrorException">An image cannot be used.</exception>
    public DriveSet(IReadOnlyList<DriveConfiguration> drives, DriveInterface own, Func<DriveConfiguration, IBlockBackend>? open)
    {
        try
        {
            foreach (DriveConfiguration asked in drives)
            {
                DriveConfiguration drive = asked.Interface == DriveInterface.Own ? asked with { Interface = own } : asked;
                _drives.Add((drive, drive.File == null && open == null ? null : (open ?? OpenFile)(drive)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The drives on the board's IDE controller by position: primary master, primary slave, secondary master, secondary slave.</summary>
    /// <exception cref="UserErrorException">There are more than four, or two want one position.</exception>
    public (DriveConfiguration Drive, IBlockBackend? Image)?[] Ide()
    {
        (DriveConfiguration, IBlockBackend?)?[] positions = new (DriveConfiguration, IBlockBackend?)?[IdePositions];
        foreach ((DriveConfiguration drive, IBlockBackend? image) in _drives
            .Where(static entry => entry.Drive.Interface == DriveInterface.Ide)
            .OrderBy(static entry => entry.Drive.Index == null))
        {
            // As everywhere: a CD that names no position is the secondary master.
            int wanted = drive.Index ?? (drive.Media == DriveMedia.Cdrom && positions[2] == null ? 2 : Array.FindIndex(positions, static p => p == null));
            if (wanted is < 0 or >= IdePositions || positions[wanted] != null)
            {
                throw new UserErrorException("The IDE controller has places for four drives, and more were given; use if=virtio for the others.");
            }

            positions[wanted] = (drive, image);
        }

        return positions;
    }

    /// <summary>Drives that are virtio-blk cards of their own.</summary>
    public IEnumerable<(DriveConfiguration Drive, IBlockBackend Image)> VirtioCards() =>
        _drives.Where(static entry => entry.Drive.Interface == DriveInterface.Virtio).Select(static entry => (entry.Drive, Required(entry.Drive, entry.Image)));

    /// <summary>Drives behind the machine's own SCSI adapter; a CD drive may be empty.</summary>
    public IEnumerable<(DriveConfiguration Drive, IBlockBackend? Image)> Scsi() =>
        _drives.Where(static entry => entry.Drive.Interface == DriveInterface.Scsi);

    /// <summary>The drive that a CD drive names, which may be empty; one without a name is an empty drive too.</summary>
    /// <exception cref="UserErrorException">There is no such drive.</exception>
    public (DriveConfiguration Drive, IBlockBackend? Image) RemovableById(string driver, string? id)
    {
        if (id == null)
        {
            return (new DriveConfiguration { Media = DriveMedia.Cdrom }, null);
        }

        foreach ((DriveConfiguration Drive, IBlockBackend? Image) entry in _drives)
        {
            if (entry.Drive.Id == id)
            {
                return entry;
            }
        }

        throw new UserErrorException($"Device '{driver}' asks for drive '{id}', which does not exist; add --drive file=PATH,if=none,id={id}.");
    }

    /// <summary>The image that a device names.</summary>
    /// <exception cref="UserErrorException">There is no such drive, or it is an empty one.</exception>
    public (DriveConfiguration Drive, IBlockBackend Image) ById(string driver, string? id)
    {
        foreach ((DriveConfiguration drive, IBlockBackend? image) in _drives)
        {
            if (id != null && drive.Id == id)
            {
                return (drive, Required(drive, image));
            }
        }

        throw new UserErrorException(id == null
            ? $"Device '{driver}' has no drive; give drive=ID and --drive file=PATH,if=none,id=ID."
            : $"Device '{driver}' asks for drive '{id}', which does not exist; add --drive file=PATH,if=none,id={id}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((DriveConfiguration _, IBlockBackend? image) in _drives)
        {
            image?.Dispose();
        }

        _drives.Clear();
    }

    private static IBlockBackend Required(DriveConfiguration drive, IBlockBackend? image) =>
        image ?? throw new UserErrorException($"Drive '{drive.Id ?? "without a name"}' is empty, and only an IDE CD drive can be; give file=PATH.");

    private static IBlockBackend OpenFile(DriveConfiguration drive)
    {
        DiskAccess access = drive.ReadOnly || drive.Media == DriveMedia.Cdrom ? DiskAccess.ReadOnly
            : drive.Snapshot ? DiskAccess.Snapshot : DiskAccess.ReadWrite;
        try
        {
            return DiskImage.Open(drive.File!, access);
        }
        catch (BackendException error)
        {
            throw new UserErrorException(char.ToUpperInvariant(error.Message[0]) + error.Message[1..].TrimEnd('.') + ".", error);
        }
    }
}
