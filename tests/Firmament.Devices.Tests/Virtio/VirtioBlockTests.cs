using Firmament.Core.Backends;
using Firmament.Core.Time;
using Firmament.Devices.Storage;

namespace Firmament.Devices.Tests.Virtio;

public class VirtioBlockTests
{
    private const ulong EventIndex = 1ul << 29;
    private const ulong Indirect = 1ul << 28;
    private const ulong Flush = 1ul << 9;
    private const ulong Zeroing = (1ul << 13) | (1ul << 14);
    private const ulong Header = VirtioDriver.Buffers;
    private const ulong Data = VirtioDriver.Buffers + 0x1000;
    private const ulong Status = VirtioDriver.Buffers + 0x800;
    private const ulong OutsideRam = 0x4000_0000;

    public static TheoryData<DriverKind, ulong> Drivers => new()
    {
        { DriverKind.Modern, Flush },
        { DriverKind.Modern, Flush | EventIndex | Indirect },
        { DriverKind.LegacyBig, Flush },
        { DriverKind.LegacyBig, Flush | EventIndex | Indirect },
        { DriverKind.LegacyLittle, Flush },
    };

    [Theory]
    [MemberData(nameof(Drivers))]
    public void What_is_written_is_on_the_disk_and_reads_back(DriverKind kind, ulong features)
    {
        using PciRig rig = new();
        byte[] image = new byte[1 << 20];
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), kind, features);
        byte[] payload = Pattern(4096);
        rig.Write(Data, payload);
        Assert.Equal(1u, Request(rig, driver, 1, 8, (Data, 1024, false), (Data + 1024, 3072, false)));
        Assert.Equal(0, rig.Read(Status, 1)[0]);
        Assert.Equal(payload, image[4096..8192]);
        Assert.True(rig.InterruptLevel);
        Assert.Equal(1, driver.TakeIsr());
        Assert.False(rig.InterruptLevel);

        Assert.Equal(4097u, Request(rig, driver, 0, 8, (Data + 0x4000, 4096, true)));
        Assert.Equal(payload, rig.Read(Data + 0x4000, 4096));
    }

    [Theory]
    [InlineData(DriverKind.Modern)]
    [InlineData(DriverKind.LegacyBig)]
    public void Capacity_is_in_the_configuration_space_in_the_drivers_order(DriverKind kind)
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[512 * 9]), rig.Scheduler), kind, 0);
        Assert.Equal(driver.Number64(9), driver.Configuration(8));
    }

    [Fact]
    public void Flush_reaches_the_backend_and_a_driver_without_flush_writes_through()
    {
        using PciRig rig = new();
        MemoryDisk disk = new(new byte[1 << 16]);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", disk, rig.Scheduler), DriverKind.Modern, Flush);
        Request(rig, driver, 1, 0, (Data, 512, false));
        Assert.Equal(0, disk.FlushCount);
        Request(rig, driver, 4, 0);
        Assert.Equal(1, disk.FlushCount);

        using PciRig other = new();
        VirtioDriver plain = new(other, new VirtioBlock("vd", disk, other.Scheduler), DriverKind.LegacyBig, 0);
        Request(other, plain, 1, 0, (Data, 512, false));
        Assert.Equal(2, disk.FlushCount);
    }

    [Fact]
    public void Get_id_answers_the_serial()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[512]), rig.Scheduler, "disk7"), DriverKind.Modern, 0);
        Assert.Equal(21u, Request(rig, driver, 8, 0, (Data, 20, true)));
        Assert.Equal("disk7\0"u8.ToArray(), rig.Read(Data, 6));
    }

    [Fact]
    public void Write_zeroes_clears_its_sectors_only()
    {
        using PciRig rig = new();
        byte[] image = new byte[4096];
        image.AsSpan().Fill(0xee);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), DriverKind.Modern, 1ul << 14);
        rig.Write(Data, [.. driver.Number64(2), .. driver.Number32(3), .. driver.Number32(0)]);
        Request(rig, driver, 13, 0, (Data, 16, false));
        Assert.Equal(0, rig.Read(Status, 1)[0]);
        Assert.All(image[1024..2560], static b => Assert.Equal(0, b));
        Assert.Equal(0xee, image[1023]);
        Assert.Equal(0xee, image[2560]);
    }

    [Theory]
    [InlineData(11u)]
    [InlineData(13u)]
    public void Discard_and_write_zeroes_take_several_ranges(uint type)
    {
        using PciRig rig = new();
        byte[] image = new byte[8192];
        image.AsSpan().Fill(0xee);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), DriverKind.LegacyBig, Zeroing);
        Assert.Equal(0, ZeroRanges(rig, driver, type, (1, 1, 0), (4, 2, 0), (16, 0, 0)));
        Assert.Equal([1, 4, 5], Enumerable.Range(0, 16).Where(sector => image[sector * 512] == 0 && image[(sector * 512) + 511] == 0));
    }

    [Theory]
    [InlineData(11u, 15ul, 2u, 0u, 1)] // past the end
    [InlineData(13u, ulong.MaxValue, 2u, 0u, 1)]
    [InlineData(13u, 0ul, 32769u, 0u, 1)] // more than max_write_zeroes_sectors
    [InlineData(11u, 0ul, 1u, 1u, 2)] // discard with the unmap flag
    [InlineData(13u, 0ul, 1u, 2u, 2)] // an unknown flag
    public void A_bad_range_zeroes_nothing_not_even_the_good_one_before_it(uint type, ulong sector, uint count, uint flags, byte status)
    {
        using PciRig rig = new();
        byte[] image = new byte[8192];
        image.AsSpan().Fill(0xee);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), DriverKind.Modern, Zeroing);
        Assert.Equal(status, ZeroRanges(rig, driver, type, (2, 2, 0), (sector, count, flags)));
        Assert.All(image, static b => Assert.Equal(0xee, b));
    }

    [Theory]
    [InlineData(0)] // no range
    [InlineData(8)] // half a range
    [InlineData(9 * 16)] // more than max_discard_seg
    public void A_range_list_of_a_wrong_length_is_an_error(int length)
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, Zeroing);
        rig.Write(Data, new byte[256]);
        Request(rig, driver, 11, 0, length == 0 ? [] : [(Data, (uint)length, false)]);
        Assert.Equal(1, rig.Read(Status, 1)[0]);
    }

    [Fact]
    public void Zeroing_is_for_writable_disks_and_drivers_that_negotiated_it()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, 0);
        Assert.Equal(Zeroing, driver.OfferedFeatures() & Zeroing);
        Assert.Equal(2, ZeroRanges(rig, driver, 11, (0, 1, 0)));
        Assert.Equal(2, ZeroRanges(rig, driver, 13, (0, 1, 0)));

        using PciRig other = new();
        VirtioDriver readOnly = new(other, new VirtioBlock("vd", new MemoryDisk(new byte[8192], isReadOnly: true), other.Scheduler), DriverKind.Modern, 0);
        Assert.Equal(0ul, readOnly.OfferedFeatures() & Zeroing);
        Assert.All(readOnly.Configuration(60)[0x24..], static b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_broken_disk_fails_a_discard()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]) { IsBroken = true }, rig.Scheduler), DriverKind.Modern, Zeroing);
        Assert.Equal(1, ZeroRanges(rig, driver, 11, (0, 1, 0)));
    }

    [Theory]
    [InlineData(0u, 100ul, 512u, true, 1)] // read past the end
    [InlineData(0u, ulong.MaxValue, 512u, true, 1)]
    [InlineData(1u, 100ul, 512u, false, 1)] // write past the end
    [InlineData(0u, 0ul, 100u, true, 1)] // no whole sector
    [InlineData(99u, 0ul, 512u, true, 2)] // no such request
    public void A_bad_request_gets_its_status_and_the_queue_goes_on(uint type, ulong sector, uint length, bool toGuest, byte status)
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, 0);
        Request(rig, driver, type, sector, (Data, length, toGuest));
        Assert.Equal(status, rig.Read(Status, 1)[0]);
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.Equal(0, rig.Read(Status, 1)[0]);
    }

    [Fact]
    public void Read_only_and_broken_disks_report_errors()
    {
        using PciRig rig = new();
        MemoryDisk disk = new(new byte[8192], isReadOnly: true);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", disk, rig.Scheduler), DriverKind.Modern, 0);
        Assert.NotEqual(0ul, driver.OfferedFeatures() & (1 << 5));
        Request(rig, driver, 1, 0, (Data, 512, false));
        Assert.Equal(1, rig.Read(Status, 1)[0]);
        disk.IsBroken = true;
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.Equal(1, rig.Read(Status, 1)[0]);
        Request(rig, driver, 4, 0);
        Assert.Equal(1, rig.Read(Status, 1)[0]);
    }

    [Fact]
    public void Data_outside_memory_is_an_io_error()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, 0);
        Request(rig, driver, 0, 0, (OutsideRam, 512, true));
        Assert.Equal(1, rig.Read(Status, 1)[0]);
    }

    [Fact]
    public void Huge_requests_leave_the_rest_of_the_queue_to_a_timer()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[32 << 20]), rig.Scheduler), DriverKind.Modern, 0);
        rig.Write(Header, [.. driver.Number32(0), .. driver.Number32(0), .. driver.Number64(0)]);
        for (int i = 0; i < 5; i++)
        {
            // 20 MiB each, in parts of 2 MiB that share their memory.
            driver.Add(0, [(Header, 16, false), .. Enumerable.Repeat((Data, 2u << 20, true), 10), (Status, 1, true)]);
        }

        driver.Notify(0);
        Assert.InRange(driver.UsedIndex(0), 1, 4);
        rig.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(1));
        Assert.Equal(5, driver.UsedIndex(0));
    }

    [Theory]
    [InlineData("loop")]
    [InlineData("next out of range")]
    [InlineData("head out of range")]
    [InlineData("zero length")]
    [InlineData("readable after writable")]
    [InlineData("indirect in indirect")]
    [InlineData("indirect loop")]
    [InlineData("indirect with next")]
    [InlineData("indirect of odd length")]
    [InlineData("indirect outside memory")]
    [InlineData("address wraps")]
    [InlineData("available index runs away")]
    [InlineData("no status byte")]
    [InlineData("header outside memory")]
    public void A_malformed_ring_needs_a_reset_and_works_after_it(string fault)
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, Indirect);
        Malform(rig, driver, fault);
        driver.Notify(0);
        Assert.NotEqual(0, driver.Status & 64);
        Assert.True(rig.InterruptLevel);
        Assert.Equal(2, driver.TakeIsr() & 2);
        Assert.NotEqual(0, rig.Tracer.GuestErrorCount);

        driver.Start();
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.Equal(0, rig.Read(Status, 1)[0]);
    }

    [Fact]
    public void Indirect_without_negotiation_needs_a_reset()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.LegacyBig, 0);
        driver.PutDescriptor(driver.DescriptorTable(0), 0, Data, 48, 4, 0);
        driver.MakeAvailable(0, 0);
        driver.Notify(0);
        Assert.NotEqual(0, driver.Status & 64);
    }

    [Fact]
    public void An_indirect_request_is_served()
    {
        using PciRig rig = new();
        byte[] image = Pattern(8192);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), DriverKind.LegacyBig, Indirect);
        rig.Write(Header, [.. driver.Number32(0), .. driver.Number32(0), .. driver.Number64(1)]);
        driver.PutDescriptor(Data, 0, Header, 16, 1, 1);
        driver.PutDescriptor(Data, 1, Data + 0x1000, 512, 3, 2);
        driver.PutDescriptor(Data, 2, Status, 1, 2, 0);
        driver.PutDescriptor(driver.DescriptorTable(0), 0, Data, 48, 4, 0);
        driver.MakeAvailable(0, 0);
        driver.Notify(0);
        Assert.Equal(image[512..1024], rig.Read(Data + 0x1000, 512));
    }

    [Fact]
    public void Rings_are_out_of_reach_without_bus_mastering()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, 0);
        rig.Bus.WriteConfig(3 << 3, 4, 3, 2);
        driver.Add(0, (Header, 16, false), (Status, 1, true));
        driver.Notify(0);
        Assert.NotEqual(0, driver.Status & 64);
    }

    [Fact]
    public void Interrupts_are_held_back_as_the_driver_asks()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, EventIndex);
        Put(driver.AvailableRing(0) + 4 + (2ul * driver.Size(0)), 1); // used_event: the second request
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.False(rig.InterruptLevel);
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.True(rig.InterruptLevel);
        driver.TakeIsr();

        driver.Negotiated = 0;
        driver.Start();
        Put(driver.AvailableRing(0), 1); // NO_INTERRUPT
        Request(rig, driver, 0, 0, (Data, 512, true));
        Assert.False(rig.InterruptLevel);

        void Put(ulong at, ushort value) => driver.Put16(at, value);
    }

    [Fact]
    public void Features_that_are_not_offered_are_refused()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[8192]), rig.Scheduler), DriverKind.Modern, 0, start: false);
        const ulong Mem = 0x8000_0000;
        rig.Bus.Memory.Write(Mem + 8, 1, 4);
        rig.Bus.Memory.Write(Mem + 12, 0x8000_0001, 4);
        driver.Status = 3;
        driver.Status = 11;
        Assert.Equal(3, driver.Status);
    }

    [Fact]
    public void The_configuration_window_reads_the_same_registers()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(new byte[512 * 77]), rig.Scheduler), DriverKind.Modern, 0);
        rig.Bus.WriteConfig(24, 0x84 + 4, 1, 1);
        rig.Bus.WriteConfig(24, 0x84 + 8, 0x2000, 4);
        rig.Bus.WriteConfig(24, 0x84 + 12, 4, 4);
        Assert.Equal(77u, rig.Bus.ReadConfig(24, 0x84 + 16, 4));
        rig.Bus.WriteConfig(24, 0x84 + 8, 0xffff_fffc, 4);
        rig.Bus.ReadConfig(24, 0x84 + 16, 4);
        Assert.Equal(15, driver.Status);
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        using PciRig rig = new();
        byte[] image = Pattern(8192);
        VirtioDriver driver = new(rig, new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), DriverKind.LegacyBig, Flush | EventIndex);
        Request(rig, driver, 0, 0, (Data, 512, true));
        global::Firmament.Devices.Buses.Virtio.VirtioPciFunction copy = new(
            new VirtioBlock("vd", new MemoryDisk(image), rig.Scheduler), Core.Memory.Endianness.Big, rig.Tracer);
        FieldList.Copy(driver.Function, copy);
        Assert.Equal(FieldList.Hash(driver.Function), FieldList.Hash(copy));
        Assert.Equal(driver.Function.Device.Queues[0].Order, copy.Device.Queues[0].Order);
        copy.Reset();
        Assert.NotEqual(FieldList.Hash(driver.Function), FieldList.Hash(copy));
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 7) ^ (i >> 8)))];

    private static uint Request(PciRig rig, VirtioDriver driver, uint type, ulong sector, params (ulong, uint, bool)[] data)
    {
        rig.Write(Header, [.. driver.Number32(type), .. driver.Number32(0), .. driver.Number64(sector)]);
        rig.Write(Status, [0xff]);
        return driver.Send(0, [(Header, 16, false), .. data, (Status, 1, true)]);
    }

    private static byte ZeroRanges(PciRig rig, VirtioDriver driver, uint type, params (ulong Sector, uint Count, uint Flags)[] ranges)
    {
        byte[] list = [.. ranges.SelectMany(range => (byte[])[.. driver.Number64(range.Sector), .. driver.Number32(range.Count), .. driver.Number32(range.Flags)])];
        rig.Write(Data, list);
        Request(rig, driver, type, 0, (Data, (uint)list.Length, false));
        return rig.Read(Status, 1)[0];
    }

    private static void Malform(PciRig rig, VirtioDriver driver, string fault)
    {
        ulong table = driver.DescriptorTable(0);
        const int Next = 1;
        const int Write = 2;
        const int Indirect = 4;
        ushort head = 0;
        switch (fault)
        {
            case "loop":
                driver.PutDescriptor(table, 0, Header, 16, Next, 1);
                driver.PutDescriptor(table, 1, Header, 16, Next, 0);
                break;
            case "next out of range":
                driver.PutDescriptor(table, 0, Header, 16, Next, 256);
                break;
            case "head out of range":
                head = 256;
                break;
            case "zero length":
                driver.PutDescriptor(table, 0, Header, 0, 0, 0);
                break;
            case "readable after writable":
                driver.PutDescriptor(table, 0, Header, 16, Next | Write, 1);
                driver.PutDescriptor(table, 1, Header, 16, 0, 0);
                break;
            case "indirect in indirect":
                driver.PutDescriptor(table, 0, Data, 16, Indirect, 0);
                driver.PutDescriptor(Data, 0, Data, 16, Indirect, 0);
                break;
            case "indirect loop":
                driver.PutDescriptor(table, 0, Data, 16 * 65536, Indirect, 0);
                driver.PutDescriptor(Data, 0, Header, 16, Next, 0);
                break;
            case "indirect with next":
                driver.PutDescriptor(table, 0, Data, 16, Indirect | Next, 1);
                break;
            case "indirect of odd length":
                driver.PutDescriptor(table, 0, Data, 17, Indirect, 0);
                break;
            case "indirect outside memory":
                driver.PutDescriptor(table, 0, OutsideRam, 16, Indirect, 0);
                break;
            case "address wraps":
                driver.PutDescriptor(table, 0, ulong.MaxValue - 4, 16, 0, 0);
                break;
            case "available index runs away":
                driver.Put16(driver.AvailableRing(0) + 2, 999);
                return;
            case "no status byte":
                driver.PutDescriptor(table, 0, Header, 16, 0, 0);
                break;
            case "header outside memory":
                driver.PutDescriptor(table, 0, OutsideRam, 16, Next, 1);
                driver.PutDescriptor(table, 1, Status, 1, Write, 0);
                break;
        }

        driver.MakeAvailable(0, head);
    }
}
