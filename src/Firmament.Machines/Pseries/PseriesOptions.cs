using System.Globalization;
using Firmament.Core;
using Firmament.Firmware.Architecture;
using Firmament.Machines.Booting;
using Firmament.Machines.Configuration;
using Firmament.Machines.Pseries.Tree;

namespace Firmament.Machines.Pseries;

/// <summary>The machine's properties (QEMU's -machine pseries,name=value) as a topology.</summary>
internal static class PseriesOptions
{
    /// <summary>Every property; those that only choose among ways QEMU can run change nothing here.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "boot", "kernel-addr", "ic-mode", "max-cpu-compat", "resize-hpt", "x-vof", "kvm-type", "vsmt", "cap-htm", "cap-vsx", "cap-dfp", "cap-cfpc", "cap-sbbc", "cap-ibs",
        "cap-hpt-max-page-size", "cap-nested-hv", "cap-large-decr", "cap-ccf-assist", "cap-fwnmi", "cap-rpt-invalidate",
    ];

    /// <summary>Makes the topology.</summary>
    /// <exception cref="UserErrorException">A property's value is unknown, or asks for what the machine has not.</exception>
    public static PseriesTopology Topology(MachineConfiguration configuration, MachineKind kind)
    {
        PseriesCpu cpu = (configuration.Cpu ?? kind.DefaultCpu) == "power8" ? PseriesCpu.Power8 : PseriesCpu.Power9;
        if (configuration.Topology.Threads is not (1 or 2 or 4 or 8))
        {
            throw new UserErrorException($"A core has 1, 2, 4 or 8 threads, not {configuration.Topology.Threads}; give -smp …,threads= one of these.");
        }

        InterruptChoice interrupts = Choose(configuration, "ic-mode", InterruptChoice.Dual, ("dual", InterruptChoice.Dual), ("xics", InterruptChoice.Xics), ("xive", InterruptChoice.Xive));
        if (interrupts == InterruptChoice.Xive && !cpu.HasRadix)
        {
            throw new UserErrorException($"{cpu.Name} has no XIVE interrupt controller; leave ic-mode=xive out or give --cpu POWER9.");
        }

        foreach (string absent in (string[])["cap-htm", "cap-nested-hv"])
        {
            if (configuration.MachineProperties.GetValueOrDefault(absent) is "on" or "true")
            {
                throw new UserErrorException($"The machine does not have what {absent}=on asks for; leave it out.");
            }
        }

        if (configuration.MachineProperties.GetValueOrDefault("cap-large-decr") is "off" or "false")
        {
            cpu = cpu with { DecrementerBits = 0 };
        }

        return new PseriesTopology
        {
            MemoryBytes = configuration.MemoryBytes,
            Cpus = configuration.Topology.Cpus,
            NumaNodes = [.. configuration.NumaNodes.Select(static node => new NumaNode(node.MemoryBytes, node.Cpus))],
            Name = configuration.GuestName,
            Uuid = configuration.GuestUuid?.ToString(),
            ThreadsPerCore = configuration.Topology.Threads,
            Cpu = cpu,
            Interrupts = interrupts,
            HasFirmwareAssistedNmi = configuration.MachineProperties.GetValueOrDefault("cap-fwnmi") is not ("off" or "false"),
            HighestLevel = Choose<uint?>(
                configuration, "max-cpu-compat", null, ("power7", LogicalPvr.Isa206), ("power8", LogicalPvr.Isa207), ("power9", LogicalPvr.Isa300)),
            ResizesHashTable = Choose(configuration, "resize-hpt", true, ("default", true), ("enabled", true), ("required", true), ("disabled", false)),
        };
    }

    /// <summary>Who meets the client: a ROM that the user gave, nobody (boot=fdt), or the host's Open Firmware.</summary>
    /// <exception cref="UserErrorException">The property's value is unknown, or contradicts the ROM.</exception>
    public static BootMode Mode(MachineConfiguration configuration)
    {
        BootMode mode = Choose(configuration, "boot", BootMode.OpenFirmware, ("of", BootMode.OpenFirmware), ("fdt", BootMode.FlatTree));
        return configuration.Rom == null ? mode
            : mode == BootMode.FlatTree ? throw new UserErrorException("boot=fdt starts the kernel with no firmware at all; leave -bios out, or boot=fdt.")
            : BootMode.Rom;
    }

    /// <summary>Where kernels that are linked for address 0 go.</summary>
    /// <exception cref="UserErrorException">The property's value is no address, or cannot be one.</exception>
    public static ulong KernelAddress(MachineConfiguration configuration, ulong otherwise)
    {
        const ulong Alignment = 0x1_0000;
        if (!configuration.MachineProperties.TryGetValue("kernel-addr", out string? text))
        {
            return otherwise;
        }

        bool good = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);
        return good && address % Alignment == 0 && address < configuration.MemoryBytes ? address
            : throw new UserErrorException($"kernel-addr={text} is no address in memory that is a multiple of 64 KiB; give for example kernel-addr=0x{otherwise:x}.");
    }

    private static T Choose<T>(MachineConfiguration configuration, string property, T otherwise, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (!configuration.MachineProperties.TryGetValue(property, out string? text))
        {
            return otherwise;
        }

        List<string> names = [];
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw new UserErrorException($"{property}={text} is unknown; give {string.Join(" or ", names)}.");
    }
}
