using System.Globalization;
using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>Rules among drives: one name each, one place each.</summary>
internal static class DriveChecks
{
    public static void Validate(IReadOnlyList<DriveConfiguration> drives, IReadOnlyList<DeviceConfiguration> devices, MachineKind kind)
    {
        HashSet<string> ids = [];
        HashSet<int> ideIndexes = [];
        foreach (DriveConfiguration drive in drives)
        {
            ValidateOne(drive);
            if (drive.Id is { } id && !ids.Add(id))
            {
                throw new UserErrorException($"Two drives have the name '{id}'; give each --drive its own id=.");
            }

            if (drive.Interface == DriveInterface.Ide && kind.OwnDrives != DriveInterface.Ide)
            {
                throw new UserErrorException($"Machine '{kind.Name}' has no IDE controller; give if=scsi or if=virtio (scsi-hd or scsi-cd for a -device).");
            }

            if (drive is { Interface: DriveInterface.Ide, Index: { } index } && !ideIndexes.Add(index))
            {
                throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                    $"Two drives want IDE position {index}; give one of them another index= (0 to 3)."));
            }
        }

        HashSet<string> taken = [];
        foreach (DeviceConfiguration device in devices)
        {
            if (device["drive"] is not { } wanted)
            {
                continue;
            }

            if (!drives.Any(d => d.Id == wanted && d.Interface == DriveInterface.None))
            {
                throw new UserErrorException($"Device '{device.Driver}' asks for drive '{wanted}', which does not exist; "
                    + $"add --drive file=…,if=none,id={wanted}.");
            }

            if (!taken.Add(wanted))
            {
                throw new UserErrorException($"Two devices ask for drive '{wanted}'; a drive serves one device, so add another --drive.");
            }
        }
    }

    private static void ValidateOne(DriveConfiguration drive)
    {
        if (drive.File == null && drive.Media != DriveMedia.Cdrom)
        {
            throw new UserErrorException("A disk needs an image; give --drive file=PATH.");
        }

        if (drive.Format is not (null or "raw"))
        {
            throw new UserErrorException($"Disk format '{drive.Format}' cannot be read yet; convert '{drive.File}' with "
                + "'qemu-img convert -O raw' and give format=raw.");
        }

        if (drive is { Interface: DriveInterface.Ide, Index: not (null or (>= 0 and <= 3)) })
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                $"There is no IDE position {drive.Index}; give index=0 to index=3."));
        }
    }
}
