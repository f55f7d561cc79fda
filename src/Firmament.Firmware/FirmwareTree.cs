using System.Buffers.Binary;
using Firmament.DeviceTree;
using Firmament.Firmware.Hypercalls;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Display;
using Firmament.Firmware.Packages.Storage;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware;

/// <summary>What the firmware itself adds to the machine's device tree (IEEE 1275-1994 3.5).</summary>
internal sealed class FirmwareTree
{
    private readonly OpenFirmware _firmware;
    private readonly DeviceNode _root;
    private readonly DeviceNode _memory;

    public FirmwareTree(OpenFirmware firmware)
    {
        _firmware = firmware;
        _root = firmware.Tree.Root;
        _memory = FindByType(_root, "memory")
            ?? throw new InvalidOperationException("the device tree has no memory node: add a child of the root with device_type \"memory\"");
    }

    private FirmwareOptions Options => _firmware.Options;

    /// <summary>Methods of the nodes every machine has, where the machine did not attach its own.</summary>
    public void AttachStandardPackages()
    {
        AttachIfBare(_root, () => new RootPackage(Options.Architecture));
        AttachIfBare(_memory, static () => new MemoryPackage());
        if (FindCpu() is { } cpu)
        {
            AttachIfBare(cpu, static () => new MmuPackage());
        }

        DeviceNode packages = GetOrAdd("packages");
        AttachIfBare(packages.Child("deblocker") ?? packages.AddChild("deblocker"), static () => new DeblockerPackage());
        AttachIfBare(packages.Child("disk-label") ?? packages.AddChild("disk-label"), static () => new DiskLabelPackage());
        AttachIfBare(packages.Child("terminal-emulator") ?? packages.AddChild("terminal-emulator"), static () => new TerminalEmulatorPackage());
        if (Options.Rtas is { } calls)
        {
            DeviceNode rtas = GetOrAdd("rtas");
            RtasNode.Write(rtas, calls, Options.Convention);
            AttachIfBare(rtas, static () => new RtasPackage());
        }
    }

    public void Complete()
    {
        UpdateAvailable();
        _ = GetOrAdd("openprom");
        DeviceNode options = GetOrAdd("options");
        if (options["real-mode?"] == null)
        {
            // Quirk: GRUB takes the first cell as a number and FreeBSD compares text; "true" satisfies both.
            options.SetString("real-mode?", "true");
        }

        if (Options.Convention == HypercallConvention.Epapr)
        {
            EpaprHypercalls.WriteNode(GetOrAdd("hypervisor"));
        }

        DeviceNode chosen = GetOrAdd("chosen");
        chosen.SetCells("stdin", OpenConsole());
        chosen.SetCells("stdout", OpenConsole());
        chosen.SetCells("memory", Open(_memory.Path));
        if (FindCpu() is { } cpu)
        {
            uint ihandle = Open(cpu.Path);
            chosen.SetCells("mmu", ihandle);
            chosen.SetCells("cpu", ihandle);
        }

        if (Options.BootArguments is { } arguments)
        {
            chosen.SetString("bootargs", arguments);
        }

        if (Options.BootPath is { } path)
        {
            chosen.SetString("bootpath", path);
        }
    }

    /// <summary>Writes `/memory` `available` from the list of free memory: (address, size) groups in the root's cells.</summary>
    public void UpdateAvailable()
    {
        // Defaults of IEEE 1275-1994 3.6.5 where the root says nothing.
        int addressCells = (int)Math.Clamp(_root.TryGetCell("#address-cells", 0, out uint cells) ? cells : 2, 1, 4);
        int sizeCells = (int)Math.Clamp(_root.TryGetCell("#size-cells", 0, out cells) ? cells : 1, 1, 4);
        IReadOnlyList<MemoryRange> free = _firmware.Memory.Free;
        byte[] value = new byte[free.Count * (addressCells + sizeCells) * 4];
        Span<byte> rest = value;
        foreach (MemoryRange range in free)
        {
            rest = Put(rest, range.Start, addressCells);
            rest = Put(rest, range.Size, sizeCells);
        }

        _memory.Set("available", value);
    }

    private static Span<byte> Put(Span<byte> target, ulong value, int cells)
    {
        for (int i = cells - 1; i >= 0; i--)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target[(i * 4)..], (uint)value);
            value >>= 32;
        }

        return target[(cells * 4)..];
    }

    private static DeviceNode? FindByType(DeviceNode parent, string type)
    {
        foreach (DeviceNode child in parent.Children)
        {
            if (child.GetString("device_type") == type)
            {
                return child;
            }
        }

        return null;
    }

    private DeviceNode? FindCpu() => _root.Child("cpus") is { } cpus ? FindByType(cpus, "cpu") : null;

    private DeviceNode GetOrAdd(string name) => _root.Child(name) ?? _root.AddChild(name);

    private void AttachIfBare(DeviceNode node, Func<IPackage> make)
    {
        if (_firmware.PackageOf(node) == null)
        {
            _firmware.Attach(node, make());
        }
    }

    private uint OpenConsole()
    {
        uint ihandle = Open(Options.ConsolePath);
        return ihandle != 0
            ? ihandle
            : throw new InvalidOperationException($"the console {Options.ConsolePath} cannot be opened: name a node that has a console package");
    }

    private uint Open(string path) => _firmware.Open(_firmware.Tree.Resolve(path), _firmware.Physical)?.Ihandle ?? 0;
}
