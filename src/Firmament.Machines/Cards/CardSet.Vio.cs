using System.Globalization;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Network;
using Firmament.Devices.Storage;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Cards;

/// <summary>Virtual devices of a partition, and drives behind SCSI adapters.</summary>
internal sealed partial class CardSet
{
    private const int LastVscsiTarget = 63;
    private const int LastVscsiUnit = 31;

    private readonly ScsiAdapters _scsi = new();

    /// <summary>True when the user asked for a source of random numbers that H_RANDOM reads (spapr-rng).</summary>
    public bool HasRandomSource { get; private set; }

    private bool TryPlaceVio(DeviceConfiguration device)
    {
        if (Vio == null)
        {
            return false;
        }

        switch (device.Driver)
        {
            case "spapr-vscsi":
                AddVscsi(device["id"], Reg(device));
                return true;
            case "spapr-vlan":
                NetworkConfiguration? network = _configuration.Networks.FirstOrDefault(entry => entry.Id != null && entry.Id == device["netdev"]);
                PlaceLan(network, device["mac"] ?? network?.MacAddress, Reg(device));
                return true;
            case "spapr-vty":
                SpaprVty terminal = Vio.Place(new SpaprVty(NextName("vty"), Character(device), _journal, _tracer), Reg(device));
                KeepInput(device, terminal.Input);
                return true;
            case "spapr-rng":
                HasRandomSource = true;
                return true;
            default:
                return false;
        }
    }

    private void PlaceNetworks()
    {
        foreach (NetworkConfiguration network in _configuration.Networks.Where(static network => network.Model != null))
        {
            PlaceNetwork(network);
        }
    }

    private void PlaceNetwork(NetworkConfiguration network)
    {
        if (network.Model == "spapr-vlan")
        {
            if (Vio == null)
            {
                throw new UserErrorException("The network card spapr-vlan cannot be plugged into this machine; give model=virtio-net-pci.");
            }

            PlaceLan(network, network.MacAddress, null);
        }
        else
        {
            Place(Network(network, network.MacAddress), null);
        }
    }

    private void PlaceLan(NetworkConfiguration? network, string? mac, uint? reg)
    {
        (INetworkBackend backend, byte[] address) = OpenNetwork(network, mac);
        Vio!.Place(new SpaprLan(NextName("vlan"), address, backend, _journal, _tracer), reg);
    }

    private void AddVscsi(string? id, uint? reg) =>
        _scsi.Add(id, Vio!.Place(new SpaprVscsi(_tracer), reg).Targets, LastVscsiTarget, LastVscsiUnit);

    private uint? Reg(DeviceConfiguration device)
    {
        if (device["reg"] is not { } text)
        {
            return null;
        }

        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        NumberStyles style = digits.Length == text.Length ? NumberStyles.None : NumberStyles.HexNumber;
        if (!uint.TryParse(digits, style, CultureInfo.InvariantCulture, out uint reg) || reg == 0)
        {
            throw new UserErrorException($"'{text}' is no unit address; give reg= a number, for example reg=0x71000003.");
        }

        return Vio!.IsTaken(reg)
            ? throw new UserErrorException($"Unit address {text} or its interrupt is taken; give another reg=, or leave it out.")
            : reg;
    }

    private void AttachOwnScsiDrives()
    {
        if (Vio != null && _drives.Scsi().Any())
        {
            AddVscsi(null, null);
        }

        foreach ((DriveConfiguration drive, IBlockBackend? image) in _drives.Scsi())
        {
            _scsi.Attach(Unit(drive, image, drive.Media == DriveMedia.Cdrom), "drive if=scsi", null, drive.Index, 0);
        }
    }

    private void AttachScsiDevices()
    {
        List<DeviceConfiguration> devices = [.. _configuration.Devices.Where(static device => device.Driver is "scsi-hd" or "scsi-cd")];
        if (_scsi.IsEmpty && Vio != null && devices.Any(static device => device["bus"] == null))
        {
            AddVscsi(null, null);
        }

        foreach (DeviceConfiguration device in devices)
        {
            bool isCd = device.Driver == "scsi-cd";
            (DriveConfiguration drive, IBlockBackend? image) =
                isCd ? _drives.RemovableById(device.Driver, device["drive"]) : _drives.ById(device.Driver, device["drive"]);
            drive = drive with { Serial = device["serial"] ?? drive.Serial };
            _scsi.Attach(Unit(drive, image, isCd), device.Driver, device["bus"], Number(device, "scsi-id"), Number(device, "lun") ?? 0);
        }
    }

    private ScsiUnit Unit(DriveConfiguration drive, IBlockBackend? image, bool isCd)
    {
        string serial = drive.Serial ?? NextName("FM");
        return isCd ? new ScsiCdrom(image, serial: serial) : new ScsiDisk(image!, serial: serial);
    }

    private static int? Number(DeviceConfiguration device, string property)
    {
        if (device[property] is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UserErrorException($"Property '{device.Driver}.{property}' is a number, not '{text}'; give for example {property}=1.");
    }
}
