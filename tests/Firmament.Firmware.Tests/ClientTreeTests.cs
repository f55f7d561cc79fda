using System.Text;

namespace Firmament.Firmware.Tests;

public sealed class ClientTreeTests : IDisposable
{
    private const uint Failed = uint.MaxValue;
    private const uint Outside = 0xf0000000;
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    [Theory]
    [InlineData("getprop", 0)]
    [InlineData("call-method", 0)]
    [InlineData("no-such-service", -1)]
    public void Test_says_which_services_exist(string service, int missing) =>
        Assert.Equal((uint)missing, _of.Call("test", _of.Text(service)));

    [Fact]
    public void Peer_child_and_parent_walk_every_node_once()
    {
        uint root = _of.Call("peer", 0u);
        Assert.Equal(_of.Tree.Root.Phandle, root);
        List<string> seen = [];
        Walk(root);
        Assert.Equal(_of.Tree.NodeCount, seen.Count);
        Assert.Equal("/", seen[0]);
        Assert.Contains("/pci@80000000/isa@c/serial@i2f8", seen);
        Assert.Equal(0u, _of.Call("parent", root));
        Assert.Equal(0u, _of.Call("peer", root));

        void Walk(uint node)
        {
            seen.Add(_of.Tree.Find(node)!.Path);
            for (uint child = _of.Call("child", node); child != 0; child = _of.Call("peer", child))
            {
                Assert.Equal(node, _of.Call("parent", child));
                Walk(child);
            }
        }
    }

