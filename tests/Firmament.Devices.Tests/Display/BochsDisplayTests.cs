using Firmament.Core.Interrupts;
using Firmament.Core.Io;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Devices.Display;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Display;

/// <summary>The display card by its registers, as docs/specs/standard-vga of QEMU has them.</summary>
public sealed class BochsDisplayTests : IDisposable
{
    private const ulong Memory = 0x8000_0000;
    private const ulong Registers = 0x9000_0000;

    private readonly PciBus _bus = new("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, new Tracer());
    private readonly BochsDisplay _card = new("display0", BochsDisplayKind.Vga, new Tracer());

    public BochsDisplayTests()
    {
        _bus.Place(_card, 3);
        Enable(_card);
    }

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData(BochsDisplayKind.Vga, 0x0300_0002u)]
    [InlineData(BochsDisplayKind.SecondaryVga, 0x0380_0002u)]
    [InlineData(BochsDisplayKind.BochsDisplay, 0x0380_0002u)]
    public void The_header_is_QEMU_s(BochsDisplayKind kind, uint classAndRevision)
    {
        using BochsDisplay card = new("d", kind, new Tracer(), 32 << 20);
        Assert.Equal((0x1111_1234u, classAndRevision, 0x1100_1af4u), (card.ReadConfig(0, 4), card.ReadConfig(8, 4), card.ReadConfig(0x2c, 4)));
        Assert.Equal((32u << 20, 4096u), (card.Bars[0]!.Size, card.Bars[2]!.Size));
        Assert.Equal(0, card.InterruptPin);
    }

    [Fact]
    public void Every_register_resets_to_its_declared_value()
    {
        foreach (Register<BochsDisplay> row in BochsDisplay.RegisterRows)
        {
            _bus.Memory.Write(Registers + row.Offset, 0x1e1e_1e1e, row.Offset >= 0x600 ? 4 : 2);
        }

        _card.Reset();
        Enable(_card);
        foreach (Register<BochsDisplay> row in BochsDisplay.RegisterRows.Where(static row => row.Name != "BYTE_ORDER"))
        {
            Assert.Equal(row.Reset, (uint)_bus.Memory.Read(Registers + row.Offset, row.Offset >= 0x600 ? 4 : 2));
        }

        Assert.Equal(0xbebe_bebeu, (uint)_bus.Memory.Read(Registers + 0x604, 4));
    }

    [Fact]
    public void Bytes_halves_and_words_of_registers_agree()
    {
        Dispi(1, 0x280);
        Dispi(2, 0x1e0);
        Assert.Equal(0x01e0_0280u, (uint)_bus.Memory.Read(Registers + 0x502, 4));
        Assert.Equal(0x02u, (uint)_bus.Memory.Read(Registers + 0x503, 1));
        _bus.Memory.Write(Registers + 0x505, 2, 1);
        Assert.Equal(0x2e0u, (uint)_bus.Memory.Read(Registers + 0x504, 2));
        _bus.Memory.Write(Registers + 0x502, 0x0258_0320, 4);
        Assert.Equal((800u, 600u), (Dispi(1), Dispi(2)));
    }

    [Fact]
    public void Limits_are_told_when_asked_for_and_impossible_values_are_refused()
    {
        Dispi(4, 2);
        Assert.Equal((16000u, 12000u, 32u), (Dispi(1), Dispi(2), Dispi(3)));
        Dispi(4, 0);
        Dispi(1, 16008);
        Dispi(2, 12001);
        Dispi(3, 7);
        Dispi(0, 0x1234);
        Assert.Equal((0u, 0u, 0u, 0xb0c5u), (Dispi(1), Dispi(2), Dispi(3), Dispi(0)));
        Assert.Equal(256u, Dispi(10));
    }

