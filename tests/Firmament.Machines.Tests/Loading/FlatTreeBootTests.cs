using System.Buffers.Binary;
using Firmament.Core;
using Firmament.Firmware.Hypercalls;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;
using Firmament.PowerPC.Isa;

namespace Firmament.Machines.Tests.Loading;

/// <summary>Clients that start with a flat tree in r3, directly or by a ROM.</summary>
public sealed class FlatTreeBootTests
{
    private const uint KernelBase = 0x40_0000;

    /// <summary>
    /// A client for address 0: prints "FDT ok" when r3 has a flat tree and r4 to r7 are 0, else "FDT no", and powers off.
    /// </summary>
    private static ElfBuilder Client(uint powerOffToken)
    {
        const uint PutTerm = 0x58;
        Assembler code = new(KernelBase);
        AssemblerLabel bad = code.NewLabel();
        AssemblerLabel print = code.NewLabel();
        AssemblerLabel good = code.NewLabel();
        code.Lwz(8, 0, 3);
        code.LoadImmediate(9, 0xd00d_feed);
        code.Cmplw(8, 9);
        code.Bne(bad);
        code.Or(8, 4, 5);
        code.Or(8, 8, 6);
        code.Or(8, 8, 7);
        code.Cmplwi(8, 0);
        code.Beq(good);
        code.Bind(bad);
        code.LoadImmediate(10, KernelBase + 0x208);
        code.B(print);
        code.Bind(good);
        code.LoadImmediate(10, KernelBase + 0x200);
        code.Bind(print);
        code.Ld(6, 0, 10);
        code.Li(3, (int)PutTerm);
        code.Li(4, 0);
        code.Li(5, 7);
        code.Sc(1);
        code.LoadImmediate(3, PaprHypercalls.RtasToken);
        code.LoadImmediate(4, KernelBase + 0x210);
        code.Sc(1);
        AssemblerLabel stay = code.LabelHere();
        code.B(stay);
        byte[] image = new byte[0x230];
        code.ToArray().CopyTo(image, 0);
        "FDT ok\n"u8.CopyTo(image.AsSpan(0x200));
        "FDT no\n"u8.CopyTo(image.AsSpan(0x208));
        foreach ((int word, uint value) in ((int, uint)[])[(0, powerOffToken), (1, 2), (2, 1), (3, uint.MaxValue), (4, uint.MaxValue)])
        {
            BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(0x210 + (4 * word)), value);
        }

