using System.Buffers.Binary;
using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests.Storage;

public sealed class AtaDiskTests : IDisposable
{
    private readonly IdeRig _rig = new();
    private readonly byte[] _image = [.. Enumerable.Range(0, 4096 * 512).Select(static i => (byte)((i * 5) ^ (i >> 9)))];
    private readonly MemoryDisk _disk;

    public AtaDiskTests()
    {
        _disk = new MemoryDisk(_image);
        _rig.Controller.Primary.Attach(0, new AtaDisk(_disk, "Test disk", "S1"));
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Identify_tells_model_size_and_modes_and_sums_to_zero()
    {
        _rig.Command(0xec);
        Assert.True(_rig.Irq14);
        Assert.Equal(0x58, _rig.Status);
        Assert.False(_rig.Irq14);
        byte[] words = _rig.PioIn(512);
        Assert.Equal(0x50, _rig.Status);
        Assert.Equal(4096u, BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(120)));
        Assert.Equal(4096u, BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(200)));
        StringBuilder model = new();
        for (int i = 54; i < 94; i += 2)
        {
            model.Append((char)words[i + 1]).Append((char)words[i]);
        }

        Assert.Equal("Test disk", model.ToString().Trim());
        Assert.Equal(0, words.Sum(static b => b) & 0xff);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Pio_reads_sectors_with_an_interrupt_each(int width)
    {
        _rig.Command(0x20, lba: 5, count: 3);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(_rig.Irq14);
            Assert.Equal(0x58, _rig.Status);
            Assert.Equal(Sectors(5 + i, 1), _rig.PioIn(512, width));
        }

        Assert.False(_rig.Irq14);
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void Pio_writes_sectors_and_interrupts_after_each()
    {
        byte[] data = Pattern(1024);
        _rig.Command(0x30, lba: 7, count: 2);
        Assert.False(_rig.Irq14);
        Assert.Equal(0x58, _rig.Status);
        _rig.PioOut(data.AsSpan(0, 512));
        Assert.True(_rig.Irq14);
        Assert.Equal(0x58, _rig.Status);
        _rig.PioOut(data.AsSpan(512));
        Assert.True(_rig.Irq14);
        Assert.Equal(0x50, _rig.Status);
        Assert.Equal(data, Sectors(7, 2));
    }

