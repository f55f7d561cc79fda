using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>
/// -blockdev driver=raw,node-name=ID,file.driver=file,file.filename=PATH or the same as JSON, or in two options: a node of driver file, and one of driver
/// raw that names it with file=ID. Both are a drive that a -device names with drive=ID.
/// </summary>
internal static class BlockdevOption
{
    // How the host reads and writes the file, which here is always the same.
    private static readonly string[] Harmless =
        ["discard", "detect-zeroes", "auto-read-only", "force-share", "cache.direct", "cache.no-flush", "aio", "locking", "x-check-cache-dropped"];

    /// <summary>Adds the drive, or completes the one it names.</summary>
    /// <exception cref="UserErrorException">A driver is not built, or a name is missing or unknown.</exception>
    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("blockdev", text, "driver");
        string driver = list.Take("driver") ?? throw new UserErrorException("-blockdev needs a driver; give for example -blockdev driver=raw,node-name=hd0,file.driver=file,file.filename=FILE.");
        string id = list.Take("node-name") is { Length: > 0 } name ? name : throw new UserErrorException("-blockdev needs a name for a -device to refer to; add node-name=hd0 and drive=hd0.");
        bool readOnly = list.TakeFlag("read-only", false);
        DriveConfiguration drive;
        if (driver != "raw")
        {
            drive = Protocol(driver, list, "");
        }
        else if (list.Take("file") is { } inner)
        {
            int at = request.Drives.FindIndex(d => d.Id == inner);
            drive = at >= 0 ? request.Drives[at] : throw new UserErrorException($"-blockdev asks for node '{inner}', which does not exist; give it before, with its own -blockdev.");
            request.Drives.RemoveAt(at);
        }
        else
        {
            drive = Protocol(list.Take("file.driver") ?? "", list, "file.");
        }

        list.Ignore(Harmless);
        list.Ignore([.. Harmless.Select(static key => "file." + key)]);
        list.RefuseRest();
        request.Drives.Add(drive with { Id = id, ReadOnly = readOnly || drive.ReadOnly });
    }

    private static DriveConfiguration Protocol(string driver, OptionList list, string prefix) => driver switch
    {
        "file" or "host_device" => new()
        {
            File = list.Take(prefix + "filename") is { Length: > 0 } path ? path : throw new UserErrorException($"-blockdev has no file; add {prefix}filename=FILE."),
            Interface = DriveInterface.None,
            Format = "raw",
            ReadOnly = list.TakeFlag(prefix + "read-only", false),
        },
        _ => throw new UserErrorException($"-blockdev with {prefix}driver={driver} is not built; give raw and file, or serve the image with qemu-nbd and give --drive file=nbd:unix:PATH,if=none,id=."),
    };
}
