using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Firmware.Drivers;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>A machine at power-on with a client that was never started, and its disks driven by the firmware.</summary>
internal sealed class DriverBench : IDisposable
{
    /// <summary>RAM that nothing else uses.</summary>
    public const ulong Buffer = 32 << 20;

    private readonly MemoryStream _trace = new();

    public DriverBench(MachineConfiguration configuration, params IBlockBackend[] disks)
    {
        int next = 0;
        HostServices services = new() { TraceSink = new TextTraceSink(_trace), OpenDrive = _ => disks[next++] };
        Machine = MachineFactory.CreateMachine(configuration with { Trace = TraceCategory.Firmware | TraceCategory.GuestErrors }, services);
    }

    public Machine Machine { get; }

    public FirmwareDevices Devices => Machine.FirmwareDevices!;

    public string Trace => System.Text.Encoding.UTF8.GetString(_trace.ToArray());

    /// <summary>The driver of the only disk or CD.</summary>
    public IBlockDriver Disk => Assert.Single(Devices.All, static device => device.Block != null).Block!;

    public static MachineConfiguration Configuration(string machine) => new()
    {
        Machine = machine,
        MemoryBytes = 128 << 20,
        Kernel = GuestImage.FromBytes("client", Client(machine == "pseries")),
    };

    /// <summary>A configuration with one drive on the interface of that name.</summary>
    public static MachineConfiguration For(string kind, bool readOnly = false)
    {
        DriveConfiguration drive = new() { File = "disk", ReadOnly = readOnly, Id = "d" };
        DriveConfiguration named = drive with { Interface = DriveInterface.None };
        return kind switch
        {
            "pegasos2 ide" => Configuration("pegasos2") with { Drives = [drive with { Interface = DriveInterface.Ide }] },
            "pegasos2 slave" => Configuration("pegasos2") with { Drives = [drive with { Interface = DriveInterface.Ide, Index = 3 }] },
            "pegasos2 guest-pci" => Configuration("pegasos2") with { PciSetup = PciSetup.Guest, Drives = [drive with { Interface = DriveInterface.Virtio }] },
            "pegasos2 cd" => Configuration("pegasos2") with { Drives = [drive with { Interface = DriveInterface.Ide, Media = DriveMedia.Cdrom }] },
            "pegasos2 virtio" => Configuration("pegasos2") with { Drives = [drive with { Interface = DriveInterface.Virtio }] },
            "pegasos2 scsi" => Configuration("pegasos2") with { Drives = [named], Devices = [Device("virtio-scsi-pci"), Device("scsi-hd", ("drive", "d"))] },
            "pseries virtio" => Configuration("pseries") with { Drives = [drive with { Interface = DriveInterface.Virtio }] },
            "pseries modern" => Configuration("pseries") with { Drives = [named], Devices = [Device("virtio-blk-pci", ("drive", "d"), ("disable-legacy", "on"))] },
            "pseries iommu" => Configuration("pseries") with { Drives = [named], Devices = [Device("virtio-blk-pci", ("drive", "d"), ("iommu_platform", "on"))] },
            "pseries scsi" => Configuration("pseries") with { Drives = [named], Devices = [Device("virtio-scsi-pci"), Device("scsi-hd", ("drive", "d"), ("lun", "300"))] },
            "pseries scsi-cd" => Configuration("pseries") with { Drives = [named], Devices = [Device("virtio-scsi-pci"), Device("scsi-cd", ("drive", "d"))] },
            "pseries scsi-iommu" => Configuration("pseries") with { Drives = [named], Devices = [Device("virtio-scsi-pci", ("iommu_platform", "on")), Device("scsi-hd", ("drive", "d"))] },
            "pseries vscsi" => Configuration("pseries") with { Drives = [drive with { Interface = DriveInterface.Scsi, Index = 5 }] },
            "pseries vscsi-cd" => Configuration("pseries") with { Drives = [drive with { Interface = DriveInterface.Scsi, Media = DriveMedia.Cdrom }] },
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
    }

    public static DeviceConfiguration Device(string driver, params (string Name, string Value)[] properties) =>
        new() { Driver = driver, Properties = properties.ToDictionary(static entry => entry.Name, static entry => entry.Value) };

    /// <summary>Bytes that tell their place.</summary>
    public static byte[] Pattern(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public byte[] Ram(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(Machine.Ram.TryRead(new PhysicalAddress(address), bytes));
        return bytes;
    }

    public void Fill(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(Machine.Ram.TryWrite(new PhysicalAddress(address), bytes));

    public static string Hash(IStateful part)
    {
        HashVisitor hash = new();
        hash.Component("part", part);
        return hash.Result;
    }

    public void Dispose() => Machine.Dispose();

    private static byte[] Client(bool is64Bit)
    {
        byte[] branchToItself = [0x48, 0, 0, 0];
        return new ElfBuilder { Is64Bit = is64Bit, Machine = is64Bit ? (ushort)21 : (ushort)20, Entry = 0x40_0000 }
            .Load(0x40_0000, 0x40_0000, branchToItself).Build();
    }
}
