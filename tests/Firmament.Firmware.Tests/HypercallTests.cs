using Firmament.Firmware.Hypercalls;

namespace Firmament.Firmware.Tests;

public sealed class HypercallTests
{
    private const ulong UserMsr = 0x7002;

    public static TheoryData<HypercallConvention, bool> Conventions => new()
    {
        { HypercallConvention.Papr, false },
        { HypercallConvention.Papr, true },
        { HypercallConvention.Osi, false },
        { HypercallConvention.Osi, true },
        { HypercallConvention.Epapr, false },
        { HypercallConvention.Epapr, true },
    };

    [Theory]
    [MemberData(nameof(Conventions))]
    public void The_client_stub_carries_a_call_and_keeps_what_the_abi_keeps(HypercallConvention convention, bool is64Bit)
    {
        using Bench of = new(convention, is64Bit: is64Bit);
        uint array = of.ArrayOf(of.Text("finddevice"), 1, of.Text("/chosen"));
        Prepare(of, array);
        int instructions = StubRunner.Run(of, of.Firmware.HandlerAddress);
        Assert.InRange(instructions, 4, 16);
        Assert.Equal(0u, of.Cpu.ReadGpr(3));
        Assert.Equal(of.Tree.Find("/chosen")!.Phandle, of.Cell(array + 16));
        AssertKept(of);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void The_client_stub_returns_minus_one_for_an_unknown_service(HypercallConvention convention, bool is64Bit)
    {
        using Bench of = new(convention, is64Bit: is64Bit);
        Prepare(of, of.ArrayOf(of.Text("nothing"), 0));
        StubRunner.Run(of, of.Firmware.HandlerAddress);
        Assert.Equal(-1, (int)of.Cpu.ReadGpr(3));
        AssertKept(of);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void The_rtas_stub_fits_rtas_size_and_carries_a_call(HypercallConvention convention, bool is64Bit)
    {
        using Bench of = new(convention, is64Bit: is64Bit);
        Assert.True(of.Tree.Find("/rtas")!.TryGetCell("rtas-size", 0, out uint size));
        Assert.True(GuestStub.BuildRtas(convention).Length <= size);
        of.Platform.Ram.TryFill(new(0x00ff0000), 128, 0xee);
        uint rtas = of.Call("open", of.Text("/rtas"));
        Assert.Equal(0u, of.Call("call-method", 2, [of.Text("instantiate-rtas"), rtas, 0x00ff0000]));
        Assert.All(of.Bytes(0x00ff0000 + size, 64), static b => Assert.Equal(0xee, b));
        uint array = of.ArrayOf(10, 1, 'R');
        Prepare(of, array);
        of.Cpu.WriteGpr(4, 0x00ff0000);
        StubRunner.Run(of, of.Results[1]);
        Assert.Equal("R", of.Platform.Output.ToString());
        Assert.Equal(0u, of.Cell(array + 16));
        AssertKept(of);
    }

    [Theory]
    [InlineData(HypercallConvention.Papr)]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void Stubs_have_at_most_64_bytes(HypercallConvention convention)
    {
        Assert.InRange(GuestStub.BuildClient(convention).Length, 4, GuestStub.MostBytes);
        Assert.InRange(GuestStub.BuildRtas(convention).Length, 4, GuestStub.MostBytes);
    }

    [Theory]
    [InlineData(HypercallConvention.Papr)]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void A_plain_system_call_is_left_to_the_guest(HypercallConvention convention)
    {
        using Bench of = new(convention);
        of.Cpu.WriteGpr(0, 4);
        of.Cpu.WriteGpr(3, 1);
        Assert.False(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 0));
        Assert.Equal(1u, of.Cpu.ReadGpr(3));
    }

    [Theory]
    [InlineData(HypercallConvention.Papr)]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void User_code_never_reaches_the_firmware(HypercallConvention convention)
    {
        using Bench of = new(convention);
        Prepare(of, of.ArrayOf(of.Text("exit"), 0));
        Load(of.Cpu, convention, client: true);
        of.Cpu.Msr = UserMsr;
        Assert.False(of.Firmware.SystemCalls.TryIntercept(of.Cpu, convention == HypercallConvention.Papr ? 1 : 0));
        Load(of.Cpu, convention, client: false);
        Assert.False(of.Firmware.SystemCalls.TryIntercept(of.Cpu, convention == HypercallConvention.Papr ? 1 : 0));
        Assert.Empty(of.Platform.Requests);
    }

    [Theory]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void Sc_1_is_only_papr(HypercallConvention convention)
    {
        using Bench of = new(convention);
        Load(of.Cpu, convention, client: true);
        Assert.False(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
    }

    [Fact]
    public void Papr_answers_h_function_to_unknown_numbers()
    {
        using Bench of = new(is64Bit: true);
        foreach (ulong number in (ulong[])[0x4, 0xdeadbeef, 0x10000f000])
        {
            of.Cpu.WriteGpr(3, number);
            Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
            Assert.Equal(-2L, (long)of.Cpu.ReadGpr(3));
        }
    }

    [Fact]
    public void Papr_takes_calls_a_machine_adds()
    {
        using Bench of = new(is64Bit: true);
        of.Firmware.SystemCalls.Table.Add(0x300, "H_RANDOM", 0, 1, static call =>
        {
            call.Return(0, 0x1122334455667788);
            return 0;
        });
        of.Cpu.WriteGpr(3, 0x300);
        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
        Assert.Equal(0x1122334455667788u, of.Cpu.ReadGpr(4));
        Assert.Equal("H_RANDOM", of.Platform.Events[^1].Name);
    }

    [Theory]
    [InlineData(0x300000u, 0x300004u)]
    [InlineData(0x300004u, 0x300000u)]
    [InlineData(0x300000u, 0x380000u)]
    public void Logical_memop_copies_like_memmove_and_inverts(uint destination, uint source)
    {
        using Bench of = new();
        byte[] pattern = [.. Enumerable.Range(0, 10_000).Select(static i => (byte)(i * 7))];
        foreach (uint operation in (uint[])[0, 1])
        {
            of.Write(source, pattern);
            Assert.Equal(0, MemOp(of, destination, source, 2, 2500, operation));
            Assert.Equal(operation == 0 ? pattern : [.. pattern.Select(static b => (byte)~b)], of.Bytes(destination, pattern.Length));
        }
    }

    [Theory]
    [InlineData(0x300000u, 0xf0000000u, 2u, 4u, 0u)]
    [InlineData(0x300000u, 0x310000u, 4u, 4u, 0u)]
    [InlineData(0x300000u, 0x310000u, 2u, 4u, 2u)]
    [InlineData(0x300002u, 0x310000u, 2u, 4u, 0u)]
    [InlineData(0x300000u, 0x310000u, 0u, 0xffffffffu, 0u)]
    [InlineData(0x00fffff8u, 0x310000u, 3u, 2u, 0u)]
    public void Logical_memop_refuses_bad_arguments(uint destination, uint source, uint shift, uint count, uint operation)
    {
        using Bench of = new();
        Assert.Equal(-4, MemOp(of, destination, source, shift, count, operation));
    }

    [Fact]
    public void Osi_selectors_do_what_mac_on_linux_defines()
    {
        using Bench of = new(HypercallConvention.Osi);
        Assert.Equal(1u, Osi(of, 0, 20));
        Assert.Equal(0u, Osi(of, 0, 76));
        Assert.Equal(0u, Osi(of, 1234));
        Assert.Equal((uint)new DateTimeOffset(of.Platform.Time).ToUnixTimeSeconds(), Osi(of, 7));
        Assert.Equal((uint)new DateTimeOffset(of.Platform.Time).ToUnixTimeSeconds() + 2082844800u, Osi(of, 9));
        Osi(of, 47, 'x');
        Assert.Equal("x", of.Platform.Output.ToString());
        Assert.Equal(0u, Osi(of, 58, 1500));
        Assert.Equal(1_500_000, of.Platform.Idles[^1].Nanoseconds);
        Assert.Equal(1_000_000u, Osi(of, 92, 33_333_333));
        Assert.Equal(33_333_333u, Osi(of, 93, 1_000_000));
        Assert.Equal(0x2000u, Osi(of, 91));
        Assert.Equal(0u, Osi(of, 52, 0x10, 0xab));
        Assert.Equal(0xabu, Osi(of, 53, 0x10));
        Assert.Equal(uint.MaxValue, Osi(of, 53, 0x2000));
        Assert.Equal(uint.MaxValue, Osi(of, 52, 0xffffffff, 1));
        Osi(of, 54);
        Assert.Equal([(PlatformRequest.PowerOff, "")], of.Platform.Requests);
    }

    [Fact]
    public void Osi_serves_user_programs_what_harms_nobody()
    {
        using Bench of = new(HypercallConvention.Osi);
        of.Cpu.Msr = UserMsr;
        Osi(of, 47, 'u');
        Assert.Equal("u", of.Platform.Output.ToString());
        LoadOsi(of.Cpu, 54);
        Assert.False(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 0));
        Assert.Empty(of.Platform.Requests);
    }

    [Fact]
    public void Epapr_publishes_its_instructions_only_when_chosen()
    {
        using Bench papr = new();
        Assert.Null(papr.Tree.Find("/hypervisor"));
        using Bench of = new(HypercallConvention.Epapr);
        DeviceTree.DeviceNode node = of.Tree.Find("/hypervisor")!;
        Assert.Equal("linux,kvm", node.GetString("compatible"));
        Assert.NotNull(node["has-idle"]);
        Assert.Equal([0x3c004b56u, 0x60004d21u, 0x44000002u, 0x60000000u], Enumerable.Range(0, 4).Select(i => node.TryGetCell("hcall-instructions", i, out uint cell) ? cell : 0));
    }

    [Fact]
    public void Epapr_idles_has_no_features_and_moves_console_bytes()
    {
        using Bench of = new(HypercallConvention.Epapr);
        Assert.Equal(0u, Epapr(of, 0x10010));
        Assert.Single(of.Platform.Idles);
        of.Cpu.WriteGpr(4, 99);
        Assert.Equal(0u, Epapr(of, 0x2a0003));
        Assert.Equal(0u, of.Cpu.ReadGpr(4));
        Assert.Equal(12u, Epapr(of, 0x2a0004));
        Assert.Equal(12u, Epapr(of, 0x1000e));
        Assert.Equal(0u, Epapr(of, 0x10001, 0, 5, 0x68656c6c, 0x6f000000));
        Assert.Equal("hello", of.Platform.Output.ToString());
        Assert.Equal(5u, of.Cpu.ReadGpr(4));
        Assert.Equal(8u, Epapr(of, 0x10001, 0, 17));
        Assert.Equal(8u, Epapr(of, 0x10001, 1, 1));
        of.Platform.Type("hi");
        Assert.Equal(0u, Epapr(of, 0x10002, 0, 16));
        Assert.Equal(2u, of.Cpu.ReadGpr(4));
        Assert.Equal(0x68690000u, of.Cpu.ReadGpr(5));
        Assert.Equal(8u, Epapr(of, 0x10002, 0, 0xffffffff));
    }

    [Fact]
    public void Rtas_on_a_machine_without_it_is_refused_and_has_no_node()
    {
        using Bench of = new(rtas: false);
        Assert.Null(of.Tree.Find("/rtas"));
        of.Cpu.WriteGpr(3, 0xf000);
        of.Cpu.WriteGpr(4, of.ArrayOf(20, 1));
        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
        Assert.Equal(-4, (int)of.Cpu.ReadGpr(3));
        Assert.Empty(of.Platform.Requests);
    }

    [Fact]
    public void Chain_starts_the_next_client_through_the_stub()
    {
        using Bench of = new();
        Assert.Equal(0x800000u, of.Call("claim", 0x800000, 0x10000, 0));
        uint array = of.ArrayOf(of.Text("chain"), 0, 0x800000, 0x10000, 0x900000, Bench.Scratch, 7);
        of.Cpu.WriteGpr(3, 0xf005);
        of.Cpu.WriteGpr(4, array);
        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
        Assert.Equal(0x900000u, of.Cpu.Pc);
        Assert.Equal([of.Firmware.HandlerAddress, Bench.Scratch, 7u, 0u], new[] { 5, 6, 7, 3 }.Select(i => (uint)of.Cpu.ReadGpr(i)));
        Assert.Equal(0x800000u, of.Call("claim", 0x800000, 0x10000, 0));
    }

    private static void Prepare(Bench of, uint array)
    {
        for (int i = 0; i < 32; i++)
        {
            of.Cpu.WriteGpr(i, 0x1000 + (uint)i);
        }

        of.Cpu.WriteGpr(3, array);
    }

    private static void AssertKept(Bench of)
    {
        foreach (int i in (int[])[1, 2, .. Enumerable.Range(13, 19)])
        {
            Assert.Equal(0x1000u + (uint)i, of.Cpu.ReadGpr(i));
        }

        Assert.Equal(StubRunner.ReturnAddress, of.Cpu.Lr);
    }

    private static void Load(FakeProcessor cpu, HypercallConvention convention, bool client)
    {
        switch (convention)
        {
            case HypercallConvention.Papr:
                cpu.WriteGpr(4, Bench.ArrayAddress);
                cpu.WriteGpr(3, client ? 0xf005u : 0xf000u);
                break;
            case HypercallConvention.Osi:
                LoadOsi(cpu, client ? 20u : 22u, Bench.ArrayAddress);
                break;
            default:
                cpu.WriteGpr(0, EpaprHypercalls.Magic0);
                cpu.WriteGpr(3, Bench.ArrayAddress);
                cpu.WriteGpr(11, client ? EpaprHypercalls.ClientToken : EpaprHypercalls.RtasToken);
                break;
        }
    }

    private static void LoadOsi(FakeProcessor cpu, uint selector, params ReadOnlySpan<uint> arguments)
    {
        cpu.WriteGpr(3, OsiHypercalls.Magic3);
        cpu.WriteGpr(4, OsiHypercalls.Magic4);
        cpu.WriteGpr(5, selector);
        for (int i = 0; i < arguments.Length; i++)
        {
            cpu.WriteGpr(6 + i, arguments[i]);
        }
    }

    private static uint Osi(Bench of, uint selector, params ReadOnlySpan<uint> arguments)
    {
        LoadOsi(of.Cpu, selector, arguments);
        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 0));
        return (uint)of.Cpu.ReadGpr(3);
    }

    private static uint Epapr(Bench of, uint token, params ReadOnlySpan<uint> arguments)
    {
        of.Cpu.WriteGpr(0, EpaprHypercalls.Magic0);
        of.Cpu.WriteGpr(11, token);
        for (int i = 0; i < arguments.Length; i++)
        {
            of.Cpu.WriteGpr(3 + i, arguments[i]);
        }

        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 0));
        return (uint)of.Cpu.ReadGpr(3);
    }

    private static int MemOp(Bench of, params ReadOnlySpan<uint> arguments)
    {
        of.Cpu.WriteGpr(3, 0xf001);
        for (int i = 0; i < arguments.Length; i++)
        {
            of.Cpu.WriteGpr(4 + i, arguments[i]);
        }

        Assert.True(of.Firmware.SystemCalls.TryIntercept(of.Cpu, 1));
        return (int)of.Cpu.ReadGpr(3);
    }
}
