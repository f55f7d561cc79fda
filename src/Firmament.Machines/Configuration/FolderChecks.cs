using System.Text;
using Firmament.Core;
using Firmament.Devices.Storage;

namespace Firmament.Machines.Configuration;

/// <summary>Rules among shared folders: one name each, and each device has one and a tag of its own.</summary>
internal static class FolderChecks
{
    public static void Validate(IReadOnlyList<FolderConfiguration> folders, IReadOnlyList<DeviceConfiguration> devices)
    {
        HashSet<string> ids = [];
        foreach (FolderConfiguration folder in folders)
        {
            if (!ids.Add(folder.Id))
            {
                throw new UserErrorException($"Two shared folders have the name '{folder.Id}'; give each its own id=.");
            }
        }

        HashSet<string> tags = [];
        foreach (DeviceConfiguration device in devices.Where(static device => device.Driver == "virtio-9p-pci"))
        {
            string id = device["fsdev"] ?? throw new UserErrorException("Device 'virtio-9p-pci' has no folder; give fsdev=ID and -fsdev local,id=ID,path=DIR.");
            if (!ids.Contains(id))
            {
                throw new UserErrorException($"Device 'virtio-9p-pci' asks for folder '{id}', which does not exist; add -fsdev local,id={id},path=DIR.");
            }

            string tag = device["mount_tag"] ?? "";
            if (Encoding.UTF8.GetByteCount(tag) is 0 or > Virtio9p.LongestTag)
            {
                throw new UserErrorException($"Device 'virtio-9p-pci' needs a name to mount by; give mount_tag= 1 to {Virtio9p.LongestTag} bytes.");
            }

            if (!tags.Add(tag))
            {
                throw new UserErrorException($"Two shared folders have the mount tag '{tag}'; give each its own mount_tag=.");
            }
        }
    }
}
