using System.Globalization;
using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>The options of <c>run</c>: our own, then QEMU's (<see cref="QemuOptions"/>). One table for parser, help and completion.</summary>
internal static class RunOptions
{
    private static readonly RunOption[] Own =
    [
        Value("kernel", "FILE", "client program: an ELF kernel (vmlinux, zImage)", OptionGroup.Boot, static (r, v) => r.Kernel = Image("kernel", v)) with { IsPath = true },
        Value("initrd", "FILE", "initial RAM disk", OptionGroup.Boot, static (r, v) => r.Initrd = Image("initrd", v)) with { IsPath = true },
        Value("append", "TEXT", "kernel command line", OptionGroup.Boot, static (r, v) => r.CommandLine = v),
        Flag("ok", "open the firmware's prompt; without a kernel it opens when nothing boots", OptionGroup.Boot, static r => r.StopAtPrompt = true),
        Value("dtb", "FILE", "device tree to use instead of the generated one", OptionGroup.Boot, static (r, v) => r.DeviceTree = Image("dtb", v)) with { IsPath = true },

        Value("machine", "NAME", $"board: {string.Join(", ", MachineOption.Built)}", OptionGroup.Machine, MachineOption.Apply) with { Aliases = ["M"], Values = [.. MachineOption.Built] },
        Value("cpu", "NAME", string.Join(", ", CpuNames.Built), OptionGroup.Machine, static (r, v) => r.Cpu = NotEmpty("cpu", v)) with { Values = CpuNames.Built },
        Value("memory", "SIZE", "RAM, 512M unless given", OptionGroup.Machine, static (r, v) => r.MemoryBytes = MemorySize.ParseOption(v)) with { Aliases = ["m"] },
        Value("hypercall", "WAY", "how the guest reaches the firmware: sc1, osi or epapr", OptionGroup.Machine, static (r, v) => r.Hypercall = Choose("hypercall", v,
            ("sc1", HypercallConvention.Sc1), ("osi", HypercallConvention.Osi), ("epapr", HypercallConvention.Epapr))) with { Values = ["sc1", "osi", "epapr"] },
        Flag("no-rtas", "leave /rtas out", OptionGroup.Machine, static r => r.NoRtas = true),
        Value("pci-setup", "WHO", "who assigns PCI addresses: firmware or guest", OptionGroup.Machine, static (r, v) => r.PciSetup = Choose("pci-setup", v,
            ("firmware", PciSetup.Firmware), ("guest", PciSetup.Guest))) with { Values = ["firmware", "guest"] },
        Value("nvram", "FILE", "keep the NVRAM in a file", OptionGroup.Machine, static (r, v) => r.NvramFile = NotEmpty("nvram", v)) with { IsPath = true },
        Value("rtc-base", "TIME", "clock at power-on: now, localtime or a date (2026-01-01 unless given)", OptionGroup.Machine, static (r, v) => r.RtcBase = v)
            with { Values = ["now", "localtime"] },

        Value("drive", "SPEC", "file=F,if=ide|virtio|scsi|none[,readonly=on][,snapshot=on][,media=cdrom]", OptionGroup.Devices, static (r, v) => r.Drives.Add(DriveOption.Parse(v))),
        Value("device", "SPEC", "virtio-blk-pci,… | virtio-net-pci,… (all: -device help)", OptionGroup.Devices, static (r, v) => r.Devices.Add(DeviceOption.Parse(v)))
            with { Values = [.. DeviceOption.Names] },
        Value("net", "SPEC", "user[,hostfwd=…] | stream,listen=H:P | stream,connect=H:P | none", OptionGroup.Devices, NetworkOption.ApplyNet) with { Values = ["user", "none", "stream", "dgram", "nic"] },
        Flag("snapshot", "discard what the guest writes to any drive", OptionGroup.Devices, static r => r.SnapshotAll = true),

        Value("serial", "SPEC", "mon:stdio, stdio, null, file:F, unix:F, tcp:H:P, pty, chardev:ID", OptionGroup.Console, static (r, v) => r.Serial.Add(v))
            with { Values = ["mon:stdio", "stdio", "null", "none", "pty"] },
        Value("echr", "N", "key for the console's commands, as a control character (1 = Ctrl-A)", OptionGroup.Console, static (r, v) => r.EscapeCharacter = ParseEscape(v)),

        Value("time", "MODE", "virtual (repeatable, default) or host (for interactive use)", OptionGroup.Run, static (r, v) => r.TimeMode = Choose("time", v,
            ("virtual", TimeMode.Virtual), ("host", TimeMode.Host))) with { Values = ["virtual", "host"] },
        Value("engine", "NAME", "translator (default) or interpreter; results are the same", OptionGroup.Run, static (r, v) => r.Engine = Choose("engine", v,
            ("translator", ExecutionEngine.Translator), ("interpreter", ExecutionEngine.Interpreter))) with { Values = ["translator", "interpreter"] },
        Value("code-cache", "SIZE", "memory for translated code, 64M unless given", OptionGroup.Run,
            static (r, v) => r.CodeCacheBytes = (int)Math.Min(MemorySize.Parse(v), 1u << 30)),
        Value("until", "TEXT", "end with exit code 0 when the console prints TEXT", OptionGroup.Run, static (r, v) => r.Until = NotEmpty("until", v)),
        Value("timeout", "SECONDS", "end with exit code 124 after this much wall time", OptionGroup.Run, static (r, v) => r.Timeout = RunRequest.ParseSeconds("--timeout", v)),
        Flag("no-reboot", "end when the guest resets", OptionGroup.Run, static r => r.NoReboot = true),
        Flag("print-hash", "print the final state's hash on standard error", OptionGroup.Run, static r => r.PrintHash = true),
        Flag("stats", "print what the run cost on standard error", OptionGroup.Run, static r => r.Statistics = true),
        Value("seed", "N", "seed of the guest's random numbers", OptionGroup.Run, static (r, v) => r.Seed = ParseSeed(v)),

        Value("trace", "LIST", string.Join(", ", TraceOption.Names), OptionGroup.Trace, static (r, v) => r.Trace |= TraceOption.Parse(v)) with { Values = TraceOption.Names },
        Value("trace-file", "FILE", "write the trace here, not to standard error", OptionGroup.Trace, static (r, v) => r.TraceFile = NotEmpty("trace-file", v)) with { IsPath = true },
        Value("trace-format", "FORMAT", "text or json (one object a line)", OptionGroup.Trace, static (r, v) => r.TraceJson = Choose("trace-format", v,
            ("text", false), ("json", true))) with { Values = ["text", "json"] },
        Value("profile", "FILE", "count where the guest is, as folded stacks for a flame graph", OptionGroup.Trace, static (r, v) => r.Profile = NotEmpty("profile", v)) with { IsPath = true },
        Value("profile-every", "N", "instructions between two samples, 99991 unless given", OptionGroup.Trace, static (r, v) => r.ProfileEvery = ParseInterval(v)),
        Value("symbols", "FILE", "System.map or ELF file with the guest's symbols, if --kernel has none", OptionGroup.Trace, static (r, v) => r.Symbols = Image("symbols", v)) with { IsPath = true },
        Value("perfetto", "FILE", "write a time line that ui.perfetto.dev shows", OptionGroup.Trace, static (r, v) => r.Perfetto = NotEmpty("perfetto", v)) with { IsPath = true },
    ];

