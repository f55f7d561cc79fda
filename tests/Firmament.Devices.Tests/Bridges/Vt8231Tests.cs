using System.Text;
using Firmament.Core.Interrupts;
using Firmament.Devices.Bridges;
using Firmament.Devices.Buses;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Bridges;

public sealed class Vt8231Tests : IDisposable
{
    private readonly Board _board = new();

    public void Dispose() => _board.Dispose();

    [Theory]
    [InlineData(0, 0x8231, 0x060100)]
    [InlineData(2, 0x3038, 0x0c0300)]
    [InlineData(3, 0x3038, 0x0c0300)]
    [InlineData(4, 0x8235, 0x068000)]
    [InlineData(5, 0x3058, 0x040100)]
    [InlineData(6, 0x3068, 0x078000)]
    public void Functions_are_where_the_board_has_them(int function, int device, int classCode)
    {
        PciFunction found = _board.Bridge.Pci1[12, function]!;
        Assert.Equal(((uint)device << 16) | 0x1106, found.ReadConfig(0, 4));
        Assert.Equal((uint)classCode, found.ReadConfig(8, 4) >> 8);
    }

    [Fact]
    public void Function_1_is_left_for_ide_and_function_0_says_that_there_are_several()
    {
        Assert.Null(_board.Bridge.Pci1[12, 1]);
        Assert.Equal(0x80u, _board.South.ReadConfig(0x0e, 1));
        Assert.Equal(0x0087u, _board.South.ReadConfig(0x04, 2));
    }

    [Fact]
    public void At_power_on_neither_superio_nor_uart_answers()
    {
        Assert.Equal(0xff, _board.In(0x3f0));
        Assert.Equal(0xff, _board.In(0x2fd));
        _board.South.WriteConfig(0x50, 4, 1);
        _board.Out(0x3f0, 0xf0);
        Assert.Equal(0x3c, _board.In(0x3f1));
        _board.Out(0x3f1, 0x00);
        Assert.Equal(0x3c, _board.In(0x3f1));
        _board.Out(0x3f0, 0xf2);
        Assert.Equal(0x03, _board.In(0x3f1));
    }

    [Fact]
    public void The_firmware_s_writes_put_the_devices_at_their_ports()
    {
        _board.Configure();
        Assert.Equal(0x60, _board.In(0x2fd));
        Assert.Equal(0x7f, _board.In(0x3bd));
        Assert.Equal(0x40, _board.In(0x3f0)); // the floppy's status register A, no longer the SuperIO's index
        foreach (byte b in "ok"u8)
        {
            _board.Out(0x2f8, b);
        }

        Assert.Equal("ok", Encoding.ASCII.GetString([.. _board.Bench.Output]));
    }

    [Fact]
    public void The_uart_moves_with_its_base_register()
    {
        _board.Configure();
        _board.South.WriteConfig(0x50, 6, 1);
        _board.Out(0x3f0, 0xf4);
        _board.Out(0x3f1, 0xfe);
        Assert.Equal(0x60, _board.In(0x3fd));
        Assert.Equal(0xff, _board.In(0x2fd));
    }

