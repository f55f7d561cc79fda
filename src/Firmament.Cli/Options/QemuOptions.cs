using Firmament.Core;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Options.RunOptions;

namespace Firmament.Cli.Options;

/// <summary>QEMU's options that are not also our own: what works, what is harmless and accepted, what is refused until it is built.</summary>
internal static class QemuOptions
{
    // Displays need nothing here, and their users read the serial console.
    private static readonly string[] Displays = ["none", "curses", "gtk", "sdl", "cocoa", "dbus", "spice-app", "vnc", "egl-headless"];

    /// <summary>The rows.</summary>
    public static RunOption[] All { get; } =
    [
        Works("nographic", static r => r.NoGraphic = true),
        Works("nodefaults", static r => r.NoDefaults = true),
        Works("monitor", "SPEC", static (r, v) => r.Monitor = v),
        Works("chardev", "SPEC", static (r, v) => r.Chardevs.Add(CharacterSpec.ParseChardev(v))),
        Works("mon", "SPEC", Mon),
        Works("hda", "FILE", static (r, v) => r.Drives.Add(DriveOption.Own(v, 0, DriveMedia.Disk))) with { IsPath = true },
        Works("hdb", "FILE", static (r, v) => r.Drives.Add(DriveOption.Own(v, 1, DriveMedia.Disk))) with { IsPath = true },
        Works("hdc", "FILE", static (r, v) => r.Drives.Add(DriveOption.Own(v, 2, DriveMedia.Disk))) with { IsPath = true },
        Works("hdd", "FILE", static (r, v) => r.Drives.Add(DriveOption.Own(v, 3, DriveMedia.Disk))) with { IsPath = true },
        Works("cdrom", "FILE", static (r, v) => r.Drives.Add(DriveOption.Own(v, 2, DriveMedia.Cdrom))) with { IsPath = true },
        Works("netdev", "SPEC", NetworkOption.ApplyNetdev),
        Works("nic", "SPEC", Nic),
        Works("rtc", "SPEC", static (r, v) => r.RtcBase = RtcOption.ParseQemu(v) ?? r.RtcBase),
        Works("action", "SPEC", ActionOption.Apply),
        Works("no-shutdown", static r => r.NoShutdown = true),
        Works("prom-env", "NAME=VALUE", PromEnv),
        Works("d", "LIST", static (r, v) => r.Trace |= TraceOption.Parse(v)),
        Works("D", "FILE", static (r, v) => r.TraceFile = NotEmpty("D", v)) with { IsPath = true },
        Works("S", static r => r.StartPaused = true),
        Works("pidfile", "FILE", static (r, v) => r.PidFile = NotEmpty("pidfile", v)) with { IsPath = true },
        Works("accel", "NAME", static (r, v) => r.Accelerators.AddRange(v.Split(',')[0].Replace("accel=", "", StringComparison.Ordinal).Split(':'))),
        Works("enable-kvm", static r => r.EnableKvm = true),
        Works("smp", "N", Smp),
        Works("vga", "KIND", static (r, v) => Vga(r, v)),
        Works("display", "KIND", static (_, v) => Display(v)),
        Works("qmp", "SPEC", static (_, v) => OnlyNone("qmp", v, "The machine protocol (QMP) is not built yet; leave -qmp out.")),
        Works("gdb", "SPEC", static (_, v) => OnlyNone("gdb", v, "The gdb server is not built yet; leave -gdb out.")),
        Works("object", "SPEC", Object),
        Works("numa", "SPEC", NumaOption.Apply),
        Works("name", "NAME", Name),
        Works("uuid", "UUID", Uuid),
        Works("blockdev", "SPEC", BlockdevOption.Apply),
        Works("fsdev", "SPEC", static (r, v) => r.Folders.Add(FolderOption.ParseFsdev(v))),
        Works("virtfs", "SPEC", FolderOption.ApplyVirtfs),
        Works("balloon", "KIND", Balloon),
        Works("bios", "FILE", static (r, v) => r.Rom = NotEmpty("bios", v)) with { IsPath = true },
        Works("L", "DIR", static (r, v) => r.DataFolders.Add(v)) with { IsPath = true },
        Works("boot", "SPEC", BootOption.Apply),
        Works("parallel", "SPEC", static (_, v) => OnlyNone("parallel", v, "The parallel port is not built; give -parallel none.")),

        Harmless("icount", "SPEC"), Harmless("usb"), Harmless("no-user-config"),
        Harmless("k", "LAYOUT"), Harmless("audiodev", "SPEC"), Harmless("audio", "SPEC"), Harmless("msg", "SPEC"), Harmless("no-fd-bomb"), Harmless("no-acpi"),
        Harmless("no-hpet"), Harmless("overcommit", "SPEC"), Harmless("sandbox", "SPEC"), Harmless("full-screen"), Harmless("g", "SIZE"), Harmless("mem-prealloc"),
        Harmless("only-migratable"), Harmless("global", "SPEC"),

        Refused("s", null, "The gdb server is not built yet; leave -s out."),
        Refused("loadvm", "NAME", "Snapshots of the machine are not built yet; leave -loadvm out and boot with --kernel."),
        Refused("incoming", "SPEC", "Migration is not built; leave -incoming out."),
        Refused("watchdog", "NAME", "The watchdog is not built yet; leave -watchdog out."),
        Refused("daemonize", null, "Running in the background is the shell's work here; leave -daemonize out and end the line with '&'."),
        Refused("usbdevice", "SPEC", "USB devices are not built yet; leave -usbdevice out."),
        Refused("soundhw", "NAME", "Sound is not built yet; leave -soundhw out."),
        Refused("fda", "FILE", "Floppy disks are not built; give the image with --drive file=…,if=virtio."),
        Refused("fdb", "FILE", "Floppy disks are not built; give the image with --drive file=…,if=virtio."),
        Refused("sd", "FILE", "SD cards are not built; give the image with --drive file=…,if=virtio."),
        Refused("mtdblock", "FILE", "Flash memory is not built; leave -mtdblock out."),
        Refused("pflash", "FILE", "Flash memory is not built, and Firmament needs no ROM; leave -pflash out."),
        Refused("readconfig", "FILE", "Configuration files are not built; give the options on the command line."),
        Refused("vnc", "SPEC", "The display is not built yet; leave -vnc out and use the serial console."),
        Refused("spice", "SPEC", "The display is not built yet; leave -spice out and use the serial console."),
        Refused("tpmdev", "SPEC", "TPM devices are not built; leave -tpmdev out."),
        Refused("semihosting", null, "Semihosting is not built; leave -semihosting out."),
        Refused("plugin", "FILE", "QEMU's plugins cannot run here; leave -plugin out."),
        Refused("dump-vmstate", "FILE", "QEMU's migration state does not exist here; leave -dump-vmstate out."),
    ];