    /// <summary>What run takes, our own options first.</summary>
    public static OptionSet Run { get; } = new("run", [.. Own, .. QemuOptions.All]);

    /// <summary>What boot takes: which release to fetch, and all of run.</summary>
    public static OptionSet Boot { get; } = new("boot",
    [
        Value("release", "N", "release to fetch: 12 or 13, 12 unless given", OptionGroup.Boot, static (r, v) => r.Release = NotEmpty("release", v)) with { Values = ["12", "13"] },
        .. Run.All,
    ]);

    /// <summary>What dt takes: all that describes a machine, and how to print its tree.</summary>
    public static OptionSet DeviceTree { get; } = new("dt",
    [
        Value("format", "FORMAT", "dts (source), dtb (flattened) or tree (names), dts unless given", OptionGroup.Tree, static (r, v) => r.TreeFormat = Choose("format", v,
            ("dts", "dts"), ("dtb", "dtb"), ("tree", "tree"))) with { Values = ["dts", "dtb", "tree"] },
        Value("diff", "FILE", "print how the tree of this dtb differs; exit code 1 when it does", OptionGroup.Tree, static (r, v) => r.TreeDiff = NotEmpty("diff", v)) with { IsPath = true },
        Value("output", "FILE", "write here, not to standard output", OptionGroup.Tree, static (r, v) => r.TreeOutput = NotEmpty("output", v)) with { Aliases = ["o"], IsPath = true },
        .. Own.Where(static o => o.Group is OptionGroup.Boot or OptionGroup.Machine or OptionGroup.Devices && o.Name != "dtb"),
        .. QemuOptions.All.Where(static o => o.Name is "prom-env" or "netdev" or "nic" or "smp"),
    ]);