        return new ElfBuilder { Is64Bit = true, Machine = 21 }.Load(0, 0, image);
    }

    private static MachineConfiguration Machine(byte[] kernel, byte[]? rom = null) => new()
    {
        Machine = "pseries",
        Kernel = GuestImage.FromBytes("client", kernel),
        CommandLine = "some words",
        Rom = rom == null ? null : GuestImage.FromBytes("rom", rom),
        Serial = [new SerialConfiguration { Backend = "null" }],
        MachineProperties = rom == null ? new Dictionary<string, string> { ["boot"] = "fdt" } : [],
    };

    private static DeviceTree.DeviceTree Tree(MachineConfiguration configuration) => new MachineFactory().BuildDeviceTree(configuration);

    private static ElfBuilder Client()
    {
        Assert.True(Tree(Machine(Client(0).Build())).Find("/rtas")!.TryGetCell("power-off", 0, out uint token));
        return Client(token);
    }

    private static string Run(MachineConfiguration configuration)
    {
        using VirtualMachine machine = VirtualMachine.Create(configuration);
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        return machine.Console.Text.Trim();
    }

    private static string Refusal(MachineConfiguration configuration)
    {
        string message = Assert.Throws<UserErrorException>(() => VirtualMachine.Create(configuration)).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>A ROM that does nothing but jump to the client.</summary>
    private static byte[] JumpingRom()
    {
        Assembler code = new(0x100);
        code.B(code.LabelAt(KernelBase));
        return [.. new byte[0x100], .. code.ToArray()];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_of_either_order_starts_with_the_tree_and_reaches_hypervisor_and_RTAS(bool littleEndian)
    {
        ElfBuilder client = Client();
        client.IsLittleEndian = littleEndian;

        Assert.Equal("FDT ok", Run(Machine(client.Build())));
    }

    [Fact]
    public void A_trampoline_of_12_bytes_starts_the_client_at_once() => Assert.Equal("FDT ok", Run(Machine(Client().Build(), new byte[12])));

    [Fact]
    public void A_ROM_starts_at_0x100_with_the_tree_in_r3_and_finds_the_client_in_memory() =>
        Assert.Equal("FDT ok", Run(Machine(Client().Build(), JumpingRom())));

    [Fact]
    public void The_tree_says_what_was_loaded_and_has_nothing_of_Open_Firmware()
    {
        MachineConfiguration configuration = Machine(Client(0).Build()) with { Initrd = GuestImage.FromBytes("initrd", new byte[100]) };
        DeviceTree.DeviceTree tree = Tree(configuration);

        DeviceTree.DeviceNode chosen = tree.Find("/chosen")!;
        Assert.Equal("some words", chosen.GetString("bootargs"));
        Assert.True(chosen.TryGetCell("linux,initrd-start", 0, out uint start));
        Assert.True(chosen.TryGetCell("linux,initrd-end", 0, out uint end));
        Assert.Equal(100u, end - start);
        Assert.Null(chosen["stdin"]);
        Assert.Null(chosen["qemu,boot-kernel"]);
        Assert.Null(tree.Find("/openprom"));
        Assert.NotNull(tree.Find("/rtas")!["ibm,hypertas-functions"]);
    }

    [Fact]
    public void RTAS_is_there_already_unless_a_ROM_will_make_it()
    {
        MachineConfiguration configuration = Machine(Client(0).Build()) with
        {
            MemoryBytes = 1UL << 30,
            NumaNodes = [new NumaConfiguration(256UL << 20, []), new NumaConfiguration(768UL << 20, [])],
        };
        DeviceTree.DeviceNode rtas = Tree(configuration).Find("/rtas")!;

        Assert.True(rtas.TryGetCell("linux,rtas-base", 0, out uint start));
        Assert.True(rtas.TryGetCell("linux,rtas-entry", 0, out uint entry));
        Assert.True(rtas.TryGetCell("rtas-size", 0, out uint size));
        Assert.Equal(start, entry);
        Assert.InRange(start + size, KernelBase, 256u << 20);
        Assert.Null(Tree(Machine(Client(0).Build(), JumpingRom())).Find("/rtas")!["linux,rtas-base"]);
    }

    [Fact]
    public void A_ROM_learns_the_place_size_and_order_of_the_kernel()
    {
        ElfBuilder client = Client(0);
        client.IsLittleEndian = true;
        DeviceTree.DeviceNode chosen = Tree(Machine(client.Build(), JumpingRom())).Find("/chosen")!;

        Assert.True(chosen.TryGetCell("qemu,boot-kernel", 1, out uint start));
        Assert.True(chosen.TryGetCell("qemu,boot-kernel", 3, out uint size));
        Assert.Equal((KernelBase, 0x230u), (start, size));
        Assert.NotNull(chosen["qemu,boot-kernel-le"]);
    }

    [Fact]
    public void Another_address_for_the_kernel_is_honoured()
    {
        MachineConfiguration configuration = Machine(Client(0).Build(), JumpingRom()) with
        {
            MachineProperties = new Dictionary<string, string> { ["kernel-addr"] = "0x800000" },
        };

        Assert.True(Tree(configuration).Find("/chosen")!.TryGetCell("qemu,boot-kernel", 1, out uint start));
        Assert.Equal(0x80_0000u, start);
    }

    [Theory]
    [InlineData("kernel-addr", "0x800001", "64 KiB")]
    [InlineData("kernel-addr", "elsewhere", "64 KiB")]
    [InlineData("kernel-addr", "0x80000000", "in memory")]
    [InlineData("boot", "rom", "of or fdt")]
    public void A_machine_property_with_a_wrong_value_is_refused(string property, string value, string remedy) =>
        Assert.Contains(
            remedy,
            Refusal(Machine(Client(0).Build()) with { MachineProperties = new Dictionary<string, string> { [property] = value } }),
            StringComparison.Ordinal);

    [Fact]
    public void A_ROM_that_is_too_short_too_long_or_under_the_kernel_is_refused()
    {
        byte[] kernel = Client(0).Build();

        Assert.Contains("starts at 0x100", Refusal(Machine(kernel, new byte[5])), StringComparison.Ordinal);
        Assert.Contains("4194304", Refusal(Machine(kernel, new byte[5 << 20])), StringComparison.Ordinal);
        byte[] low = new ElfBuilder { Is64Bit = true, Machine = 21, Entry = 0x1_0000 }.Load(0x1_0000, 0x1_0000, [0x48, 0, 0, 0]).Build();
        Assert.Contains("above the ROM", Refusal(Machine(low, new byte[0x2_0000])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ROM_and_no_firmware_at_all_contradict_each_other()
    {
        MachineConfiguration both = Machine(Client(0).Build()) with { Rom = GuestImage.FromBytes("rom", JumpingRom()) };

        Assert.Contains("leave -bios out", Refusal(both), StringComparison.Ordinal);
    }

    [Fact]
    public void The_32_bit_board_runs_no_ROM()
    {
        MachineConfiguration configuration = new() { Rom = GuestImage.FromBytes("rom", JumpingRom()), Kernel = GuestImage.FromBytes("k", new byte[4]) };

        Assert.Equal("Firmament is the firmware and does not run a ROM; leave -bios out and give --kernel.", Refusal(configuration));
    }

    [Fact]
    public void A_trampoline_without_a_kernel_has_nothing_to_start() =>
        Assert.Contains("--kernel", Refusal(Machine(new byte[4], new byte[12]) with { Kernel = null }), StringComparison.Ordinal);

    [Fact]
    public void Several_host_bridges_are_in_the_tree_and_their_indices_are_checked()
    {
        static DeviceConfiguration Bridge(string? index, string? id = null)
        {
            Dictionary<string, string> properties = [];
            foreach ((string name, string? value) in ((string, string?)[])[("index", index), ("id", id)])
            {
                if (value != null)
                {
                    properties[name] = value;
                }
            }

            return new() { Driver = "spapr-pci-host-bridge", Properties = properties };
        }

        DeviceConfiguration card = new() { Driver = "virtio-rng-pci", Properties = new Dictionary<string, string> { ["bus"] = "second.0" } };
        MachineConfiguration configuration = Machine(Client(0).Build());
        DeviceTree.DeviceTree tree = Tree(configuration with { Devices = [Bridge("1", "second"), Bridge("30"), card] });

        Assert.Single(tree.Find("/pci@800000020000001")!.Children);
        Assert.Empty(tree.Find("/pci@80000002000001e")!.Children);
        foreach ((string? index, string fact) in ((string?, string)[])[(null, "index=1"), ("0", "index=1"), ("31", "(to 30)"), ("x", "(to 30)")])
        {
            Assert.Contains(fact, Refusal(configuration with { Devices = [Bridge(index)] }), StringComparison.Ordinal);
        }

        Assert.Contains("pci.1", Refusal(configuration with { Devices = [Bridge("1"), card] }), StringComparison.Ordinal);
    }

    [Fact]
    public void SLOF_prints_its_first_line()
    {
        const string Slof = "/usr/share/qemu/slof.bin";
        Assert.SkipUnless(File.Exists(Slof), $"there is no {Slof} here; Debian's qemu-system-data has it");
        using VirtualMachine machine = VirtualMachine.Create(Machine(Client(0).Build(), File.ReadAllBytes(Slof)));

        Assert.True(machine.RunUntil("QEMU Starting", virtualSeconds: 1), machine.Console.Text);
    }
}