    private static RunOption Works(string name, Action<RunRequest> apply) => new(name, null, "", OptionGroup.Qemu, (r, _) => apply(r));

    private static RunOption Works(string name, string value, Action<RunRequest, string> apply) => new(name, value, "", OptionGroup.Qemu, apply);

    private static RunOption Harmless(string name, string? value = null) => new(name, value, "", OptionGroup.Qemu, static (_, _) => { });

    private static RunOption Refused(string name, string? value, string sentence)
        => new(name, value, "", OptionGroup.Qemu, (_, _) => throw new UserErrorException(sentence));

    private static void Mon(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("mon", text, "chardev");
        string chardev = list.Take("chardev") ?? throw new UserErrorException("-mon needs a backend; give -mon chardev=ID.");
        if (list.Take("mode") == "control")
        {
            throw new UserErrorException("The machine protocol (QMP) is not built yet; leave '-mon …,mode=control' out.");
        }

        list.Ignore("pretty");
        list.RefuseRest();
        request.MonitorChardevs.Add(chardev);
    }

    private static void Nic(RunRequest request, string text)
    {
        request.ChoosesNetwork = true;
        if (NetworkOption.ParseNic(text) is { } card)
        {
            request.Networks.Add(card);
        }
    }

    private static void PromEnv(RunRequest request, string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UserErrorException($"-prom-env '{text}' lacks a value; give -prom-env name=value.");
        }

        request.FirmwareVariables[text[..equals]] = text[(equals + 1)..];
    }

    private static void Name(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("name", text, "guest");
        request.GuestName = list.Take("guest") is { Length: > 0 } name ? name : request.GuestName;
        list.Ignore("process", "debug-threads");
        list.RefuseRest();
    }

    private static void Uuid(RunRequest request, string text) => request.GuestUuid = Guid.TryParse(text, out Guid uuid)
        ? uuid
        : throw new UserErrorException($"'{text}' is not a UUID; give for example -uuid 550e8400-e29b-41d4-a716-446655440000.");

    private static void Smp(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("smp", text, "cpus");
        int? cpus = list.TakeNumber("cpus");
        (int? sockets, int? cores, int? threads) = (list.TakeNumber("sockets"), list.TakeNumber("cores"), list.TakeNumber("threads"));
        list.Ignore("maxcpus", "dies", "clusters");
        list.RefuseRest();
        request.Topology = CpuTopology.Resolve(cpus, sockets, cores, threads);
    }

    private static void Vga(RunRequest request, string kind)
    {
        switch (kind)
        {
            case "none":
                break;
            case "std":
                request.Devices.Add(DeviceOption.Parse("VGA"));
                break;
            default:
                throw new UserErrorException($"The display card '{kind}' is not built; give -vga std or -vga none.");
        }
    }

    private static void Display(string text)
    {
        string kind = text.Split(',')[0];
        if (!Displays.Contains(kind))
        {
            throw new UserErrorException($"There is no display '{kind}'{Suggestion.For(kind, Displays)}; give -display none.");
        }
    }

    private static void Balloon(RunRequest request, string kind)
    {
        switch (kind.Split(',')[0])
        {
            case "none":
                break;
            case "virtio":
                request.Devices.Add(DeviceOption.Parse("virtio-balloon-pci" + kind["virtio".Length..]));
                break;
            default:
                throw new UserErrorException($"There is no balloon '{kind}'; give -balloon virtio or -balloon none.");
        }
    }

    private static void OnlyNone(string option, string value, string refusal)
    {
        _ = option;
        if (value is not ("none" or "null"))
        {
            throw new UserErrorException(refusal);
        }
    }

    private static void Object(RunRequest request, string text)
    {
        string[] harmless = ["rng-random", "rng-builtin", "memory-backend-ram", "iothread"];
        OptionList list = OptionList.Parse("object", text, "qom-type");
        string kind = list.Take("qom-type") ?? "";
        if (kind == "memory-backend-ram" && list.Take("id") is { } id && list.Take("size") is { } size)
        {
            request.MemoryObjects[id] = MemorySize.Parse(size);
        }

        if (kind == "filter-dump")
        {
            request.Captures.Add(CaptureOption.Parse(list));
        }
        else if (!harmless.Contains(kind))
        {
            throw new UserErrorException(
                $"Object '{kind}' is not built{Suggestion.For(kind, [.. harmless, "filter-dump"])}; leave it out, or give one of: filter-dump, {string.Join(", ", harmless)}.");
        }
    }
}
