using System.Globalization;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Display;
using Firmament.Devices.Network;
using Firmament.Devices.Storage;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Cards;

/// <summary>The PCI cards the user asked for, in order, each in the first free place of the bus or where addr= puts it.</summary>
internal sealed partial class CardSet : IDisposable
{
    private readonly MachineConfiguration _configuration;
    private readonly HostServices _services;
    private readonly DriveSet _drives;
    private readonly PciBus _bus;
    private readonly Scheduler _clock;
    private readonly InputJournal _journal;
    private readonly Tracer _tracer;
    private readonly Endianness _guestOrder;
    private readonly List<INetworkBackend> _networks = [];
    private readonly List<Virtio9p> _folders = [];
    private readonly List<BochsDisplay> _displays = [];
    private readonly Dictionary<string, InputChannel> _consoles = [];
    private readonly HashSet<string> _openedNetworks = [];
    private int _cards;

    /// <summary>Prepares to place cards.</summary>
    public CardSet(
        MachineConfiguration configuration, HostServices services, DriveSet drives, PciBus bus, Scheduler clock, InputJournal journal, Tracer tracer,
        Endianness guestOrder)
    {
        _configuration = configuration;
        _services = services;
        _drives = drives;
        _bus = bus;
        _clock = clock;
        _journal = journal;
        _tracer = tracer;
        _guestOrder = guestOrder;
    }

    /// <summary>The first slot of the bus that is free for cards.</summary>
    public int FirstSlot { get; init; } = 1;

    /// <summary>True where the bus has a target for messages, so that cards interrupt by MSI-X.</summary>
    public bool HasMessages { get; init; }

    /// <summary>Buses by the names that bus= may give them; empty where there is one bus and the name does not matter.</summary>
    public IReadOnlyDictionary<string, PciBus> Buses { get; init; } = new Dictionary<string, PciBus>();

    /// <summary>The bus of virtual devices, or null where the machine has none.</summary>
    public VioBus? Vio { get; init; }

    /// <summary>The machine's memory, for a balloon to give back; null keeps what is given up.</summary>
    public GuestMemory? Memory { get; init; }

    /// <summary>True where an IOMMU translates what cards address, which virtio devices go past unless their driver wants it.</summary>
    public bool TranslatesDma { get; init; }

    /// <summary>The input of a console that a device names with chardev=, or null.</summary>
    public InputChannel? ConsoleInput(string id) => _consoles.GetValueOrDefault(id);

    /// <summary>Makes and places every card.</summary>
    /// <exception cref="UserErrorException">A card cannot be made, or the bus is full.</exception>
    public void PlaceAll()
    {
        if (Vio != null)
        {
            // In the order that gives each the unit address and slot QEMU does.
            PlaceNetworks();
            AttachOwnScsiDrives();
        }

        foreach ((DriveConfiguration drive, IBlockBackend image) in _drives.VirtioCards())
        {
            Place(Disk(drive, image), null);
        }

        foreach (DeviceConfiguration device in _configuration.Devices)
        {
            PlaceDevice(device);
        }

        if (Vio == null)
        {
            AttachOwnScsiDrives();
        }

        AttachScsiDevices();
        if (Vio == null)
        {
            PlaceNetworks();
        }
    }