    [Theory]
    [InlineData("peer")]
    [InlineData("child")]
    [InlineData("parent")]
    public void A_phandle_that_does_not_exist_has_no_relatives(string service)
    {
        Assert.Equal(0u, _of.Call(service, 0x12345678u));
        Assert.Equal(0u, _of.Call(service, Failed));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/chosen")]
    [InlineData("/memory")]
    [InlineData("/memory@0")]
    [InlineData("/pci@80000000/ide@C,1")]
    [InlineData("/pci/ide")]
    [InlineData("screen")]
    [InlineData("hd:1,\\boot\\yaboot")]
    [InlineData("/failsafe:115200,8,n,1")]
    public void Finddevice_finds_paths_aliases_and_ignores_arguments(string path) =>
        Assert.Equal(_of.Tree.Find(path)!.Phandle, _of.Find(path));

    [Theory]
    [InlineData("/nothing")]
    [InlineData("nothing")]
    [InlineData("")]
    public void Finddevice_of_an_unknown_path_answers_minus_one(string path) => Assert.Equal(Failed, _of.Find(path));

    [Theory]
    [InlineData(Outside)]
    [InlineData(0u)]
    [InlineData(0xffffffffu)]
    public void Finddevice_of_a_bad_pointer_answers_minus_one(uint pointer) => Assert.Equal(Failed, _of.Call("finddevice", pointer));

    [Fact]
    public void An_unterminated_string_at_the_end_of_memory_fails_and_a_terminated_one_does_not()
    {
        uint end = (uint)_of.Platform.Ram.Size;
        _of.Write(end - 8, "/chosen\0"u8);
        Assert.Equal(_of.Tree.Find("/chosen")!.Phandle, _of.Call("finddevice", end - 8));
        _of.Write(end - 8, "/chosenx"u8);
        Assert.Equal(Failed, _of.Call("finddevice", end - 8));
    }

    [Fact]
    public void A_string_longer_than_any_path_fails()
    {
        _of.Platform.Ram.TryFill(new(0x300000), 0x100000, (byte)'/');
        Assert.Equal(Failed, _of.Call("finddevice", 0x300000u));
    }

    [Fact]
    public void Getprop_copies_what_fits_and_returns_the_real_size()
    {
        uint node = _of.Find("/openprom");
        _of.Write(Bench.Scratch, "xxxxxxxxxxxxxxxx"u8);
        Assert.Equal(13u, _of.Call("getprop", node, _of.Text("model"), Bench.Scratch, 4));
        Assert.Equal("Pegaxxxx", Encoding.Latin1.GetString(_of.Bytes(Bench.Scratch, 8)));
        Assert.Equal(13u, _of.Call("getprop", node, _of.Text("model"), Bench.Scratch, 64));
        Assert.Equal("Pegasos2,1.1", _of.String(Bench.Scratch));
        Assert.Equal(13u, _of.Call("getproplen", node, _of.Text("model")));
    }

    [Fact]
    public void Getprop_of_what_does_not_exist_answers_minus_one()
    {
        uint node = _of.Find("/openprom");
        Assert.Equal(Failed, _of.Call("getprop", node, _of.Text("nothing"), Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("getproplen", node, _of.Text("nothing")));
        Assert.Equal(Failed, _of.Call("getprop", 0, _of.Text("model"), Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("getprop", Failed, _of.Text("model"), Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("getprop", node, 0, Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("getprop", node, Outside, Bench.Scratch, 4));
    }

    [Fact]
    public void Getprop_into_a_bad_buffer_answers_minus_one()
    {
        uint node = _of.Find("/openprom");
        Assert.Equal(Failed, _of.Call("getprop", node, _of.Text("model"), Outside, 64));
        Assert.Equal(Failed, _of.Call("getprop", node, _of.Text("model"), 0xfffffffc, 64));
        Assert.Equal(13u, _of.Call("getprop", node, _of.Text("model"), (uint)_of.Platform.Ram.Size - 13, 64));
        Assert.Equal(Failed, _of.Call("getprop", node, _of.Text("model"), (uint)_of.Platform.Ram.Size - 12, 64));
    }

    [Fact]
    public void An_empty_property_has_length_0()
    {
        uint node = _of.Find("hd");
        Assert.Equal(0u, _of.Call("getproplen", node, _of.Text("empty")));
        Assert.Equal(0u, _of.Call("getprop", node, _of.Text("empty"), 0, 0));
    }

    [Fact]
    public void Name_is_implicit_without_the_unit_address()
    {
        Assert.Equal(4u, _of.Call("getprop", _of.Find("hd"), _of.Text("name"), Bench.Scratch, 32));
        Assert.Equal("ide", _of.String(Bench.Scratch));
        Assert.Equal(15u, _of.Call("getproplen", _of.Find("/"), _of.Text("name")));
    }

    [Fact]
    public void Nextprop_lists_every_property_once_and_the_implicit_name()
    {
        Assert.Equal(["name", "device_type", "empty"], List(_of.Find("hd"), 0));
        Assert.Equal(["name", "device_type", "empty"], List(_of.Find("hd"), _of.Text("")));
        Assert.Equal("name", List(_of.Find("/"), 0)[0]);
        Assert.Single(List(_of.Find("/"), 0), "name");
    }

    [Fact]
    public void Nextprop_of_an_unknown_property_or_node_or_into_a_bad_buffer_answers_minus_one()
    {
        uint node = _of.Find("hd");
        Assert.Equal(Failed, _of.Call("nextprop", node, _of.Text("nothing"), Bench.Scratch));
        Assert.Equal(Failed, _of.Call("nextprop", 0xabcd, 0, Bench.Scratch));
        Assert.Equal(Failed, _of.Call("nextprop", node, 0, Outside));
        Assert.Equal(Failed, _of.Call("nextprop", node, _of.Text("name"), Outside));
        Assert.Equal(Failed, _of.Call("nextprop", node, Outside, Bench.Scratch));
        Assert.Equal(0u, _of.Call("nextprop", node, _of.Text("empty"), Bench.Scratch));
    }

    [Fact]
    public void Setprop_creates_and_replaces()
    {
        uint node = _of.Find("/chosen");
        _of.Write(Bench.Scratch, [1, 2, 3, 4, 5]);
        Assert.Equal(5u, _of.Call("setprop", node, _of.Text("linux,test"), Bench.Scratch, 5));
        Assert.Equal([1, 2, 3, 4, 5], _of.Tree.Find("/chosen")!["linux,test"]!.Value.ToArray());
        Assert.Equal(2u, _of.Call("setprop", node, _of.Text("linux,test"), Bench.Scratch + 1, 2));
        Assert.Equal([2, 3], _of.Tree.Find("/chosen")!["linux,test"]!.Value.ToArray());
        Assert.Equal(0u, _of.Call("setprop", node, _of.Text("flag"), 0, 0));
        Assert.Equal(0u, _of.Call("getproplen", node, _of.Text("flag")));
    }

    [Fact]
    public void Setprop_with_bad_arguments_changes_nothing()
    {
        uint node = _of.Find("/chosen");
        int before = _of.Tree.Find("/chosen")!.Properties.Count;
        Assert.Equal(Failed, _of.Call("setprop", 0, _of.Text("a"), Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("setprop", node, _of.Text(""), Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("setprop", node, Outside, Bench.Scratch, 4));
        Assert.Equal(Failed, _of.Call("setprop", node, _of.Text("a"), Outside, 4));
        Assert.Equal(Failed, _of.Call("setprop", node, _of.Text("a"), Bench.Scratch, Failed));
        Assert.Equal(Failed, _of.Call("setprop", node, _of.Text(new string('a', 300)), Bench.Scratch, 4));
        Assert.Equal(before, _of.Tree.Find("/chosen")!.Properties.Count);
    }

    [Fact]
    public void Properties_cannot_grow_the_host_without_bound()
    {
        uint node = _of.Find("/chosen");
        int stored = 0;
        while (stored < 1000 && _of.Call("setprop", node, _of.Text($"p{stored}"), 0x300000, 0x100000) != Failed)
        {
            stored++;
        }

        Assert.InRange(stored, 1, 31);
    }

    [Fact]
    public void Canon_expands_aliases_keeps_arguments_and_never_passes_the_buffer()
    {
        const string Path = "/pci@80000000/ide@c,1:2,\\vmlinux";
        _of.Platform.Ram.TryFill(new(Bench.Scratch), 64, 0xff);
        Assert.Equal((uint)Path.Length, _of.Call("canon", _of.Text("hd:2,\\vmlinux"), Bench.Scratch, 64));
        Assert.Equal(Path, _of.String(Bench.Scratch));
        _of.Platform.Ram.TryFill(new(Bench.Scratch), 64, 0xff);
        Assert.Equal((uint)Path.Length, _of.Call("canon", _of.Text("hd:2,\\vmlinux"), Bench.Scratch, 4));
        Assert.Equal([(byte)'/', (byte)'p', (byte)'c', (byte)'i', 0xff], _of.Bytes(Bench.Scratch, 5));
        Assert.Equal(Failed, _of.Call("canon", _of.Text("nothing"), Bench.Scratch, 64));
        Assert.Equal(Failed, _of.Call("canon", _of.Text("hd"), Outside, 64));
    }

    [Fact]
    public void Package_to_path_does_not_count_the_nul_and_stays_in_the_buffer()
    {
        uint node = _of.Find("hd");
        _of.Platform.Ram.TryFill(new(Bench.Scratch), 64, 0xff);
        Assert.Equal(21u, _of.Call("package-to-path", node, Bench.Scratch, 21));
        Assert.Equal(0xff, _of.Bytes(Bench.Scratch, 22)[21]);
        Assert.Equal(21u, _of.Call("package-to-path", node, Bench.Scratch, 22));
        Assert.Equal("/pci@80000000/ide@c,1", _of.String(Bench.Scratch));
        Assert.Equal(21u, _of.Call("package-to-path", node, 0, 0));
        Assert.Equal(Failed, _of.Call("package-to-path", 0x9999, Bench.Scratch, 22));
        Assert.Equal(Failed, _of.Call("package-to-path", node, Outside, 22));
    }

    [Fact]
    public void Instance_to_path_keeps_arguments_and_instance_to_package_gives_the_node()
    {
        uint ihandle = _of.Call("open", _of.Text("/failsafe:9600"));
        Assert.Equal(14u, _of.Call("instance-to-path", ihandle, Bench.Scratch, 64));
        Assert.Equal("/failsafe:9600", _of.String(Bench.Scratch));
        Assert.Equal(14u, _of.Call("instance-to-interposed-path", ihandle, Bench.Scratch, 64));
        Assert.Equal(_of.Find("/failsafe"), _of.Call("instance-to-package", ihandle));
        Assert.Equal(Failed, _of.Call("instance-to-path", 0, Bench.Scratch, 64));
        Assert.Equal(Failed, _of.Call("instance-to-package", 0xfffffffe));
        Assert.Equal(Failed, _of.Call("instance-to-interposed-path", 1, Bench.Scratch, 64));
    }

    [Fact]
    public void Find_package_takes_paths_and_support_packages()
    {
        Assert.Equal(_of.Find("/chosen"), _of.Call("find-package", _of.Text("/chosen")));
        Assert.Equal(Failed, _of.Call("find-package", _of.Text("no-such-package")));
        Assert.Equal(_of.Find("/packages/disk-label"), _of.Call("find-package", _of.Text("disk-label")));
        Assert.Equal(Failed, _of.Call("find-package", _of.Text("")));
        Assert.Equal(Failed, _of.Call("find-package", Outside));
    }

    [Fact]
    public void Test_method_tells_what_call_method_would_find()
    {
        Assert.Equal(0u, _of.Call("test-method", _of.Find("/rtas"), _of.Text("instantiate-rtas")));
        Assert.Equal(Failed, _of.Call("test-method", _of.Find("/rtas"), _of.Text("nothing")));
        Assert.Equal(Failed, _of.Call("test-method", _of.Find("/chosen"), _of.Text("open")));
        Assert.Equal(Failed, _of.Call("test-method", 0x9999, _of.Text("open")));
    }

    [Fact]
    public void Getprop_allocates_nothing()
    {
        _of.Platform.Tracer.Enabled = Core.Tracing.TraceCategory.None;
        uint node = _of.Find("/openprom");
        uint array = _of.ArrayOf(_of.Text("getprop"), 1, node, _of.Text("model"), Bench.Scratch, 64);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(0, _of.Firmware.Client.Call(_of.Cpu, array));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = _of.Firmware.Client.Call(_of.Cpu, array);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private List<string> List(uint node, uint previous)
    {
        List<string> names = [];
        while (_of.Call("nextprop", node, previous, Bench.Scratch) == 1 && names.Count < 100)
        {
            names.Add(_of.String(Bench.Scratch));
            previous = _of.Text(names[^1]);
        }

        return names;
    }
}
