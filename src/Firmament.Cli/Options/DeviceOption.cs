using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-device DRIVER[,property=value…] or JSON.</summary>
internal static class DeviceOption
{
    private static readonly string[] Common = ["driver", "id", "bus", "addr", "bootindex", "romfile", "rombar", "multifunction"];
    private static readonly string[] Virtio =
        ["disable-legacy", "disable-modern", "iommu_platform", "packed", "event_idx", "indirect_desc", "vectors", "ats", "page-per-vq", "any_layout"];

    private static readonly Dictionary<string, string[]> Built = new()
    {
        ["virtio-blk-pci"] = ["drive", "serial", "write-cache", "config-wce", "num-queues", "logical_block_size", "physical_block_size", "discard", "share-rw", .. Virtio],
        ["virtio-net-pci"] = ["netdev", "mac", "mq", "csum", "gso", "mrg_rxbuf", "status", "host_mtu", "ctrl_vq", .. Virtio],
        ["virtio-rng-pci"] = ["rng", "max-bytes", "period", .. Virtio],
        ["virtio-serial-pci"] = ["max_ports", .. Virtio],
        ["virtio-9p-pci"] = ["fsdev", "mount_tag", .. Virtio],
        ["virtio-balloon-pci"] = ["deflate-on-oom", "free-page-hint", "free-page-reporting", .. Virtio],
        ["virtconsole"] = ["chardev", "name", "nr"],
        ["virtio-scsi-pci"] = ["num_queues", "max_sectors", "cmd_per_lun", "hotplug", "param_change", .. Virtio],
        ["scsi-hd"] = ["drive", "scsi-id", "lun", "channel", "serial", "vendor", "product", "ver", "wwn", "device_id"],
        ["scsi-cd"] = ["drive", "scsi-id", "lun", "channel", "serial", "vendor", "product", "ver", "wwn", "device_id"],
        ["spapr-vscsi"] = ["reg", "irq"],
        ["spapr-vlan"] = ["reg", "irq", "netdev", "mac", "use-rx-buffer-pools"],
        ["spapr-vty"] = ["reg", "irq", "chardev"],
        ["spapr-rng"] = ["use-kvm", "rng"],
        ["spapr-pci-host-bridge"] = ["index"],
        ["VGA"] = ["vgamem_mb", "edid", "xres", "yres", "xmax", "ymax", "mmio", "qemu-extended-regs", "big-endian-framebuffer", "global-vmstate"],
        ["secondary-vga"] = ["vgamem_mb", "edid", "xres", "yres", "xmax", "ymax", "qemu-extended-regs", "big-endian-framebuffer"],
        ["bochs-display"] = ["vgamem", "edid", "xres", "yres", "xmax", "ymax"],
        ["ide-hd"] = ["drive", "unit", "serial", "model", "ver", "wwn"],
        ["ide-cd"] = ["drive", "unit", "serial", "model", "ver"],
    };

    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["virtio-blk"] = "virtio-blk-pci",
        ["virtio-net"] = "virtio-net-pci",
        ["virtio-rng"] = "virtio-rng-pci",
        ["virtio-serial"] = "virtio-serial-pci",
        ["virtio-scsi"] = "virtio-scsi-pci",
        ["virtio-scsi-pci-non-transitional"] = "virtio-scsi-pci",
        ["virtio-9p"] = "virtio-9p-pci",
        ["virtio-balloon"] = "virtio-balloon-pci",
        ["virtio-9p-pci-non-transitional"] = "virtio-9p-pci",
        ["virtio-balloon-pci-non-transitional"] = "virtio-balloon-pci",
        ["virtio-blk-pci-non-transitional"] = "virtio-blk-pci",
        ["virtio-net-pci-non-transitional"] = "virtio-net-pci",
        ["virtio-rng-pci-non-transitional"] = "virtio-rng-pci",
    };

    private static readonly string[] NotBuilt =
    [
        "virtio-gpu-pci", "vhost-vsock-pci",
        "usb-storage", "usb-kbd", "usb-mouse", "usb-tablet", "nec-usb-xhci", "qemu-xhci", "usb-ehci",
        "pci-ohci", "nvme", "sdhci-pci", "sii3112", "megasas", "mptsas1068", "e1000", "e1000e", "rtl8139", "ne2k_pci", "pcnet", "i82551", "sungem", "sm501",
        "ati-vga", "cirrus-vga", "ipmi-bmc-sim", "pci-testdev", "loader", "ES1370", "AC97", "via-ac97",
    ];

    /// <summary>Names that can be built, for help and completion.</summary>
    public static IEnumerable<string> Names => Built.Keys;

    public static DeviceConfiguration Parse(string text)
    {
        OptionList list = OptionList.Parse("device", text, "driver");
        string driver = Resolve(list.Take("driver") ?? throw new UserErrorException("-device needs a driver; give for example --device virtio-rng-pci."));
        string[] known = [.. Built[driver], .. Common];
        Dictionary<string, string> properties = list.ToDictionary();
        properties.Remove("driver");
        foreach (string key in properties.Keys)
        {
            if (!known.Contains(key))
            {
                throw new UserErrorException($"Property '{driver}.{key}' not found{Suggestion.For(key, known)}; leave it out or correct it.");
            }
        }

        return new() { Driver = driver, Properties = properties };
    }

    /// <summary>The canonical name of a driver or network card model.</summary>
    /// <exception cref="UserErrorException">It is unknown or not built.</exception>
    public static string Resolve(string name)
    {
        string canonical = Aliases.GetValueOrDefault(name, name);
        if (Built.ContainsKey(canonical))
        {
            return canonical;
        }

        if (NotBuilt.Contains(name))
        {
            throw new UserErrorException($"Device '{name}' is not built yet; leave it out, or give one of: {string.Join(", ", Built.Keys)}.");
        }

        throw new UserErrorException($"There is no device '{name}'{Suggestion.For(name, Built.Keys.Concat(NotBuilt))}; the devices are: {string.Join(", ", Built.Keys)}.");
    }

    /// <summary>
    /// ide-hd and ide-cd are places for a drive, not cards: moves each one's drive to the IDE interface. Returns the devices that remain.
    /// </summary>
    public static List<DeviceConfiguration> PlaceIdeDrives(List<DeviceConfiguration> devices, List<DriveConfiguration> drives)
    {
        List<DeviceConfiguration> rest = [];
        foreach (DeviceConfiguration device in devices)
        {
            if (device.Driver is not ("ide-hd" or "ide-cd"))
            {
                rest.Add(device);
                continue;
            }

            bool cd = device.Driver == "ide-cd";
            int at = drives.FindIndex(d => d.Id != null && d.Id == device["drive"] && d.Interface == DriveInterface.None);
            if (at < 0 && !(cd && device["drive"] == null))
            {
                throw new UserErrorException($"Device '{device.Driver}' asks for drive '{device["drive"]}', which does not exist; "
                    + $"add --drive file=…,if=none,id={device["drive"] ?? "hd0"} and drive={device["drive"] ?? "hd0"}.");
            }

            DriveConfiguration drive = at < 0 ? new() { Media = DriveMedia.Cdrom } : drives[at];
            drive = drive with
            {
                Interface = DriveInterface.Ide,
                Index = IdeIndex(device),
                Media = cd ? DriveMedia.Cdrom : DriveMedia.Disk,
                Serial = device["serial"] ?? drive.Serial,
            };
            if (at < 0)
            {
                drives.Add(drive);
            }
            else
            {
                drives[at] = drive;
            }
        }

        return rest;
    }

    private static int? IdeIndex(DeviceConfiguration device)
    {
        int? bus = device["bus"] switch
        {
            null => null,
            "ide.0" => 0,
            "ide.1" => 1,
            { } other => throw new UserErrorException($"There is no IDE bus '{other}'; give bus=ide.0 or bus=ide.1."),
        };
        int? unit = device["unit"] switch
        {
            null => null,
            "0" => 0,
            "1" => 1,
            { } other => throw new UserErrorException($"There is no IDE unit '{other}'; give unit=0 or unit=1."),
        };
        return bus == null && unit == null ? null : ((bus ?? 0) * 2) + (unit ?? 0);
    }
}
