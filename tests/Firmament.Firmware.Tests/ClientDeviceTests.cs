using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Tests;

public sealed class ClientDeviceTests : IDisposable
{
    private const uint Failed = uint.MaxValue;
    private const uint Outside = 0xf0000000;
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    private uint Stdout => Chosen("stdout");

    [Fact]
    public void Chosen_has_the_instances_clients_need()
    {
        Assert.Equal("/failsafe", PathOf(Chosen("stdout")));
        Assert.Equal("/failsafe", PathOf(Chosen("stdin")));
        Assert.NotEqual(Chosen("stdin"), Chosen("stdout"));
        Assert.Equal("/memory@0", PathOf(Chosen("memory")));
        Assert.Equal("/cpus/PowerPC,G4", PathOf(Chosen("mmu")));
        Assert.Equal("/cpus/PowerPC,G4", PathOf(Chosen("cpu")));
    }

    [Fact]
    public void Write_prints_every_byte_from_the_first_call()
    {
        uint text = _of.Text("OF stdout device is: \r\n\0more");
        Assert.Equal(23u, _of.Call("write", Stdout, text, 23));
        Assert.Equal("OF stdout device is: \r\n", _of.Platform.Output.ToString());
    }

    [Fact]
    public void A_long_write_is_whole_and_a_huge_one_is_short()
    {
        _of.Platform.Ram.TryFill(new(0x300000), 0x200000, (byte)'x');
        Assert.Equal(5000u, _of.Call("write", Stdout, 0x300000, 5000));
        Assert.Equal(5000, _of.Platform.Output.Length);
        uint actual = _of.Call("write", Stdout, 0x300000, 0x200000);
        Assert.InRange(actual, 1u, 0x1fffffu);
        Assert.Equal(5000 + (int)actual, _of.Platform.Output.Length);
    }