    /// <summary>Waits for what the networks answer by themselves.</summary>
    public void Settle()
    {
        foreach (INetworkBackend network in _networks)
        {
            network.Settle();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (INetworkBackend network in _networks)
        {
            network.Dispose();
        }

        _networks.Clear();
        foreach (Virtio9p folder in _folders)
        {
            folder.Dispose();
        }

        _folders.Clear();
        foreach (BochsDisplay display in _displays)
        {
            display.Dispose();
        }

        _displays.Clear();
    }

    private void PlaceDevice(DeviceConfiguration device)
    {
        switch (device.Driver)
        {
            case "virtio-blk-pci":
                (DriveConfiguration drive, IBlockBackend image) = _drives.ById(device.Driver, device["drive"]);
                Place(Disk(drive with { Serial = device["serial"] ?? drive.Serial }, image), device);
                break;
            case "virtio-net-pci":
                NetworkConfiguration? network = _configuration.Networks.FirstOrDefault(entry => entry.Id != null && entry.Id == device["netdev"]);
                Place(Network(network, device["mac"] ?? network?.MacAddress), device);
                break;
            case "virtio-rng-pci":
                string name = NextName("rng");
                Place(new VirtioEntropy(name, SeededBytes.For(_configuration.Seed, name)), device);
                break;
            case "virtio-serial-pci":
                // The console is the device; the controller in front of it is QEMU's way to name it.
                break;
            case "virtio-9p-pci":
                Place(SharedFolder(device), device);
                break;
            case "virtio-balloon-pci":
                Place(new VirtioBalloon(NextName("balloon"), Discard, _tracer), device);
                break;
            case "virtconsole":
                Place(Console(device), device);
                break;
            case "virtio-scsi-pci":
                VirtioScsi scsi = new(NextName("scsi"), _clock);
                _scsi.Add(device["id"], scsi.Targets, VirtioScsi.LastTarget, VirtioScsi.LastUnit);
                Place(scsi, device);
                break;
            case "VGA" or "secondary-vga" or "bochs-display":
                Plug(Display(device), device);
                break;
            case "spapr-pci-host-bridge" when Vio != null:
                // The machine has made it: cards need its bus.
                break;
            case "scsi-hd" or "scsi-cd":
                // They come after all adapters.
                break;
            default:
                if (!TryPlaceVio(device))
                {
                    throw new UserErrorException(
                        $"Device '{device.Driver}' cannot be plugged into this machine; give virtio-blk-pci, virtio-net-pci, virtio-scsi-pci, virtio-rng-pci, virtio-9p-pci, virtio-balloon-pci, virtconsole, VGA or bochs-display.");
                }

                break;
        }
    }

    private void Place(VirtioDevice device, DeviceConfiguration? configuration)
    {
        bool translates = configuration?["iommu_platform"] is "on" or "true";
        bool legacy = !translates && configuration?["disable-legacy"] is not ("on" or "true");
        IDmaSpace? plain = TranslatesDma && Memory is { } ram ? new SystemMemory(ram) : null;
        VirtioPciFunction function = new(device, _guestOrder, _tracer, legacy, HasMessages && configuration?["vectors"] != "0", plain, translates);
        Plug(function, configuration?.Driver == "virtconsole" ? null : configuration);
    }

    private void Plug(PciFunction function, DeviceConfiguration? configuration)
    {
        PciBus bus = FindBus(configuration?["bus"]);
        int slot = configuration?["addr"] is { } address ? ParseSlot(bus, address) : bus.FirstFreeDevice(FirstSlot);
        if (slot < 0)
        {
            throw new UserErrorException($"There is no free PCI slot for '{function.Name}'; give fewer devices.");
        }

        if (configuration?["romfile"] is { Length: > 0 } file && configuration["rombar"] is not ("0" or "off"))
        {
            function.PlugRom(ReadRom(file));
        }

        bus.Place(function, slot);
    }

    private static ReadOnlyMemory<byte> ReadRom(string file)
    {
        ReadOnlyMemory<byte> contents = GuestImage.FromFile(file).Read("romfile=");
        return contents.Length is > 0 and <= PciRom.MostBytes
            ? contents
            : throw new UserErrorException($"'{file}' is no expansion ROM: it has {contents.Length} bytes; give romfile= a file of 1 byte to 16 MiB.");
    }

    private PciBus FindBus(string? name)
    {
        if (name == null || Buses.Count == 0)
        {
            return _bus;
        }

        return Buses.TryGetValue(name, out PciBus? bus)
            ? bus
            : throw new UserErrorException($"There is no PCI bus '{name}'; the buses are {string.Join(", ", Buses.Keys)}.");
    }

    private int ParseSlot(PciBus bus, string address)
    {
        string text = address.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? address[2..] : address;
        if (!int.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int slot) || slot < FirstSlot || slot > 31)
        {
            throw new UserErrorException($"'{address}' is no PCI slot of this machine; give addr= a hexadecimal number from {FirstSlot} to 1f.");
        }

        return bus.Functions.Any(function => function.DevFn >> 3 == slot)
            ? throw new UserErrorException($"PCI slot {slot:x} is taken; give another addr=, or leave it out.")
            : slot;
    }