    [Theory]
    [InlineData(0x1e1e_1e1e, 32, new byte[] { 0x33, 0x22, 0x11, 0 })]
    [InlineData(0xbebe_bebe, 32, new byte[] { 0, 0x11, 0x22, 0x33 })]
    [InlineData(0x1e1e_1e1e, 24, new byte[] { 0x33, 0x22, 0x11 })]
    [InlineData(0xbebe_bebe, 24, new byte[] { 0x11, 0x22, 0x33 })]
    public void True_colour_pixels_are_shown_in_the_chosen_order_of_bytes(uint order, int bits, byte[] pixel)
    {
        _bus.Memory.Write(Registers + 0x604, order, 4);
        SetMode(64, 32, bits);
        for (int i = 0; i < pixel.Length; i++)
        {
            _bus.Memory.Write(Memory + (ulong)((((3 * 64) + 5) * (bits / 8)) + i), pixel[i], 1);
        }

        DisplayPicture picture = _card.Picture()!;
        Assert.Equal((64, 32), (picture.Width, picture.Height));
        Assert.Equal((0x112233, 0), (picture[5, 3], picture[4, 3]));
    }

    [Theory]
    [InlineData(15, 0x7c1fu, 0xff00ff)]
    [InlineData(16, 0xf81fu, 0xff00ff)]
    [InlineData(16, 0x07e0u, 0x00ff00)]
    public void Pixels_of_15_and_16_bits_are_widened(int bits, uint value, int color)
    {
        _bus.Memory.Write(Registers + 0x604, 0x1e1e_1e1e, 4);
        SetMode(64, 32, bits);
        _bus.Memory.Write(Memory, value, 2);
        Assert.Equal(color, _card.Picture()![0, 0]);
    }

    [Theory]
    [InlineData(0x41, 0xffaa00)]
    [InlineData(0x61, 0x3f2a00)]
    public void The_palette_has_six_bits_or_eight(int enable, int color)
    {
        SetMode(64, 32, 8, (ushort)enable);
        Port(0x3c8, 7);
        Port(0x3c9, 0x3f);
        Port(0x3c9, 0x2a);
        Port(0x3c9, 0);
        _bus.Memory.Write(Memory, 7, 1);
        Assert.Equal(color, _card.Picture()![0, 0]);
        Port(0x3c7, 7);
        Assert.Equal((0x3fu, 0x2au, 0u), (Port(0x3c9), Port(0x3c9), Port(0x3c9)));
    }

    [Fact]
    public void The_attribute_controller_darkens_the_screen_and_its_status_port_makes_it_expect_an_index()
    {
        SetMode(64, 32, 8);
        Assert.NotNull(_card.Picture());
        _ = Port(0x3da);
        Port(0x3c0, 0);
        Assert.Null(_card.Picture());
        _ = Port(0x3da);
        Port(0x3c0, 0x20);
        Assert.NotNull(_card.Picture());
    }

    [Fact]
    public void Turning_a_mode_on_clears_the_memory_unless_asked_not_to()
    {
        _bus.Memory.Write(Memory + 0xff_fff8, 0x0102_0304_0506_0708, 8);
        SetMode(64, 32, 8, 0x81);
        Assert.Equal(0x0102_0304_0506_0708ul, _bus.Memory.Read(Memory + 0xff_fff8, 8));
        SetMode(64, 32, 8);
        Assert.Equal(0ul, _bus.Memory.Read(Memory + 0xff_fff8, 8));
    }

    [Fact]
    public void Offsets_pan_over_a_wider_picture_and_memory_s_end_bounds_it()
    {
        SetMode(64, 32, 8);
        Dispi(6, 128);
        Dispi(8, 16);
        Dispi(9, 2);
        Port(0x3c8, 1);
        Port(0x3c9, 0x3f);
        Port(0x3c9, 0);
        Port(0x3c9, 0);
        _bus.Memory.Write(Memory + (2 * 128) + 16, 1, 1);
        Assert.Equal(0xff0000, _card.Picture()![0, 0]);
        Dispi(9, 0xffff);
        Dispi(8, 0xffff);
        Assert.Equal(0, _card.Picture()![63, 31]);
        SetMode(16000, 12000, 32);
        Assert.Equal(262, _card.Picture()!.Height);
    }

