using Firmament.Core.Interrupts;
using Firmament.Core.Io;
using Firmament.Core.Memory;
using Firmament.Devices.Bridges;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Bridges;

public sealed class Mv64361Tests : IDisposable
{
    private readonly Board _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void Registers_have_their_reset_values()
    {
        foreach (Register<Mv64361> register in Mv64361.Registers)
        {
            if (register.Access != Access.WriteOnly && register.Read == null)
            {
                Assert.Equal(register.Reset, (uint)_board.Bridge.Read(register.Offset, 4));
            }
        }

        Assert.Equal(0x000f_bfffu, _board.Register(0x278));
        Assert.Equal(0x0280_00ffu, _board.Register(0x000));
        Assert.Equal(0x0100_f100u, _board.Register(0x068));
    }

    [Fact]
    public void Every_offset_can_be_read_and_written_without_harm()
    {
        for (uint offset = 0; offset < 0x10000; offset += 4)
        {
            _board.Bridge.Write(offset, 0xffff_ffff, 4);
            _board.Bridge.Write(offset + 1, 0x5a, 1);
            _board.Bridge.Read(offset, 8);
            _board.Bridge.Read(offset + 2, 2);
        }

        for (uint offset = 0x10000 - 4; offset != uint.MaxValue - 3; offset -= 4)
        {
            _board.Bridge.Write(offset, 0, 4);
        }
    }

    [Fact]
    public void At_power_on_only_pci1_io_and_the_registers_are_open()
    {
        Assert.Equal(["mv64361", "pci1-io"], _board.Map.Regions.Select(static region => region.Name.Split('@')[0]));
        MemoryRegion io = _board.Map.Regions.Single(static region => region.Name.StartsWith("pci1-io", StringComparison.Ordinal));
        Assert.Equal(0xfe00_0000u, io.Start);
    }

    [Fact]
    public void The_firmware_s_value_opens_the_board_s_windows()
    {
        _board.Configure();
        (string Name, ulong Start, ulong Length)[] expected =
        [
            ("mv64361", 0xf100_0000, 0x1_0000), ("pci0-io", 0xf800_0000, 0x100_0000), ("pci0-mem0", 0xc000_0000, 0x2000_0000),
            ("pci0-mem1", 0xf900_0000, 0x100_0000), ("pci1-io", 0xfe00_0000, 0x100_0000), ("pci1-mem0", 0x8000_0000, 0x4000_0000),
            ("pci1-mem1", 0xfd00_0000, 0x100_0000), ("pci1-mem3", 0xff80_0000, 0x80_0000),
        ];
        Assert.Equal(expected, _board.Map.Regions.Select(static region => (region.Name.Split('@')[0], region.Start, region.Length)).Order());
    }

    [Fact]
    public void Windows_reach_cards_at_their_bus_addresses()
    {
        _board.Configure();
        TestCard card = _board.Bridge.Pci1.Place(new TestCard(), 1);
        card.WriteConfig(0x10, 0x8123_4000, 4);
        card.WriteConfig(0x14, 0x1000, 4);
        card.WriteConfig(0x04, 3, 2);
        Assert.Equal(0x10u, _board.Read(0x8123_4010));
        Assert.Equal(0x8u, _board.Read(0xfe00_1008));
        _board.Write(0x8123_4000, 0x1122_3344);
        Assert.Equal(0x1122_3344u, card.LastWrite);
        card.WriteConfig(0x10, 0x000a_0000, 4); // ISA memory through window 1, bus address 0 upwards
        Assert.Equal(0x20u, _board.Read(0xfd0a_0020));
    }

    [Fact]
    public void A_base_write_moves_the_window_and_its_remap_unless_bit_27_says_not()
    {
        _board.Configure();
        _board.Register(0x0b0, 0x0100_b000);
        Assert.Equal(0xb000u, _board.Register(0x118));
        _board.Register(0x118, 0);
        _board.Register(0x000, 0x0a80_20ff);
        _board.Register(0x0b0, 0x0100_d000);
        Assert.Equal(0u, _board.Register(0x118));
        Assert.Contains(_board.Map.Regions, static region => region.Start == 0xd000_0000);
        _board.Register(0x278, 0x000b_31fc);
        Assert.DoesNotContain(_board.Map.Regions, static region => region.Start == 0xd000_0000);
    }

    [Fact]
    public void The_register_space_itself_can_be_moved()
    {
        _board.Register(0x068, 0x0100_f200);
        _board.Map.Read(new PhysicalAddress(0xf100_0000), 4, out bool answered);
        Assert.False(answered);
        Assert.Equal(0x0280_00ffu, _board.Read(0xf200_0000));
    }

