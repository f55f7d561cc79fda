using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Machines.Configuration;
using Firmament.Machines.Pegasos2;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Tests.Pegasos2;

public sealed class BoardTests
{
    private const int SouthBridge = 12 << 3;

    private static Pegasos2Machine Board(MachineConfiguration? configuration = null, HostServices? services = null)
    {
        Pegasos2Machine machine = new(configuration ?? new MachineConfiguration(), services ?? new HostServices());
        machine.ResetWithoutBoot();
        return machine;
    }

    private static MachineConfiguration Cards(PciSetup setup = PciSetup.Firmware) => new()
    {
        PciSetup = setup,
        Devices =
        [
            new DeviceConfiguration { Driver = "virtio-rng-pci" },
            new DeviceConfiguration { Driver = "virtio-net-pci", Properties = new Dictionary<string, string> { ["addr"] = "5" } },
            new DeviceConfiguration { Driver = "virtconsole" },
        ],
    };

    [Theory]
    [InlineData(0x000, 0x028020ffu)]
    [InlineData(0x278, 0x000a31fcu)]
    [InlineData(0xf300, 0x11ff0400u)]
    [InlineData(0xf10c, 0x80000000u)]
    [InlineData(0x01c, 0x08000000u)]
    public void Reset_leaves_the_bridge_as_the_boards_firmware_does(int register, uint value)
    {
        using Pegasos2Machine machine = Board();

        Assert.Equal(value, new LittleEndianBus(machine.Map).Read(BoardSetup.Bridge + (uint)register, 4));
    }

    [Theory]
    [InlineData(0, 0x3c, 1, 0x09u)]
    [InlineData(0, 0x50, 1, 0x02u)]
    [InlineData(0, 0x55, 1, 0x90u)]
    [InlineData(0, 0x56, 1, 0x99u)]
    [InlineData(0, 0x57, 1, 0x90u)]
    [InlineData(1, 0x04, 2, 0x0087u)]
    [InlineData(1, 0x09, 1, 0x8fu)]
    [InlineData(1, 0x3c, 2, 0x010eu)]
    [InlineData(1, 0x40, 1, 0x0bu)]
    [InlineData(1, 0x50, 4, 0x17171717u)]
    [InlineData(2, 0x04, 2, 0x0007u)]
    [InlineData(2, 0x3c, 2, 0x0409u)]
    [InlineData(3, 0x04, 2, 0x0007u)]
    [InlineData(3, 0x3c, 2, 0x0409u)]
    [InlineData(4, 0x48, 4, 0x00000f01u)]
    [InlineData(4, 0x90, 4, 0x00000d01u)]
    [InlineData(5, 0x3c, 2, 0x0309u)]
    [InlineData(6, 0x3c, 2, 0x0309u)]
    public void Reset_leaves_the_south_bridge_as_the_boards_firmware_does(int function, int register, int size, uint value)
    {
        using Pegasos2Machine machine = Board(new MachineConfiguration { PciSetup = PciSetup.Guest });

        Assert.Equal(value, machine.Board.Pci1.Read(SouthBridge | function, register, size));
    }

    [Fact]
    public void Both_host_bridges_decode_and_master()
    {
        using Pegasos2Machine machine = Board();

        Assert.Equal((7u, 7u), (machine.Board.Pci0.Read(0, 4, 2) & 7, machine.Board.Pci1.Read(0, 4, 2) & 7));
    }

    [Theory]
    [InlineData(0xfe0002fdu, 0x60u)]
    [InlineData(0xfe0004d1u, 0x02u)]
    public void An_ISA_register_answers_at_the_boards_address(uint address, uint value)
    {
        using Pegasos2Machine machine = Board();

        Assert.Equal(value, new LittleEndianBus(machine.Map).Read(address, 1));
    }

    [Fact]
    public void Cards_take_the_first_free_slots_and_the_slot_they_ask_for()
    {
        using Pegasos2Machine machine = Board(Cards());

        Assert.Equal(0x1005u, machine.Board.Pci1.Read(1 << 3, 2, 2));
        Assert.Equal(0x1003u, machine.Board.Pci1.Read(2 << 3, 2, 2));
        Assert.Equal(0x1000u, machine.Board.Pci1.Read(5 << 3, 2, 2));
    }