    [Fact]
    public void The_EDID_block_adds_up_to_zero_and_names_the_preferred_mode()
    {
        byte[] edid = [.. Enumerable.Range(0, 128).Select(i => (byte)_bus.Memory.Read(Registers + (ulong)i, 1))];
        Assert.Equal(0, edid.Sum(static b => b) & 0xff);
        Assert.Equal([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], edid[..8]);
        Assert.Equal((1280, 800), (edid[56] | ((edid[58] & 0xf0) << 4), edid[59] | ((edid[61] & 0xf0) << 4)));
        _bus.Memory.Write(Registers, 0x55, 1);
        Assert.Equal(0ul, _bus.Memory.Read(Registers, 1));
    }

    [Fact]
    public void A_used_card_saves_and_loads()
    {
        SetMode(64, 32, 8);
        Port(0x3c8, 7);
        Port(0x3c9, 0x3f);
        _bus.Memory.Write(Memory + 100, 0x1234_5678, 4);
        using BochsDisplay fresh = new("display0", BochsDisplayKind.Vga, new Tracer());
        PciBus bus = new("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, new Tracer());
        bus.Place(fresh, 3);

        // The visitor of these tests leaves memory out.
        Enable(fresh);
        bus.Memory.Write(Memory + 100, 0x1234_5678, 4);
        SavedState.AssertRoundTrip([_card], [fresh]);
        Assert.Equal(_card.Picture()!.Pixels, fresh.Picture()!.Pixels);
    }

    [Fact]
    public void An_expansion_rom_answers_only_while_both_enable_bits_are_set()
    {
        _card.PlugRom(new byte[] { 1, 2, 3, 4, 5 });
        _card.WriteConfig(0x30, uint.MaxValue, 4);
        Assert.Equal(0xffff_f801u, _card.ReadConfig(0x30, 4));
        _card.WriteConfig(0x30, 0xa000_0000, 4);
        Assert.Equal(uint.MaxValue, (uint)_bus.Memory.Read(0xa000_0000, 4));
        _card.WriteConfig(0x30, 0xa000_0001, 4);
        Assert.Equal(0x0403_0201u, (uint)_bus.Memory.Read(0xa000_0000, 4));
        Assert.Equal(0xffff_ff05u, (uint)_bus.Memory.Read(0xa000_0004, 4));
        _bus.Memory.Write(0xa000_0000, 9, 1);
        Assert.Equal(1ul, _bus.Memory.Read(0xa000_0000, 1));
        _card.WriteConfig(4, 0, 2);
        Assert.Equal(uint.MaxValue, (uint)_bus.Memory.Read(0xa000_0000, 4));
        _card.Reset();
        Assert.Equal(0u, _card.ReadConfig(0x30, 4));
    }

    private static void Enable(BochsDisplay card)
    {
        card.WriteConfig(0x10, (uint)Memory, 4);
        card.WriteConfig(0x18, (uint)Registers, 4);
        card.WriteConfig(4, 2, 2);
    }

    private void SetMode(int width, int height, int bits, ushort enable = 0x41)
    {
        Dispi(4, 0);
        Dispi(1, (ushort)width);
        Dispi(2, (ushort)height);
        Dispi(3, (ushort)bits);
        Dispi(4, enable);
    }

    private void Dispi(uint register, ushort value) => _bus.Memory.Write(Registers + 0x500 + (2 * register), value, 2);

    private uint Dispi(uint register) => (uint)_bus.Memory.Read(Registers + 0x500 + (2 * register), 2);

    private void Port(uint port, byte value) => _bus.Memory.Write(Registers + 0x400 + port - 0x3c0, value, 1);

    private uint Port(uint port) => (uint)_bus.Memory.Read(Registers + 0x400 + port - 0x3c0, 1);
}
