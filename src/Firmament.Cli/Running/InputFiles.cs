using Firmament.Core;
using Firmament.Core.Backends.Host;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Running;

/// <summary>Looks whether every file a run reads is there, before anything is opened for writing.</summary>
internal static class InputFiles
{
    /// <exception cref="UserErrorException">A file is missing, a folder, or not readable or writable as needed.</exception>
    public static void Check(MachineConfiguration configuration)
    {
        CheckImage(configuration.Kernel, "--kernel");
        CheckImage(configuration.Initrd, "--initrd");
        CheckImage(configuration.DeviceTree, "--dtb");
        CheckImage(configuration.Rom, "-bios");
        foreach (DriveConfiguration drive in configuration.Drives)
        {
            if (drive.File != null && !NbdAddress.IsNbd(drive.File))
            {
                bool writes = !drive.ReadOnly && !drive.Snapshot && drive.Media == DriveMedia.Disk;
                Open(drive.File, "--drive file=", writes);
            }
        }
    }

    private static void CheckImage(GuestImage? image, string option)
    {
        if (image is { IsFile: true })
        {
            Open(image.Name, option, writes: false);
        }
    }

    private static void Open(string path, string option, bool writes)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"'{path}' is a folder; give a file to {option}.");
        }

        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no file '{path}'; give an existing file to {option}.");
        }

        try
        {
            using FileStream file = new(path, FileMode.Open, writes ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(writes
                ? $"'{path}' cannot be written ({e.Message.TrimEnd('.')}); make it writable, or add readonly=on or snapshot=on."
                : $"'{path}' cannot be read ({e.Message.TrimEnd('.')}); give a readable file to {option}.", e);
        }
    }
}
