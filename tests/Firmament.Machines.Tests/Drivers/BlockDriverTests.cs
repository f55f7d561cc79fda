using Firmament.Core.Backends;
using Firmament.Firmware.Drivers;
using Firmament.Machines.Configuration;
using Firmament.Machines.Drivers;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>Every block driver on the real devices of both machines.</summary>
public sealed class BlockDriverTests
{
    private const int DiskBytes = (5 << 20) + 2048;
    private const uint Buffer = (uint)DriverBench.Buffer;

    public static TheoryData<string> Disks =>
    [
        "pegasos2 ide", "pegasos2 slave", "pegasos2 virtio", "pegasos2 guest-pci", "pegasos2 scsi",
        "pseries virtio", "pseries modern", "pseries iommu", "pseries scsi", "pseries scsi-iommu", "pseries vscsi",
    ];

    public static TheoryData<string> Cdroms => ["pegasos2 cd", "pseries vscsi-cd", "pseries scsi-cd"];

    /// <summary>Fields that drivers may leave changed: their own, the time, a register that every user of it sets first, and what the last command of a device left behind.</summary>
    private static readonly string[] Unseen =
    [
        "firmware/devices/", "clock/now", "mv64361/config1/address", "/buffer",
        "/busmaster/entry", "/busmaster/entries", "/busmaster/address", "/busmaster/last", "/lba", "/ext", "/byte-limit",
        "/operation", "/work", "/count", "/block",
    ];

    public static TheoryData<string> All => [.. Disks.Select(static row => row.Data), .. Cdroms.Select(static row => row.Data)];

    [Theory]
    [MemberData(nameof(All))]
    public void The_whole_disk_is_read_as_it_is(string kind)
    {
        byte[] disk = DriverBench.Pattern(DiskBytes);
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(disk, Cdroms.Any(row => row.Data == kind)));
        IBlockDriver driver = bench.Disk;

        Assert.True(driver.TryStart(), bench.Trace);
        Assert.Equal((ulong)DiskBytes, driver.BlockCount * (ulong)driver.BlockSize);
        uint most = driver.MaxTransfer / (uint)driver.BlockSize;
        for (ulong block = 0; block < driver.BlockCount;)
        {
            uint count = (uint)Math.Min(most, driver.BlockCount - block);
            Assert.True(driver.TryRead(block, count, Buffer + (block * (ulong)driver.BlockSize)), bench.Trace);
            block += count;
        }

        Assert.True(disk.AsSpan().SequenceEqual(bench.Ram(Buffer, DiskBytes)));
        Assert.DoesNotContain("problem", bench.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Data_goes_to_any_address_and_nowhere_else(string kind)
    {
        byte[] disk = DriverBench.Pattern(DiskBytes);
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(disk, Cdroms.Any(row => row.Data == kind)));
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);
        foreach (uint shift in (ReadOnlySpan<uint>)[0, 1, 2, 3, 0xfff, 0xfffe, 0xffff])
        {
            byte[] before = DriverBench.Pattern(300_000, seed: 2);
            bench.Fill(Buffer, before);

            Assert.True(driver.TryRead(3, 61, Buffer + 64 + shift), bench.Trace);

            byte[] expected = [.. before];
            disk.AsSpan(3 * driver.BlockSize, 61 * driver.BlockSize).CopyTo(expected.AsSpan(64 + (int)shift));
            Assert.True(expected.AsSpan().SequenceEqual(bench.Ram(Buffer, before.Length)), $"shift {shift}");
        }
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public void What_is_written_is_on_the_disk_and_kept(string kind)
    {
        byte[] bytes = DriverBench.Pattern(DiskBytes);
        byte[] expected = [.. bytes];
        MemoryDisk disk = new(bytes);
        using DriverBench bench = new(DriverBench.For(kind), disk);
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);
        byte[] written = DriverBench.Pattern(300 * 512, seed: 3);
        foreach (uint shift in (ReadOnlySpan<uint>)[0, 1, 2])
        {
            bench.Fill(Buffer + shift, written);
            uint block = 1000 + (shift * 1000);
            int flushes = disk.FlushCount;

            Assert.True(driver.TryWrite(block, 300, Buffer + shift), bench.Trace);

            written.CopyTo(expected, block * 512);
            Assert.True(expected.AsSpan().SequenceEqual(bytes));
            Assert.True(disk.FlushCount > flushes);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Blocks_past_the_end_and_transfers_that_are_too_long_fail(string kind)
    {
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(new byte[DiskBytes]));
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);
        byte[] before = DriverBench.Pattern(8192);
        bench.Fill(Buffer, before);