    [Fact]
    public void Multiple_moves_blocks_of_the_size_set()
    {
        _rig.Command(0xc4, lba: 0, count: 4);
        Assert.Equal(0x51, _rig.Status);
        _rig.Command(0xc6, count: 3);
        Assert.Equal(4, _rig.Read(1));
        _rig.Command(0xc6, count: 4);
        _rig.CommandExt(0x29, 10, 6);
        Assert.Equal(0x58, _rig.Status);
        byte[] first = _rig.PioIn(2048);
        Assert.True(_rig.Irq14);
        Assert.Equal(0x58, _rig.Status);
        Assert.Equal(Sectors(10, 6), (byte[])[.. first, .. _rig.PioIn(1024)]);
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void Chs_addresses_follow_the_geometry_set()
    {
        _rig.Command(0x91, count: 17); // then heads from the device register
        _rig.Write(6, 0xa3);
        _rig.Write(2, 17);
        _rig.Write(7, 0x91); // 4 heads, 17 sectors
        _rig.Write(6, 0xa1);
        _rig.Write(2, 1);
        _rig.Write(3, 3);
        _rig.Write(4, 2);
        _rig.Write(5, 0);
        _rig.Write(7, 0x20);
        Assert.Equal(Sectors((((2 * 4) + 1) * 17) + 2, 1), _rig.PioIn(512));
        _rig.Write(3, 0); // sectors count from 1
        _rig.Write(7, 0x20);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal(0x10, _rig.Read(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dma_reads_into_a_list_of_regions(bool startFirst)
    {
        _rig.Regions((IdeRig.Data, 1000), (IdeRig.Data + 0x8000, 536), (IdeRig.Data + 0x10000, 512));
        if (startFirst)
        {
            _rig.BusMaster(0, 9);
            Assert.Equal(1, _rig.BusMaster(2) & 7);
        }

        _rig.Command(0xc8, lba: 100, count: 4);
        if (!startFirst)
        {
            Assert.False(_rig.Irq14);
            _rig.BusMaster(0, 9);
        }

        Assert.True(_rig.Irq14);
        Assert.Equal(4, _rig.BusMaster(2) & 7);
        _rig.BusMaster(0, 0);
        Assert.Equal(0x50, _rig.Status);
        byte[] read = [.. _rig.Pci.Read(IdeRig.Data, 1000), .. _rig.Pci.Read(IdeRig.Data + 0x8000, 536), .. _rig.Pci.Read(IdeRig.Data + 0x10000, 512)];
        Assert.Equal(Sectors(100, 4), read);
        _rig.BusMaster(2, 4);
        Assert.Equal(0, _rig.BusMaster(2) & 7);
    }

    [Fact]
    public void Dma_writes_large_transfers_with_48_bit_addresses()
    {
        byte[] data = Pattern(300 * 512);
        _rig.Pci.Write(IdeRig.Data, data);
        _rig.Regions((IdeRig.Data, 65536), (IdeRig.Data + 65536, 65536), (IdeRig.Data + 131072, data.Length - 131072));
        _rig.CommandExt(0x35, 1000, 300);
        _rig.BusMaster(0, 1);
        Assert.True(_rig.Irq14);
        Assert.Equal(data, Sectors(1000, 300));
        _rig.Command(0xe7);
        Assert.Equal(1, _disk.FlushCount);
    }

    [Theory]
    [InlineData("outside")]
    [InlineData("endless")]
    [InlineData("table outside")]
    [InlineData("no bus master")]
    public void A_bad_region_list_ends_with_the_error_bit_and_an_interrupt(string fault)
    {
        _rig.Regions((fault == "outside" ? 0x4000_0000ul : IdeRig.Data, 512));
        if (fault == "endless")
        {
            byte[] table = new byte[65536 + 8];
            for (int i = 0; i < table.Length; i += 8)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(i), (uint)IdeRig.Data);
                table[i + 4] = 2;
            }

            _rig.Pci.Write(0x100000, table);
            _rig.BusMaster(4, 0x100000, 4);
        }
        else if (fault == "table outside")
        {
            _rig.BusMaster(4, 0x4000_0000, 4);
        }
        else if (fault == "no bus master")
        {
            _rig.Config(4, 0x83, 2);
        }

        _rig.Command(0xc8, lba: 0, count: 64);
        _rig.BusMaster(0, 9);
        Assert.True(_rig.Irq14);
        Assert.Equal(6, _rig.BusMaster(2) & 7);
        Assert.Equal(0x51, _rig.Status);
        Assert.NotEqual(0, _rig.Pci.Tracer.GuestErrorCount);
        _rig.Command(0x20, count: 1);
        Assert.Equal(0x58, _rig.Status);
    }

    [Fact]
    public void A_short_region_list_stops_the_engine_without_an_interrupt()
    {
        _rig.Regions((IdeRig.Data, 512));
        _rig.Command(0xc8, count: 2);
        _rig.BusMaster(0, 9);
        Assert.False(_rig.Irq14);
        Assert.Equal(0, _rig.BusMaster(2) & 7);
        Assert.Equal(0x58, _rig.Status);
    }

    [Theory]
    [InlineData(0x20, 4096u)]
    [InlineData(0x20, 0xffff_fffu)]
    [InlineData(0x30, 4096u)]
    [InlineData(0xc8, 4095u)]
    [InlineData(0x40, 4096u)]
    [InlineData(0x70, 4096u)]
    public void Addresses_past_the_end_are_not_found(byte command, uint lba)
    {
        _rig.Command(command, lba, count: 2);
        Assert.True(_rig.Irq14);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal(0x10, _rig.Read(1));
    }

    [Theory]
    [InlineData(0x00)] // NOP
    [InlineData(0xb0)] // SMART
    [InlineData(0xa0)] // PACKET
    [InlineData(0xff)]
    public void Commands_a_disk_does_not_have_abort(byte command)
    {
        _rig.Command(command);
        Assert.True(_rig.Irq14);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal(4, _rig.Read(1));
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x40)]
    [InlineData(0x70)]
    [InlineData(0xe0)]
    [InlineData(0xe1)]
    [InlineData(0xe5)]
    [InlineData(0xea)]
    [InlineData(0xf8)]
    public void Commands_without_data_complete_with_an_interrupt(byte command)
    {
        _rig.Command(command, lba: 1, count: 1);
        Assert.True(_rig.Irq14);
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void Native_maximum_is_the_last_sector()
    {
        _rig.Command(0xf8);
        Assert.Equal(4095, _rig.Read(3) | (_rig.Read(4) << 8) | (_rig.Read(5) << 16));
        _rig.CommandExt(0x27, 0, 0);
        Assert.Equal(4095, _rig.Read(3) | (_rig.Read(4) << 8));
        _rig.Control(0x80);
        Assert.Equal(0, _rig.Read(3));
    }

    [Fact]
    public void Transfer_modes_are_accepted_up_to_the_fastest()
    {
        foreach ((byte mode, byte status) in new (byte, byte)[] { (0x0c, 0x50), (0x22, 0x50), (0x44, 0x50), (0x47, 0x51), (0x0d, 0x51), (0x11, 0x51) })
        {
            _rig.Command(0xef, count: mode, features: 3);
            Assert.Equal(status, _rig.Status);
        }

        _rig.Command(0xec);
        Assert.Equal(0x103f | 0, BinaryPrimitives.ReadUInt16LittleEndian(_rig.PioIn(512).AsSpan(176)));
    }

    [Fact]
    public void A_broken_disk_reports_uncorrectable_data_and_failed_flushes()
    {
        _disk.IsBroken = true;
        _rig.Command(0x20, lba: 9, count: 1);
        Assert.Equal(0x51, _rig.Status);
        Assert.Equal(0x40, _rig.Read(1));
        Assert.Equal(9, _rig.Read(3));
        _rig.Command(0xe7);
        Assert.Equal(0x71, _rig.Status);
        _rig.Command(0x30, count: 1);
        _rig.PioOut(new byte[512]);
        Assert.Equal(0x51, _rig.Status);
    }

    [Fact]
    public void Without_its_cache_a_write_is_durable_when_it_completes()
    {
        _rig.Command(0xef, features: 0x82);
        int before = _disk.FlushCount;
        _rig.Command(0x30, count: 1);
        _rig.PioOut(new byte[512]);
        Assert.Equal(before + 1, _disk.FlushCount);
    }

    [Fact]
    public void A_read_only_disk_aborts_writes()
    {
        using IdeRig rig = new();
        rig.Controller.Primary.Attach(0, new AtaDisk(new MemoryDisk(new byte[1024], isReadOnly: true)));
        rig.Command(0x30, count: 1);
        Assert.Equal(0x51, rig.Status);
        Assert.Equal(4, rig.Read(1));
    }

    [Fact]
    public void Soft_reset_ends_a_transfer_and_leaves_the_signature()
    {
        _rig.Command(0x20, count: 4);
        _rig.Control(4);
        Assert.Equal(0x80, _rig.AlternateStatus);
        _rig.Control(0);
        Assert.Equal(0x50, _rig.AlternateStatus);
        Assert.False(_rig.Irq14);
        Assert.Equal([1, 1, 1, 0, 0], [_rig.Read(1), _rig.Read(2), _rig.Read(3), _rig.Read(4), _rig.Read(5)]);
        _rig.Command(0x90);
        Assert.True(_rig.Irq14);
        Assert.Equal(1, _rig.Read(1));
    }

    [Fact]
    public void Interrupts_can_be_switched_off_and_come_back()
    {
        _rig.Control(2);
        _rig.Command(0xec);
        Assert.False(_rig.Irq14);
        _rig.Control(0);
        Assert.True(_rig.Irq14);
        _ = _rig.AlternateStatus;
        Assert.True(_rig.Irq14);
    }

    [Fact]
    public void A_missing_second_drive_has_status_zero_and_an_empty_channel_floats()
    {
        _rig.Write(6, 0xb0);
        Assert.Equal(0, _rig.Status);
        _rig.Write(7, 0xec);
        Assert.Equal(0, _rig.Status);
        Assert.False(_rig.Irq14);
        _rig.Pci.Bus.Io.Write(0x172, 0x55, 1);
        Assert.Equal(0x7ful, _rig.Pci.Bus.Io.Read(0x172, 1));
        Assert.Equal(0x7ful, _rig.Pci.Bus.Io.Read(0x177, 1));
        Assert.Equal(0x7ful, _rig.Pci.Bus.Io.Read(0x376, 1));
    }

    [Fact]
    public void Two_drives_are_told_apart_and_the_second_channel_has_its_own_line()
    {
        using IdeRig rig = new();
        byte[] other = new byte[1024];
        other[0] = 0x77;
        rig.Controller.Primary.Attach(0, new AtaDisk(new MemoryDisk(new byte[1024])));
        rig.Controller.Primary.Attach(1, new AtaDisk(new MemoryDisk(other)));
        rig.Controller.Secondary.Attach(0, new AtaDisk(new MemoryDisk(new byte[1024])));
        rig.Command(0x20, count: 1, device: 1);
        Assert.Equal(0x77, rig.PioIn(512)[0]);
        rig.Command(0x20, count: 1, device: 0);
        Assert.Equal(0, rig.PioIn(512)[0]);
        Assert.False(rig.Irq15);
        rig.Pci.Bus.Io.Write(0x177, 0xec, 1);
        Assert.True(rig.Irq15);
        Assert.Throws<ArgumentException>(() => rig.Controller.Primary.Attach(0, new AtaDisk(new MemoryDisk(new byte[512]))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Native_mode_answers_at_the_bars_and_interrupts_where_the_board_says(bool pin)
    {
        using IdeRig rig = new(native: true, nativeUsesPciPin: pin);
        rig.Controller.Primary.Attach(0, new AtaDisk(new MemoryDisk(new byte[1024])));
        rig.Command(0xec);
        Assert.Equal(!pin, rig.Irq14);
        Assert.Equal(pin, rig.Pci.InterruptLevel);
        Assert.Equal(0x58, rig.AlternateStatus);
        Assert.Equal(0xfful, rig.Pci.Bus.Io.Read(0x1f7, 1));

        // Linux: back to legacy class, ports still at the BARs.
        rig.Config(0x09, rig.Pci.Bus.ReadConfig(IdeRig.DevFn, 0x09, 1) & ~5u, 1);
        Assert.Equal(0x8au, rig.Pci.Bus.ReadConfig(IdeRig.DevFn, 0x09, 1));
        Assert.True(rig.Irq14);
        Assert.False(rig.Pci.InterruptLevel);
        Assert.Equal(0x58, rig.AlternateStatus);
        Assert.Equal(0x58ul, rig.Pci.Bus.Io.Read(0x1f7, 1));
    }

    [Fact]
    public void A_disabled_channel_does_not_answer()
    {
        _rig.Config(0x40, 0x09, 1);
        Assert.Equal(0xff, _rig.Status);
        _rig.Write(7, 0xec);
        _rig.Config(0x40, 0x0b, 1);
        Assert.Equal(0x50, _rig.Status);
    }

    [Fact]
    public void State_survives_save_and_load_in_the_middle_of_a_transfer()
    {
        _rig.Command(0x20, lba: 3, count: 2);
        _rig.PioIn(100);
        using IdeRig copy = new(native: true);
        copy.Controller.Primary.Attach(0, new AtaDisk(_disk));
        FieldList.Copy(_rig.Controller, copy.Controller);
        Assert.Equal(FieldList.Hash(_rig.Controller), FieldList.Hash(copy.Controller));
        byte[] rest = new byte[924];
        for (int i = 0; i < rest.Length; i += 2)
        {
            ulong value = copy.Pci.Bus.Io.Read(0x1f0, 2);
            rest[i] = (byte)value;
            rest[i + 1] = (byte)(value >> 8);
        }

        Assert.Equal(Sectors(3, 2)[100..], rest);
        copy.Pci.Bus.Reset();
        Assert.NotEqual(FieldList.Hash(_rig.Controller), FieldList.Hash(copy.Controller));
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 11) ^ (i >> 7)))];

    private byte[] Sectors(int lba, int count) => _image[(lba * 512)..((lba + count) * 512)];
}