    [Fact]
    public void Sram_opens_at_its_base_and_is_big_endian_memory()
    {
        _board.Register(0x268, 0xf200);
        _board.Register(0x278, 0x0002_31fc);
        Assert.True(_board.Map.Write(new PhysicalAddress(0xf202_0000), 0x1122_3344, 4));
        Assert.Equal(0x11u, _board.Map.Read(new PhysicalAddress(0xf202_0000), 1, out _));
        Assert.Equal(0x1122_3344u, _board.Map.Read(new PhysicalAddress(0xf202_0000), 4, out _));
    }

    [Fact]
    public void Configuration_ports_reach_both_buses_with_byte_lanes()
    {
        _board.Register(0xcf8, 0x8000_0000);
        Assert.Equal(0x6460_11abu, _board.Register(0xcfc));
        _board.Register(0xc78, 0x8000_6000);
        Assert.Equal(0x8231_1106u, _board.Register(0xc7c));
        Assert.Equal(0x8231u, _board.Read(0xf100_0c7e, 2));
        _board.Register(0xc78, 0x8000_603c);
        _board.Write(0xf100_0c7c, 9, 1);
        Assert.Equal(9u, _board.Read(0xf100_0c7c, 1));
    }

    [Fact]
    public void Absent_devices_and_other_buses_read_all_ones()
    {
        _board.Register(0xc78, 0x8000_f800);
        Assert.Equal(uint.MaxValue, _board.Register(0xc7c));
        _board.Register(0xc78, 0x8001_6000);
        Assert.Equal(0xffu, _board.Read(0xf100_0c7c, 1));
        _board.Register(0xc78, 0x0000_6000);
        Assert.Equal(uint.MaxValue, _board.Register(0xc7c));
    }

    [Fact]
    public void Gpp31_interrupts_the_cpu_through_the_high_mask_and_the_acknowledge_gives_the_vector()
    {
        _board.Configure();
        InterruptLine irq = _board.South.Isa.ConnectIrq(5, "test");
        irq.Raise();
        Assert.True(_board.Cpu.Level);
        Assert.Equal(0x0800_0000u, _board.Register(0x00c));
        Assert.Equal(0x4800_0000u, _board.Register(0x024));
        Assert.Equal(5u, _board.Register(0xcb4));
        Assert.False(_board.Cpu.Level);
        irq.Lower();
        Assert.Equal(7u, _board.Read(0xf100_0cb4, 1)); // spurious, though 5 is in service: 7 is the default vector
        Assert.Equal(0xffu, _board.Register(0xc34)); // nobody on PCI0
    }

    [Fact]
    public void The_cpu_line_is_the_or_of_all_unmasked_causes()
    {
        _board.Configure();
        _board.Register(0xf10c, 0x8000_0100);
        _board.Register(0x01c, 0x0a00_0000);
        InterruptLine irq = _board.South.Isa.ConnectIrq(5, "test");
        irq.Raise();
        _board.Bridge.GppInput(8).Raise();
        Assert.True(_board.Cpu.Level);
        irq.Lower();
        Assert.True(_board.Cpu.Level);
        _board.Bridge.GppInput(8).Lower();
        Assert.False(_board.Cpu.Level);
        irq.Raise();
        _board.Register(0x01c, 0);
        Assert.False(_board.Cpu.Level);
    }

    [Fact]
    public void Gpp_edge_mode_latches_until_cleared_and_mask_1_feeds_the_other_cpu()
    {
        InterruptLine other = new("cpu1", static _ => { });
        _board.Bridge.CpuInterrupt1 = other;
        _board.Register(0xf114, 0x0000_0004);
        _board.Register(0x034, 0x0100_0000);
        _board.Bridge.GppInput(2).Raise();
        _board.Bridge.GppInput(2).Lower();
        Assert.Equal(4u, _board.Register(0xf108));
        Assert.Equal(0x0100_0000u, _board.Register(0x004));
        Assert.True(other.Level);
        Assert.False(_board.Cpu.Level);
        _board.Register(0xf108, ~4u);
        Assert.False(other.Level);
    }