    private VirtioBlock Disk(DriveConfiguration drive, IBlockBackend image) =>
        drive.Serial is { } serial ? new(NextName("disk"), image, _clock, serial) : new(NextName("disk"), image, _clock);

    private VirtioNetwork Network(NetworkConfiguration? network, string? mac)
    {
        (INetworkBackend backend, byte[] address) = OpenNetwork(network, mac);
        return new VirtioNetwork(NextName("net"), address, backend, _journal, _tracer);
    }

    private (INetworkBackend Backend, byte[] Address) OpenNetwork(NetworkConfiguration? network, string? mac)
    {
        if (network?.Id is { } id && !_openedNetworks.Add(id))
        {
            throw new UserErrorException($"Two cards ask for network '{id}'; a backend serves one card, so add another.");
        }

        INetworkBackend backend = (network == null ? null : _services.OpenNetwork?.Invoke(network)) ?? (INetworkBackend)new NullNetworkBackend();
        backend = Captured(network, backend);
        _networks.Add(backend);
        return (backend, mac == null ? MacAddress.Default(_networks.Count - 1) : MacAddress.Parse(mac));
    }

    private INetworkBackend Captured(NetworkConfiguration? network, INetworkBackend backend)
    {
        if (network?.CaptureFile is not { } file)
        {
            return backend;
        }

        // The capture's clock is the guest's, so that its times fit the guest's own logs.
        VirtualTime start = new((_configuration.RtcBase - DateTimeOffset.UnixEpoch).Ticks * 100);
        try
        {
            return new CapturingNetwork(backend, new PcapFile(file, () => start + _clock.Now, network.CaptureLength));
        }
        catch (BackendException error)
        {
            backend.Dispose();
            throw new UserErrorException(char.ToUpperInvariant(error.Message[0]) + error.Message[1..] + ".", error);
        }
    }

    private Virtio9p SharedFolder(DeviceConfiguration device)
    {
        FolderConfiguration folder = _configuration.Folders.First(folder => folder.Id == device["fsdev"]);
        try
        {
            Virtio9p share = new(NextName("folder"), HostFileTree.Open(folder.Path, folder.ReadOnly, folder.Ownership), device["mount_tag"]!);
            _folders.Add(share);
            return share;
        }
        catch (BackendException error)
        {
            throw new UserErrorException(char.ToUpperInvariant(error.Message[0]) + error.Message[1..] + ".", error);
        }
    }

    private bool Discard(ulong address, ulong length) => Memory == null || Memory.TryDiscard(new PhysicalAddress(address), length);

    private VirtioConsole Console(DeviceConfiguration device)
    {
        VirtioConsole console = new(NextName("console"), Character(device), _journal, _tracer);
        KeepInput(device, console.Input);
        return console;
    }

    private ICharacterBackend Character(DeviceConfiguration device)
    {
        ICharacterBackend? backend = null;
        string? id = device["chardev"];
        return id == null || _services.CharacterDevices.TryGetValue(id, out backend)
            ? backend ?? new NullCharacterBackend()
            : throw new UserErrorException($"Device '{device.Driver}' asks for character device '{id}', which does not exist; add --chardev …,id={id}.");
    }

    private void KeepInput(DeviceConfiguration device, InputChannel input)
    {
        if (device["chardev"] is { } id && !_consoles.TryAdd(id, input))
        {
            throw new UserErrorException($"Two consoles ask for character device '{id}'; it serves one, so add another.");
        }
    }

    private string NextName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{_cards++}");
}