        Assert.False(driver.TryRead(driver.BlockCount, 1, Buffer));
        Assert.False(driver.TryRead(driver.BlockCount - 1, 2, Buffer));
        Assert.False(driver.TryRead(ulong.MaxValue, 1, Buffer));
        Assert.False(driver.TryRead(0, (driver.MaxTransfer / (uint)driver.BlockSize) + 1, Buffer));
        Assert.False(driver.TryWrite(driver.BlockCount, 1, Buffer));

        Assert.Equal(before, bench.Ram(Buffer, before.Length));
        Assert.Contains("problem", bench.Trace, StringComparison.Ordinal);
        Assert.True(driver.TryRead(driver.BlockCount, 0, Buffer));
        Assert.True(driver.TryRead(driver.BlockCount - 1, 1, Buffer), bench.Trace);
    }

    [Theory]
    [InlineData("pegasos2 ide", false)]
    [InlineData("pegasos2 virtio", true)]
    [InlineData("pegasos2 scsi", true)]
    [InlineData("pseries virtio", true)]
    [InlineData("pseries scsi", true)]
    [InlineData("pseries vscsi", true)]
    public void A_read_only_disk_is_not_written(string kind, bool canTell)
    {
        byte[] bytes = DriverBench.Pattern(DiskBytes);
        byte[] before = [.. bytes];
        using DriverBench bench = new(DriverBench.For(kind, readOnly: true), new MemoryDisk(bytes, isReadOnly: true));
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);

        Assert.Equal(canTell, driver.IsReadOnly);
        Assert.False(driver.TryWrite(0, 1, Buffer));
        Assert.Equal(before, bytes);
        Assert.True(driver.TryRead(0, 1, Buffer), bench.Trace);
        Assert.Equal(before[..512], bench.Ram(Buffer, 512));
    }

    [Theory]
    [MemberData(nameof(Cdroms))]
    public void A_cd_is_read_only_and_has_blocks_of_2048(string kind)
    {
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(new byte[DiskBytes], isReadOnly: true));
        Assert.True(Assert.Single(bench.Devices.All).IsCdrom);
        Assert.True(bench.Disk.TryStart(), bench.Trace);

        Assert.True(bench.Disk.IsReadOnly);
        Assert.Equal(2048, bench.Disk.BlockSize);
        Assert.False(bench.Disk.TryWrite(0, 1, Buffer));
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void An_empty_drive_does_not_start(string machine)
    {
        DriveConfiguration empty = new() { Interface = machine == "pseries" ? DriveInterface.Scsi : DriveInterface.Ide, Media = DriveMedia.Cdrom };
        MachineConfiguration configuration = DriverBench.Configuration(machine) with { Drives = [empty] };
        using Machine machineWithFiles = MachineFactory.CreateMachine(configuration, new HostServices());
        FirmwareDevice device = Assert.Single(machineWithFiles.FirmwareDevices!.All);
        string available = Available(machineWithFiles.FirmwareDevices);

        Assert.True(device.IsCdrom);
        Assert.False(device.Block!.TryStart());
        Assert.Equal(available, Available(machineWithFiles.FirmwareDevices));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_host_error_fails_the_transfer_and_the_next_one_works(string kind)
    {
        byte[] bytes = DriverBench.Pattern(DiskBytes);
        MemoryDisk disk = new(bytes, Cdroms.Any(row => row.Data == kind));
        using DriverBench bench = new(DriverBench.For(kind), disk);
        IBlockDriver driver = bench.Disk;
        Assert.True(driver.TryStart(), bench.Trace);

        disk.IsBroken = true;
        Assert.False(driver.TryRead(0, 8, Buffer));
        Assert.False(driver.TryRead(0, 8, Buffer + 1));
        Assert.False(driver.TryWrite(0, 8, Buffer));
        Assert.Contains("problem", bench.Trace, StringComparison.Ordinal);
        disk.IsBroken = false;

        Assert.True(driver.TryRead(0, 8, Buffer), bench.Trace);
        Assert.Equal(bytes[..(8 * driver.BlockSize)], bench.Ram(Buffer, 8 * driver.BlockSize));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Starts_are_counted_and_rest_gives_everything_back(string kind)
    {
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(new byte[DiskBytes], Cdroms.Any(row => row.Data == kind)));
        IBlockDriver driver = bench.Disk;
        string available = Available(bench.Devices);
        Assert.True(driver.TryStart(), bench.Trace);
        Assert.True(driver.TryStart(), bench.Trace);
        Assert.NotEqual(available, Available(bench.Devices));

        driver.Stop();
        Assert.True(driver.TryRead(0, 1, Buffer), bench.Trace);
        driver.Stop();
        Assert.False(driver.TryRead(0, 1, Buffer));
        driver.Stop();
        Assert.Equal(available, Available(bench.Devices));

        Assert.True(driver.TryStart() && driver.TryStart(), bench.Trace);
        bench.Devices.Quiesce();
        Assert.False(driver.TryRead(0, 1, Buffer));
        Assert.Equal(available, Available(bench.Devices));
        driver.Stop();
        Assert.True(driver.TryStart(), bench.Trace);
        Assert.True(driver.TryRead(0, 1, Buffer), bench.Trace);
        driver.Stop();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_machine_after_a_driver_is_as_before_it_but_for_what_no_guest_relies_on(string kind)
    {
        using DriverBench bench = new(DriverBench.For(kind), new MemoryDisk(DriverBench.Pattern(DiskBytes), Cdroms.Any(row => row.Data == kind)));
        Dictionary<string, string> before = FieldVisitor.Fields(bench.Machine);
        Assert.True(bench.Disk.TryStart() && bench.Disk.TryRead(0, 8, Buffer) && bench.Disk.TryRead(0, 8, Buffer + 1), bench.Trace);
        _ = bench.Disk.TryRead(bench.Disk.BlockCount - 1, 2, Buffer);
        bench.Disk.Stop();
        Dictionary<string, string> after = FieldVisitor.Fields(bench.Machine);

        string[] changed = [.. before.Keys.Where(path => before[path] != after.GetValueOrDefault(path)), .. after.Keys.Except(before.Keys)];
        string[] seen = [.. changed.Where(static path => !Unseen.Any(part => path.Contains(part, StringComparison.Ordinal)))];
        Assert.True(seen.Length == 0, string.Join('\n', seen));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_driver_goes_on_in_a_machine_that_took_over_its_state(string kind)
    {
        byte[] bytes = DriverBench.Pattern(DiskBytes);
        bool isCdrom = Cdroms.Any(row => row.Data == kind);
        using DriverBench first = new(DriverBench.For(kind), new MemoryDisk(bytes, isCdrom));
        using DriverBench second = new(DriverBench.For(kind), new MemoryDisk(bytes, isCdrom));
        Assert.True(first.Disk.TryStart() && first.Disk.TryRead(0, 8, Buffer), first.Trace);

        using MemoryStream state = new();
        first.Machine.Save(state);
        state.Position = 0;
        second.Machine.Load(state);

        Assert.Equal(first.Machine.StateHash(), second.Machine.StateHash());
        Assert.Equal((first.Disk.BlockSize, first.Disk.BlockCount), (second.Disk.BlockSize, second.Disk.BlockCount));
        Assert.True(second.Disk.TryRead(8, 8, Buffer), second.Trace);
        Assert.Equal(bytes[(8 * second.Disk.BlockSize)..(16 * second.Disk.BlockSize)], second.Ram(Buffer, 8 * second.Disk.BlockSize));
        second.Disk.Stop();
        Assert.False(second.Disk.TryRead(8, 8, Buffer));
    }

    private static string Available(FirmwareDevices devices) => Convert.ToHexString(devices.Tree.Root.Children
        .First(static node => node.GetString("device_type") == "memory")["available"]!.Value.Span);
}