    [Fact]
    public void Gpp_outputs_follow_value_set_and_clear_and_polarity_inverts_inputs()
    {
        _board.Register(0xf100, 0x0000_00f0);
        _board.Register(0xf104, 0x0000_0010);
        _board.Register(0xf118, 0x0000_0040);
        _board.Register(0xf11c, 0x0000_0010);
        Assert.Equal(0x40u, _board.Register(0xf104));
        _board.Register(0xf110, 0x0000_0001);
        Assert.Equal(0x41u, _board.Register(0xf104));
        _board.Bridge.GppInput(0).Raise();
        Assert.Equal(0x40u, _board.Register(0xf104));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(0, 3, 3)]
    [InlineData(1, 4, 0)]
    public void A_card_s_interrupt_reaches_its_gpp_pin_and_irq_9(int bus, int device, int wire)
    {
        _board.Configure();
        TestCard card = (bus == 0 ? _board.Bridge.Pci0 : _board.Bridge.Pci1).Place(new TestCard(), device);
        card.Interrupt.Raise();
        Assert.Equal(1u << (12 + wire), _board.Register(0xf104) & 0xf000);
        Assert.True(_board.Cpu.Level);
        Assert.Equal(9u, _board.Register(0xcb4));
    }

    [Fact]
    public void Cards_on_both_buses_share_a_wire()
    {
        _board.Configure();
        _board.Out(0x4d1, 0x02);
        TestCard first = _board.Bridge.Pci0.Place(new TestCard(), 1);
        TestCard second = _board.Bridge.Pci1.Place(new TestCard(), 1);
        first.Interrupt.Raise();
        second.Interrupt.Raise();
        first.Interrupt.Lower();
        Assert.Equal(0x2000u, _board.Register(0xf104) & 0xf000);
        Assert.True(_board.Cpu.Level);
        second.Interrupt.Lower();
        Assert.False(_board.Cpu.Level);
    }

    [Fact]
    public void Timers_count_down_interrupt_and_reload()
    {
        _board.Register(0x014, 0x0000_0100);
        _board.Register(0x86c, 0x1);
        _board.Register(0x850, 133_333);
        _board.Register(0x864, 0x3);
        _board.Bench.AdvanceMicroseconds(500);
        Assert.InRange(_board.Register(0x850), 66_000u, 67_000u);
        Assert.False(_board.Cpu.Level);
        _board.Bench.AdvanceMicroseconds(501);
        Assert.True(_board.Cpu.Level);
        Assert.Equal(0x8000_0001u, _board.Register(0x868));
        _board.Register(0x868, 0);
        Assert.False(_board.Cpu.Level);
        _board.Bench.AdvanceMicroseconds(1001);
        Assert.True(_board.Cpu.Level);
    }

    [Fact]
    public void The_ethernet_management_interface_says_that_no_phy_is_there()
    {
        Assert.Equal(0x98u, _board.Register(0x2000));
        _board.Register(0x2004, 0x04e2_0000);
        Assert.Equal(0x0800_ffffu, _board.Register(0x2004));
        _board.Register(0x2410, 0x1234);
        Assert.Equal(0x1234u, _board.Register(0x2410));
        Assert.True(_board.Bench.Tracer.GuestErrorCount > 0);
    }

    [Fact]
    public void Reset_restores_the_map()
    {
        _board.Configure();
        _board.Bridge.Reset();
        Assert.Equal(2, _board.Map.Regions.Count);
        Assert.Equal(0u, _board.Register(0xf10c));
        Assert.False(_board.Cpu.Level);
    }

    [Fact]
    public void State_of_the_whole_board_survives_a_round_trip_and_runs_on_alike()
    {
        _board.Configure();
        _board.Register(0x850, 50_000);
        _board.Register(0x864, 0x3);
        _board.Out(0x2fc, 0x0b);
        _board.Out(0x2f9, 0x01);
        _board.South.Uart.Receive("input"u8);
        _board.South.Keyboard.Keyboard.Press(Firmament.Devices.Input.PcKey.A, down: true);
        _board.Bench.AdvanceMicroseconds(1500);
        using Board fresh = new();
        SavedState.AssertRoundTrip([_board.Bench.Scheduler, _board.Bridge], [fresh.Bench.Scheduler, fresh.Bridge]);
        Assert.Equal(
            _board.Map.Regions.Select(static region => (region.Name, region.Start)).Order(),
            fresh.Map.Regions.Select(static region => (region.Name, region.Start)).Order());
        Assert.Equal(_board.South.Isa.Ranges.Order(), fresh.South.Isa.Ranges.Order());
        _board.Bench.AdvanceMicroseconds(700_000);
        fresh.Bench.AdvanceMicroseconds(700_000);
        Assert.Equal(SavedState.Hash(_board.Bench.Scheduler, _board.Bridge), SavedState.Hash(fresh.Bench.Scheduler, fresh.Bridge));
        Assert.Equal(_board.Register(0xcb4), fresh.Register(0xcb4));
    }
}