    [Fact]
    public void Write_from_a_bad_address_or_to_a_bad_instance_answers_minus_one()
    {
        Assert.Equal(Failed, _of.Call("write", Stdout, Outside, 4));
        Assert.Equal(Failed, _of.Call("write", 0, Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("write", Stdout + 1, Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("write", Chosen("memory"), Bench.Scratch, 4));
        Assert.Equal(0u, _of.Call("write", Stdout, Bench.Scratch, 0));
        Assert.Equal(0, _of.Platform.Output.Length);
    }

    [Fact]
    public void Read_answers_minus_two_until_something_arrives()
    {
        uint stdin = Chosen("stdin");
        Assert.Equal(unchecked((uint)-2), _of.Call("read", stdin, Bench.Scratch, 16));
        _of.Platform.Type("boot\r");
        Assert.Equal(2u, _of.Call("read", stdin, Bench.Scratch, 2));
        Assert.Equal("bo"u8.ToArray(), _of.Bytes(Bench.Scratch, 2));
        Assert.Equal(3u, _of.Call("read", stdin, Bench.Scratch, 16));
        Assert.Equal(unchecked((uint)-2), _of.Call("read", stdin, Bench.Scratch, 16));
    }

    [Fact]
    public void A_read_into_a_bad_buffer_fails_and_loses_no_key()
    {
        _of.Platform.Type("k");
        Assert.Equal(Failed, _of.Call("read", Chosen("stdin"), Outside, 16));
        Assert.Equal(1u, _of.Call("read", Chosen("stdin"), Bench.Scratch, 16));
    }

    [Fact]
    public void The_console_does_not_seek() => Assert.Equal(Failed, _of.Call("seek", Stdout, 0, 0));

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/chosen")]
    [InlineData("/pci@80000000/ide@c,1")]
    [InlineData("")]
    public void Open_of_what_has_no_open_method_answers_0_and_leaves_nothing_open(string path)
    {
        int before = _of.Firmware.Instances.Count;
        Assert.Equal(0u, _of.Call("open", _of.Text(path)));
        Assert.Equal(before, _of.Firmware.Instances.Count);
    }

    [Fact]
    public void Open_of_a_bad_pointer_answers_0() => Assert.Equal(0u, _of.Call("open", Outside));

    [Fact]
    public void Nodes_on_the_way_need_no_open_method()
    {
        uint rtc = _of.Call("open", _of.Text("/pci@80000000/isa@c/rtc@i70"));
        Assert.NotEqual(0u, rtc);
        Assert.Equal("/pci@80000000/isa@c/rtc@i70", PathOf(rtc));
    }

    [Fact]
    public void A_failing_open_closes_the_chain()
    {
        _of.Firmware.Attach(_of.Tree.Find("/pci@80000000/ide@c,1")!, new RefusingPackage());
        int before = _of.Firmware.Instances.Count;
        Assert.Equal(0u, _of.Call("open", _of.Text("hd")));
        Assert.Equal(before, _of.Firmware.Instances.Count);
    }

    [Fact]
    public void Handles_are_recycled_and_a_stale_one_is_known()
    {
        uint first = _of.Call("open", _of.Text("/failsafe"));
        int before = _of.Firmware.Instances.Count;
        _of.Call("close", 0, [first]);
        Assert.Equal(Failed, _of.Call("write", first, Bench.Scratch, 1));
        Assert.Equal(Failed, _of.Call("instance-to-package", first));
        for (int i = 0; i < 20_000; i++)
        {
            uint next = _of.Call("open", _of.Text("/failsafe"));
            Assert.NotEqual(0u, next);
            Assert.Null(_of.Tree.Find(next));
            _of.Call("close", 0, [next]);
        }

        uint again = _of.Call("open", _of.Text("/failsafe"));
        Assert.NotEqual(first, again);
        Assert.Equal(before, _of.Firmware.Instances.Count);
        Assert.Equal(Failed, _of.Call("instance-to-package", first));
    }

    [Fact]
    public void A_client_that_never_closes_gets_0_in_the_end()
    {
        _of.Platform.Tracer.Enabled = Core.Tracing.TraceCategory.None;
        int opened = 0;
        while (opened < 10_000 && _of.Call("open", _of.Text("/failsafe")) != 0)
        {
            opened++;
        }

        Assert.InRange(opened, 1000, InstanceTable.MostInstances);
        Assert.Equal(1u, _of.Call("write", Stdout, _of.Text("x"), 1));
    }

    [Fact]
    public void Closing_an_invented_handle_does_nothing()
    {
        int before = _of.Firmware.Instances.Count;
        _of.Call("close", 0, [0x12345678u]);
        _of.Call("close", 0, [0u]);
        Assert.Equal(before, _of.Firmware.Instances.Count);
    }

    [Fact]
    public void Nvram_reads_writes_and_seeks()
    {
        uint nvram = _of.Call("open", _of.Text("/nvram"));
        _of.Write(Bench.Scratch, "boot-device"u8);
        Assert.Equal(0u, _of.Call("seek", nvram, 0, 0x1ff0));
        Assert.Equal(11u, _of.Call("write", nvram, Bench.Scratch, 11));
        Assert.Equal(5u, _of.Call("write", nvram, Bench.Scratch, 11));
        Assert.Equal(0u, _of.Call("write", nvram, Bench.Scratch, 11));
        Assert.Equal(0u, _of.Call("seek", nvram, 0, 0x1ff0));
        Assert.Equal(16u, _of.Call("read", nvram, Bench.Scratch + 64, 64));
        Assert.Equal("boot-deviceboot-"u8.ToArray(), _of.Bytes(Bench.Scratch + 64, 16));
        Assert.Equal(Failed, _of.Call("seek", nvram, 0, 0x2001));
        Assert.Equal(Failed, _of.Call("seek", nvram, 1, 0));
        Assert.Equal(0u, _of.Call("seek", nvram, 0, 0));
        Assert.Equal(Failed, _of.Call("read", nvram, Outside, 4));
        Assert.Equal(Failed, _of.Call("write", nvram, Outside, 4));
        _of.Call("call-method", 3, [_of.Text("size"), nvram]);
        Assert.Equal([0u, 0u, 0x2000u], _of.Results);
    }

    [Fact]
    public void Block_size_as_a_service_asks_the_instance()
    {
        Assert.Equal(Failed, _of.Call("block-size", Stdout));
        Assert.Equal(Failed, _of.Call("#blocks", 0u));
    }

    private uint Chosen(string property)
    {
        Assert.True(_of.Tree.Find("/chosen")!.TryGetCell(property, 0, out uint value));
        return value;
    }

    private string PathOf(uint ihandle)
    {
        _of.Call("instance-to-path", ihandle, Bench.Scratch + 0x400, 128);
        return _of.String(Bench.Scratch + 0x400);
    }

    private sealed class RefusingPackage : IPackage
    {
        public bool HasMethod(ReadOnlySpan<byte> method) => true;

        public int Call(ReadOnlySpan<byte> method, MethodCall call)
        {
            call.Stack.Push(false);
            return CatchResult.Ok;
        }
    }
}
