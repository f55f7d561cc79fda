using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Tests;

public sealed class CallMethodTests : IDisposable
{
    private const uint Outside = 0xf0000000;
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    [Fact]
    public void Instantiate_rtas_writes_the_stub_at_its_base()
    {
        uint rtas = _of.Call("open", _of.Text("/rtas"));
        Assert.Equal([0u, 0x00ff0000u], Method("instantiate-rtas", rtas, 2, 0x00ff0000));
        Assert.Equal([0x7c641b78u, 0x3c600000u, 0x6063f000u, 0x44000022u, 0x4e800020u], Enumerable.Range(0, 5).Select(i => _of.Cell(0x00ff0000 + (uint)(i * 4))));
    }

    [Theory]
    [InlineData(Outside)]
    [InlineData(0x00fffff0u)]
    [InlineData(0x00ff0002u)]
    public void Instantiate_rtas_at_a_bad_base_fails(uint address)
    {
        uint rtas = _of.Call("open", _of.Text("/rtas"));
        Assert.Equal([unchecked((uint)CatchResult.InvalidAddress), 0u], Method("instantiate-rtas", rtas, 2, address));
    }

    [Fact]
    public void A_missing_method_or_instance_has_a_catch_result_that_is_not_0()
    {
        uint root = _of.Call("open", _of.Text("/"));
        Assert.Equal([unchecked((uint)-21), 0u], Method("ibm,client-architecture-support", root, 2, Bench.Scratch));
        Assert.Equal([unchecked((uint)-21), 0u], Method("open", 0x40ffffff, 2));
        Assert.Equal(unchecked((uint)-21), _of.Call("call-method", Outside, root));
    }

    [Fact]
    public void A_method_with_too_few_arguments_underflows()
    {
        uint rtas = _of.Call("open", _of.Text("/rtas"));
        Assert.Equal([unchecked((uint)CatchResult.StackUnderflow), 0u], Method("instantiate-rtas", rtas, 2));
    }

    [Fact]
    public void With_no_results_wanted_nothing_is_stored()
    {
        uint rtas = _of.Call("open", _of.Text("/rtas"));
        Assert.Equal(0, _of.CallRaw("call-method", 0, _of.Text("instantiate-rtas"), rtas, 0x00ff0000));
    }

    [Fact]
    public void Memory_claims_and_releases()
    {
        uint memory = Chosen("memory");
        Assert.Equal([0u, 0x00900000u], Method("claim", memory, 2, 0, 0x1000, 0x00900000));
        Assert.NotEqual(0u, Method("claim", memory, 2, 0, 0x1000, 0x00900000)[0]);
        Assert.Equal([0u], Method("release", memory, 1, 0x1000, 0x00900000));
        Assert.Equal([0u, 0x00900000u], Method("claim", memory, 2, 0, 0x1000, 0x00900000));
        uint[] aligned = Method("claim", memory, 2, 0x10000, 0x1000);
        Assert.Equal(0u, aligned[0]);
        Assert.Equal(0u, aligned[1] % 0x10000);
        Assert.NotEqual(0u, Method("release", memory, 1, 0x1000, Outside)[0]);
    }

    [Fact]
    public void The_mmu_maps_real_mode_only()
    {
        uint mmu = Chosen("mmu");
        Assert.Equal([0u], Method("map", mmu, 1, 0x12, 0x1000, 0x300000, 0x300000));
        Assert.NotEqual(0u, Method("map", mmu, 1, 0x12, 0x1000, 0x400000, 0x300000)[0]);
        Assert.Equal([0u, uint.MaxValue, 0x12u, 0x300000u], Method("translate", mmu, 4, 0x300000));
        Assert.Equal([0u], Method("modify", mmu, 1, 0x12, 0x1000, 0x300000));
        Assert.Equal([0u], Method("unmap", mmu, 1, 0x1000, 0x300000));
        Assert.Equal([0u, 0x80000000u], Method("claim", mmu, 2, 0, 0x1000, 0x80000000));
        Assert.NotEqual(0u, Method("claim", mmu, 2, 0, 0x1000, 0x80000000)[0]);
        Assert.Equal([0u], Method("release", mmu, 1, 0x1000, 0x80000000));
    }

    [Fact]
    public void The_clock_is_read_and_set()
    {
        uint rtc = _of.Call("open", _of.Text("/pci/isa/rtc"));
        Assert.Equal([0u, 2026u, 11u, 22u, 18u, 22u, 7u], Method("get-time", rtc, 7));
        Assert.Equal([0u], Method("set-time", rtc, 1, 2001, 2, 28, 23, 59, 58));
        Assert.Equal(new DateTime(2001, 2, 28, 23, 59, 58, DateTimeKind.Utc), _of.Platform.Time);
        Assert.NotEqual(0u, Method("set-time", rtc, 1, 2001, 2, 29, 23, 59, 58)[0]);
    }

    [Fact]
    public void The_console_rings_its_bell()
    {
        Assert.Equal([0u], Method("ring-bell", Chosen("stdout"), 1));
        Assert.Equal("\a", _of.Platform.Output.ToString());
    }

    [Fact]
    public void Interpret_without_forth_fails_honestly_and_with_forth_uses_the_stack_top_first()
    {
        _of.Firmware.Forth = null;
        Assert.Equal(unchecked((uint)-21), _of.Call("interpret", _of.Text("1 2 +")));
        _of.Firmware.Forth = new Swapper();
        Assert.Equal(0u, _of.Call("interpret", 3, [_of.Text("swap"), 1, 2]));
        Assert.Equal([0u, 2u, 1u], _of.Results);
        Assert.Equal(unchecked((uint)CatchResult.InvalidAddress), _of.Call("interpret", Outside));
    }

    private uint Chosen(string property)
    {
        Assert.True(_of.Tree.Find("/chosen")!.TryGetCell(property, 0, out uint value));
        return value;
    }

    private uint[] Method(string method, uint ihandle, int results, params ReadOnlySpan<uint> arguments)
    {
        _of.Call("call-method", results, [_of.Text(method), ihandle, .. arguments]);
        return _of.Results;
    }

    private sealed class Swapper : IForthSystem
    {
        public int Interpret(ReadOnlySpan<byte> text, GuestAddressSpace space, DataStack stack)
        {
            uint top = stack.Pop();
            uint below = stack.Pop();
            stack.Push(top);
            stack.Push(below);
            return text.SequenceEqual("swap"u8) ? 0 : -13;
        }

        public bool HasMethod(DeviceNode node, ReadOnlySpan<byte> method) => false;

        public int CallMethod(Instance instance, ReadOnlySpan<byte> method, GuestAddressSpace space, DataStack stack) =>
            CatchResult.UnsupportedOperation;

        public int EvaluateFCode(DeviceNode node, ReadOnlySpan<byte> program) => CatchResult.UnsupportedOperation;

        public void Forget(Instance instance)
        {
        }

        public void Visit(StateVisitor state)
        {
        }
    }
}
