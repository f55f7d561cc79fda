using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-drive file=PATH[,if=ide|virtio|scsi|none][,index=N][,id=ID][,readonly][,snapshot=on][,media=disk|cdrom][,format=raw].</summary>
internal static class DriveOption
{
    public static DriveConfiguration Parse(string text)
    {
        OptionList list = OptionList.Parse("drive", text, "file");
        string? media = list.Take("media");
        string? wanted = list.Take("if");
        int? index = list.TakeNumber("index");
        int? bus = list.TakeNumber("bus");
        int? unit = list.TakeNumber("unit");
        string? file = list.Take("file");
        DriveConfiguration drive = new()
        {
            File = file is { Length: 0 } ? null : file,
            Interface = wanted == null ? DriveInterface.Own : Interface(wanted),
            Index = index ?? (bus != null || unit != null ? ((bus ?? 0) * 2) + (unit ?? 0) : null),
            Id = list.Take("id"),
            ReadOnly = list.TakeFlag("readonly", list.TakeFlag("read-only", false)),
            Snapshot = list.TakeFlag("snapshot", false),
            Media = media switch
            {
                null or "disk" => DriveMedia.Disk,
                "cdrom" => DriveMedia.Cdrom,
                _ => throw new UserErrorException($"-drive media={media} is unknown; give media=disk or media=cdrom."),
            },
            Format = list.Take("format"),
            Serial = list.Take("serial"),
        };
        list.Ignore("cache", "aio", "discard", "detect-zeroes", "werror", "rerror", "cache.direct", "cache.no-flush", "cache.writeback");
        list.RefuseRest();
        return drive;
    }

    /// <summary>-hda to -hdd and -cdrom.</summary>
    public static DriveConfiguration Own(string file, int index, DriveMedia media)
        => new() { File = file, Interface = DriveInterface.Own, Index = index, Media = media };

    private static DriveInterface Interface(string name) => name switch
    {
        "ide" => DriveInterface.Ide,
        "virtio" => DriveInterface.Virtio,
        "scsi" => DriveInterface.Scsi,
        "none" => DriveInterface.None,
        "sd" or "mtd" or "floppy" or "pflash" or "xen" =>
            throw new UserErrorException($"-drive if={name} is not built yet; give if=virtio, if=scsi or if=ide."),
        _ => throw new UserErrorException($"There is no drive interface '{name}'{Suggestion.For(name, ["ide", "virtio", "scsi", "none"])}; give if=ide, if=virtio, if=scsi or if=none."),
    };
}