    /// <summary>What trace summarize takes.</summary>
    public static OptionSet TraceSummarize { get; } = new("trace summarize",
    [
        Value("symbols", "FILE", "System.map or ELF file, to name the functions that call", OptionGroup.Options, static (r, v) => r.Symbols = Image("symbols", v)) with { IsPath = true },
    ]);

    /// <summary>What trace diff takes.</summary>
    public static OptionSet TraceDiff { get; } = new("trace diff",
    [
        Flag("exact", "compare times, addresses, handles and events of every kind too", OptionGroup.Options, static r => r.TraceTool.Exact = true),
        Value("context", "N", "equal lines printed round a difference, 3 unless given", OptionGroup.Options, static (r, v) => r.TraceTool.Context = ParseCount("context", v)),
        Value("hunks", "N", "places printed, 10 unless given; all are counted", OptionGroup.Options, static (r, v) => r.TraceTool.Hunks = ParseCount("hunks", v)),
    ]);

    internal static RunOption Value(string name, string value, string help, OptionGroup group, Action<RunRequest, string> apply) => new(name, value, help, group, apply);

    internal static RunOption Flag(string name, string help, OptionGroup group, Action<RunRequest> apply) => new(name, null, help, group, (r, _) => apply(r));

    internal static string NotEmpty(string option, string value)
        => value.Length != 0 ? value : throw new UserErrorException($"--{option} is empty; give it a value.");

    private static GuestImage Image(string option, string path) => GuestImage.FromFile(NotEmpty(option, path));

    private static T Choose<T>(string option, string text, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        List<string> names = [];
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw new UserErrorException($"--{option} {text} is unknown{Suggestion.For(text, names)}; give {string.Join(" or ", names)}.");
    }

    private static int ParseEscape(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 0 and <= 26
            ? n
            : throw new UserErrorException($"--echr {text} is not a control character; give 1 for Ctrl-A to 26 for Ctrl-Z, or 0 for none.");

    private static long ParseInterval(string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n >= 100
            ? n
            : throw new UserErrorException($"--profile-every {text} is not a number of instructions, 100 or more; give for example --profile-every {Machines.Profiling.GuestProfiler.DefaultEvery}.");

    private static int ParseCount(string option, string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n
            : throw new UserErrorException($"--{option} {text} is not a number of lines or places; give for example --{option} 5.");

    private static ulong ParseSeed(string text)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n)
            ? n
            : throw new UserErrorException($"--seed {text} is not a whole number; give for example --seed 1.");
}
