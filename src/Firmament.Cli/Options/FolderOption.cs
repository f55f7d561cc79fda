using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-fsdev local,id=,path=,… and -virtfs local,path=,mount_tag=,…: folders of the host's for the guest.</summary>
internal static class FolderOption
{
    /// <summary>-fsdev: the folder; a -device virtio-9p-pci,fsdev=ID,mount_tag=TAG goes with it.</summary>
    public static FolderConfiguration ParseFsdev(string text)
    {
        OptionList list = OptionList.Parse("fsdev", text, "fsdriver");
        string id = list.Take("id") is { Length: > 0 } name ? name : throw new UserErrorException("-fsdev needs a name; add id=fs0 and --device virtio-9p-pci,fsdev=fs0,mount_tag=host0.");
        FolderConfiguration folder = Parse("fsdev", list, id);
        list.RefuseRest();
        return folder;
    }

    /// <summary>-virtfs: the folder and its device.</summary>
    public static void ApplyVirtfs(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("virtfs", text, "fsdriver");
        string tag = list.Take("mount_tag") ?? throw new UserErrorException("-virtfs needs a name to mount by; add mount_tag=host0.");
        FolderConfiguration folder = Parse("virtfs", list, list.Take("id") ?? tag);
        list.RefuseRest();
        request.Folders.Add(folder);
        request.Devices.Add(new() { Driver = "virtio-9p-pci", Properties = new Dictionary<string, string> { ["fsdev"] = folder.Id, ["mount_tag"] = tag } });
    }

    private static FolderConfiguration Parse(string option, OptionList list, string id)
    {
        string driver = list.Take("fsdriver") ?? "local";
        if (driver != "local")
        {
            throw new UserErrorException($"-{option} {driver} is not built; give -{option} local,path=DIR,….");
        }

        string path = list.Take("path") is { Length: > 0 } name ? name : throw new UserErrorException($"-{option} needs a folder; add path=DIR.");
        FileOwnership ownership = list.Take("security_model") switch
        {
            null or "none" or "passthrough" => FileOwnership.Host,
            "mapped" or "mapped-xattr" => FileOwnership.Attributes,
            "mapped-file" => throw new UserErrorException($"-{option} with owners kept in files beside (security_model=mapped-file) is not built; give security_model=mapped-xattr or none."),
            { } other => throw new UserErrorException(
                $"-{option} security_model={other} is unknown{Suggestion.For(other, ["none", "passthrough", "mapped-xattr"])}; give security_model=none or mapped-xattr."),
        };
        list.Ignore("writeout", "fmode", "dmode", "multidevs", "throttling.bps-total", "throttling.iops-total");
        return Directory.Exists(path)
            ? new() { Id = id, Path = path, Ownership = ownership, ReadOnly = list.TakeFlag("readonly", false) }
            : throw new UserErrorException($"There is no folder '{path}'; give an existing one to -{option} path=.");
    }
}