    [Fact]
    public void Every_card_is_told_the_interrupt_that_its_pin_is_routed_to()
    {
        using Pegasos2Machine machine = Board(Cards());

        Assert.All([1, 2, 5], slot => Assert.Equal(0x0109u, machine.Board.Pci1.Read(slot << 3, 0x3c, 2)));
        Assert.All(Enumerable.Range(0, 32), device => Assert.All([1, 2, 3, 4], pin => Assert.Equal(9, machine.Board.IrqOf(device, pin))));
    }

    [Fact]
    public void The_firmware_gives_cards_addresses_inside_the_windows()
    {
        using Pegasos2Machine machine = Board(Cards());
        HashSet<uint> seen = [];

        foreach (int slot in (int[])[1, 2, 5])
        {
            uint io = machine.Board.Pci1.Read(slot << 3, 0x10, 4);
            uint memory = machine.Board.Pci1.Read(slot << 3, 0x14, 4);
            Assert.InRange(io & ~3u, 0x1000u, 0xffffu);
            Assert.InRange(memory & ~15u, 0x8000_0000u, 0xbfff_ffffu);
            Assert.True(seen.Add(io) && seen.Add(memory));
            Assert.Equal(3u, machine.Board.Pci1.Read(slot << 3, 4, 2) & 3);
        }
    }

    [Fact]
    public void A_card_answers_the_cpu_where_the_firmware_put_it()
    {
        using Pegasos2Machine machine = Board(Cards());
        uint memory = machine.Board.Pci1.Read(5 << 3, 0x14, 4) & ~15u;

        _ = machine.Map.Read(new PhysicalAddress(memory), 4, out bool answered);

        Assert.True(answered);
    }

    [Fact]
    public void The_guest_finds_unassigned_cards_when_it_is_to_assign_them()
    {
        using Pegasos2Machine machine = Board(Cards(PciSetup.Guest));

        Assert.Equal((1u, 0u), (machine.Board.Pci1.Read(5 << 3, 0x10, 4), machine.Board.Pci1.Read(5 << 3, 0x14, 4)));
        Assert.Equal(0x0109u, machine.Board.Pci1.Read(5 << 3, 0x3c, 2));
    }

    [Fact]
    public void A_reset_undoes_what_the_guest_did()
    {
        using Pegasos2Machine machine = Board(Cards());
        string before = machine.StateHash();
        machine.Board.Pci1.Write(5 << 3, 0x14, 0x9000_0000, 4);
        machine.Board.Pci1.Write(SouthBridge, 0x55, 0x30, 1);
        machine.Ram.TryWriteUInt32(new PhysicalAddress(0x1234), 5);
        Assert.NotEqual(before, machine.StateHash());

        machine.ResetWithoutBoot();

        Assert.Equal(0x90u, machine.Board.Pci1.Read(SouthBridge, 0x55, 1));
        Assert.NotEqual(0x9000_0000u, machine.Board.Pci1.Read(5 << 3, 0x14, 4));
        machine.Ram.TryReadUInt32(new PhysicalAddress(0x1234), out uint word);
        Assert.Equal(0u, word);
    }

    [Theory]
    [InlineData("addr", "0", "no PCI slot")]
    [InlineData("addr", "c", "taken")]
    [InlineData("addr", "xyz", "no PCI slot")]
    [InlineData("mac", "52:54:00", "not the address")]
    [InlineData("mac", "53:54:00:12:34:56", "not the address")]
    public void A_card_that_cannot_be_placed_is_a_user_error(string property, string value, string fact)
    {
        MachineConfiguration configuration = new()
        {
            Devices = [new DeviceConfiguration { Driver = "virtio-net-pci", Properties = new Dictionary<string, string> { [property] = value } }],
        };

        UserErrorException error = Assert.Throws<UserErrorException>(() => Board(configuration));

        Assert.Contains(fact, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_memory_than_the_board_takes_is_a_user_error() =>
        Assert.Contains("2 GiB", Assert.Throws<UserErrorException>(() => new MachineConfiguration { MemoryBytes = 4UL << 30 }.Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_cpu_is_a_user_error() =>
        Assert.Contains("7457", Assert.Throws<UserErrorException>(() => Board(new MachineConfiguration { Cpu = "z80" })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bus_that_is_full_is_a_user_error()
    {
        MachineConfiguration configuration = new()
        {
            Devices = [.. Enumerable.Range(0, 40).Select(static _ => new DeviceConfiguration { Driver = "virtio-rng-pci" })],
        };

        Assert.Contains("no free PCI slot", Assert.Throws<UserErrorException>(() => Board(configuration)).Message, StringComparison.Ordinal);
    }
}