    [Fact]
    public void Each_isa_interrupt_reaches_the_cpu_with_its_number()
    {
        _board.Configure();
        foreach (int irq in (int[])[0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
        {
            InterruptLine line = _board.South.Isa.ConnectIrq(irq, "test");
            line.Raise();
            Assert.Equal((uint)irq, _board.Register(0xcb4));
            line.Lower();
            _board.Out(0xa0, 0x20);
            _board.Out(0x20, 0x20);
        }
    }

    [Fact]
    public void Pirqs_go_where_the_routing_registers_say()
    {
        _board.Configure();
        _board.South.WriteConfig(0x55, 0xa0, 1);
        _board.South.WriteConfig(0x56, 0x5b, 1);
        _board.South.WriteConfig(0x57, 0x00, 1);
        uint[] expected = [10, 11, 5];
        for (int pin = 0; pin < 3; pin++)
        {
            _board.South.PirqInput(pin).Raise();
            Assert.Equal(expected[pin], _board.Register(0xcb4));
            _board.South.PirqInput(pin).Lower();
            _board.Out(0xa0, 0x20);
            _board.Out(0x20, 0x20);
        }

        _board.South.PirqInput(3).Raise();
        Assert.False(_board.Cpu.Level);
        _board.South.WriteConfig(0x57, 0x70, 1);
        Assert.Equal(7u, _board.Register(0xcb4));
    }

    [Fact]
    public void Dma_and_page_registers_behave()
    {
        _board.Out(0x0c, 0);
        _board.Out(0x02, 0x34);
        _board.Out(0x02, 0x12);
        _board.Out(0x0c, 0);
        Assert.Equal(0x34, _board.In(0x02));
        Assert.Equal(0x12, _board.In(0x02));
        Assert.Equal(0xff, _board.In(0x0f));
        _board.Out(0x0e, 0);
        Assert.Equal(0xf0, _board.In(0x0f));
        _board.Out(0xd8, 0);
        _board.Out(0xc4, 0x78);
        _board.Out(0xd8, 0);
        Assert.Equal(0x78, _board.In(0xc4));
        _board.Out(0x87, 0x5a);
        Assert.Equal(0x5a, _board.In(0x87));
    }

    [Fact]
    public void Wide_accesses_to_byte_ports_are_split()
    {
        _board.Write(0xfe00_0080, 0x4433_2211);
        Assert.Equal(0x33, _board.In(0x82));
        Assert.Equal(0x4433_2211u, _board.Read(0xfe00_0080));
    }

    [Fact]
    public void Usb_resets_runs_counts_frames_and_reports_empty_ports()
    {
        _board.Configure();
        _board.Config1(2, 0x20, 0x1000, 4);
        Assert.Equal(0x0020u, _board.Read(0xfe00_1002, 2));
        Assert.Equal(0x0080u, _board.Read(0xfe00_1010, 2));
        _board.Write(0xfe00_1000, 2, 2);
        Assert.Equal(0u, _board.Read(0xfe00_1000, 2));
        _board.Write(0xfe00_1008, 0x0012_3000);
        Assert.Equal(0x0012_3000u, _board.Read(0xfe00_1008));
        _board.Write(0xfe00_1000, 0x81, 2);
        Assert.Equal(0u, _board.Read(0xfe00_1002, 2));
        _board.Bench.AdvanceMicroseconds(5_500);
        Assert.Equal(5u, _board.Read(0xfe00_1006, 2));
        _board.Write(0xfe00_1000, 0x80, 2);
        Assert.Equal(0x20u, _board.Read(0xfe00_1002, 2));
        _board.Write(0xfe00_1010, 0x0204, 2);
        Assert.Equal(0x0280u, _board.Read(0xfe00_1010, 2)); // in reset; cannot be enabled
    }

    [Fact]
    public void The_power_management_timer_runs_and_its_overflow_interrupts()
    {
        _board.Configure();
        _board.Config1(4, 0x42, 0x0a, 1);
        uint before = _board.Read(0xfe00_0f08);
        _board.Bench.AdvanceMicroseconds(1_000_000);
        Assert.InRange(_board.Read(0xfe00_0f08) - before, 3_579_540u, 3_579_550u);
        _board.Write(0xfe00_0f04, 1, 2);
        _board.Write(0xfe00_0f02, 1, 2);
        _board.Bench.AdvanceMicroseconds(2_400_000);
        Assert.Equal(1u, _board.Read(0xfe00_0f00, 2));
        Assert.Equal(10u, _board.Register(0xcb4));
        _board.Write(0xfe00_0f00, 1, 2);
        Assert.Equal(0u, _board.Read(0xfe00_0f00, 2));
    }

    [Fact]
    public void Soft_off_powers_off_and_other_sleep_types_do_not()
    {
        int offs = 0;
        _board.South.PowerManagement.PowerOff = () => offs++;
        _board.Configure();
        _board.Write(0xfe00_0f04, 0x2000, 2);
        Assert.Equal(0, offs);
        _board.Write(0xfe00_0f04, 0x2800, 2);
        Assert.Equal(1, offs);
        Assert.Equal(0x0800u, _board.Read(0xfe00_0f04, 2));
    }

    [Fact]
    public void The_smbus_reads_the_memory_module_s_description()
    {
        _board.Configure();
        Assert.Equal(0xff, _board.In(0xd00));
        _board.Config1(4, 0xd2, 1, 1);
        byte[] spd = [.. Enumerable.Range(0, 64).Select(i => ReadSmbus(0x57, (byte)i))];
        Assert.Equal(7, spd[2]);
        Assert.Equal((byte)spd.Take(63).Sum(static b => b), spd[63]);
        long bytes = (1L << (spd[3] + spd[4])) * spd[17] * (spd[6] / 8) * spd[5];
        Assert.Equal(512 << 20, bytes);
        _board.Out(0xd00, 0x1e);
        _board.Out(0xd04, 0x50 << 1);
        _board.Out(0xd02, 0x48);
        Assert.Equal(0x04, _board.In(0xd00));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(300, 256)]
    [InlineData(1024, 1024)]
    [InlineData(2048, 2048)]
    public void The_memory_module_is_no_larger_than_memory(int mebibytes, int expected)
    {
        byte[] spd = SpdEeprom.Create((ulong)mebibytes << 20);
        long bytes = (1L << (spd[3] + spd[4])) * spd[17] * 8 * spd[5];
        Assert.Equal((long)expected << 20, bytes);
    }

    [Fact]
    public void The_floppy_controller_identifies_itself_and_says_that_no_drive_answers()
    {
        _board.Configure();
        _board.Out(0x3f2, 0x0c);
        Assert.Equal(6u, _board.Register(0xcb4));
        for (int drive = 0; drive < 4; drive++)
        {
            Assert.Equal([(byte)(0xc0 | drive), 0], Floppy([0x08], 2));
        }

        Assert.Equal([0x80], Floppy([0x08], 1));
        Assert.Equal([0x90], Floppy([0x10], 1));
        Floppy([0x03, 0xdf, 0x02], 0);
        Floppy([0x07, 0x00], 0);
        Assert.Equal([0x70, 0x00], Floppy([0x08], 2));
        Assert.Equal([0x40, 0x01, 0x00, 0, 0, 1, 2], Floppy([0xe6, 0, 0, 0, 1, 2, 18, 0x1b, 0xff], 7));
        Assert.Equal([0x80], Floppy([0x1f], 1));
        Assert.Equal(0x80, _board.In(0x3f4));
    }

    [Fact]
    public void Audio_answers_and_no_codec_becomes_ready()
    {
        _board.Config1(5, 0x10, 0x2000, 4);
        _board.Config1(5, 0x04, 1, 2);
        _board.Write(0xfe00_2080, 0x0180_0000);
        Assert.Equal(0u, _board.Read(0xfe00_2080) & 0x0b00_0000);
        _board.Write(0xfe00_2001, 0x80, 1);
        Assert.Equal(0u, _board.Read(0xfe00_2000) & 0xff);
        Assert.Equal(0u, _board.Bridge.Pci1.ReadConfig((12 << 3) | 5, 0x40, 1));
    }

    [Fact]
    public void Reset_requests_come_from_port_92_and_the_keyboard_controller()
    {
        int resets = 0;
        _board.South.SystemReset = () => resets++;
        _board.Out(0x92, 0x01);
        _board.Out(0x64, 0xfe);
        Assert.Equal(2, resets);
    }

    [Fact]
    public void Every_port_and_configuration_byte_can_be_written_without_harm()
    {
        _board.Configure();
        for (int pass = 0; pass < 2; pass++)
        {
            for (uint port = 0; port < 0x1000; port++)
            {
                _board.Out(port, (byte)(pass == 0 ? 0xff : port));
                _board.In(port);
            }

            for (int function = 0; function < 7; function++)
            {
                for (int offset = 0; offset < 256; offset += 4)
                {
                    _board.Config1(function, offset, pass == 0 ? uint.MaxValue : 0x5a5a_5a5a, 4);
                }
            }

            _board.Bench.AdvanceMicroseconds(10_000);
        }
    }

    private byte[] Floppy(byte[] command, int results)
    {
        foreach (byte b in command)
        {
            _board.Out(0x3f5, b);
        }

        return [.. Enumerable.Range(0, results).Select(_ => _board.In(0x3f5))];
    }

    private byte ReadSmbus(byte address, byte at)
    {
        _board.Out(0xd00, 0x1e);
        _board.Out(0xd04, (byte)((address << 1) | 1));
        _board.Out(0xd03, at);
        _board.Out(0xd02, 0x48);
        Assert.Equal(0x02, _board.In(0xd00));
        return _board.In(0xd05);
    }
}
