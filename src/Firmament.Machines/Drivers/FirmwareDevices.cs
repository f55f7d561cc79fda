using System.Globalization;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Display;
using Firmament.Firmware.Packages.Display;

namespace Firmament.Machines.Drivers;

/// <summary>
/// The devices of one boot that the firmware can drive. The machine's buses add them: what is attached is known from how the board was built, and a
/// driver finds out the rest when it starts.
/// </summary>
/// <param name="firmware">The firmware of the boot.</param>
/// <param name="names">Names for `/aliases`.</param>
internal sealed class FirmwareDevices(OpenFirmware firmware, AliasNames names) : IStateful
{
    private readonly List<FirmwareDevice> _devices = [];
    private readonly List<(string Name, IStateful Part)> _parts = [];
    private readonly List<CountedDriver> _drivers = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<OptionRom> _roms = [];

    /// <summary>The devices: those of one kind in the order of their aliases.</summary>
    public IReadOnlyList<FirmwareDevice> All => _devices;

    /// <summary>What drivers need of the firmware.</summary>
    public DriverHost Host { get; } = new(firmware.Platform, firmware.Memory);

    /// <summary>The firmware of the boot.</summary>
    public OpenFirmware Firmware => firmware;

    /// <summary>The tree.</summary>
    public DeviceTree.DeviceTree Tree => firmware.Tree;

    /// <summary>The devices that <paramref name="wanted"/> picks.</summary>
    public IReadOnlyList<FirmwareDevice> Find(Func<FirmwareDevice, bool> wanted) => [.. _devices.Where(wanted)];

    /// <summary>The device of a node, or null.</summary>
    public FirmwareDevice? Find(DeviceNode node) => _devices.Find(device => device.Node == node);

    /// <summary>Keeps what several drivers share, for saved states. In the order of calls.</summary>
    public TPart Keep<TPart>(string name, TPart part) where TPart : IStateful
    {
        _parts.Add((name, part));
        return part;
    }

    /// <summary>Adds a disk or a CD.</summary>
    public void AddBlock<TDriver>(DeviceNode node, TDriver driver, bool isCdrom) where TDriver : CountedDriver, IBlockDriver
    {
        node.SetString("device_type", "block");
        _devices.Add(new FirmwareDevice(node, driver, null, isCdrom));
        _drivers.Add(Keep(node.Path, driver));
        AddAlias(isCdrom ? names.Cdrom : names.Disk, node);
    }

    /// <summary>Adds a network card.</summary>
    public void AddNetwork<TDriver>(DeviceNode node, TDriver driver) where TDriver : CountedDriver, INetworkDriver
    {
        const uint AddressBits = 48;
        const uint LongestFrame = 1514;
        node.SetString("device_type", "network");
        node.SetCells("address-bits", AddressBits);
        node.SetCells("max-frame-size", LongestFrame);
        if (node["local-mac-address"] == null)
        {
            node.Set("local-mac-address", driver.MacAddress.ToArray());
        }

        _devices.Add(new FirmwareDevice(node, null, driver, false));
        _drivers.Add(Keep(node.Path, driver));
        AddAlias(names.Network, node);
    }

    /// <summary>Adds a display, which nobody's console is before it is chosen.</summary>
    public void AddDisplay<TDriver>(DeviceNode node, TDriver driver) where TDriver : CountedDriver, IDisplayDriver
    {
        _drivers.Add(Keep(node.Path, driver));
        TerminalEmulator terminal = Keep(node.Path + " terminal", new TerminalEmulator(new Fb8Surface(driver)));
        _ = DisplayPackage.Attach(firmware, node, driver, terminal);
        AddAlias("screen", node);
    }

    /// <summary>Adds a card with an expansion ROM.</summary>
    public void AddRom(DeviceNode node, PciFunctionAccess access) => _roms.Add(new OptionRom(node, access));

    /// <summary>
    /// Evaluates the FCode of every card that has some, in the order of the buses. Call when the firmware is installed; the boot goes on whatever
    /// the programs do.
    /// </summary>
    public void EvaluateRoms()
    {
        foreach (OptionRom rom in _roms)
        {
            rom.Evaluate(firmware);
        }
    }

    /// <summary>Puts every device to rest, however often it was started (client service "quiesce").</summary>
    public void Quiesce()
    {
        foreach (CountedDriver driver in _drivers)
        {
            driver.Quiesce();
        }
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        foreach ((string name, IStateful part) in _parts)
        {
            state.Component(name, part);
        }
    }

    /// <summary>A name that the user's own tree has already stays as it is.</summary>
    private void AddAlias(string name, DeviceNode node)
    {
        DeviceNode aliases = Tree.Root.Child("aliases") ?? Tree.Root.AddChild("aliases");
        int number = _counts.GetValueOrDefault(name);
        _counts[name] = number + 1;
        foreach (string alias in (ReadOnlySpan<string>)[name, string.Create(CultureInfo.InvariantCulture, $"{name}{number}")])
        {
            if (aliases[alias] == null)
            {
                aliases.SetString(alias, node.Path);
            }
        }
    }
}
