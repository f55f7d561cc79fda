using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Packages.Network;

namespace Firmament.Firmware.Tests.Network;

public sealed class NetworkPackageTests : IDisposable
{
    private const string Grub = "speed=auto,duplex=auto,1.1.1.1,dummy,1.1.1.1,1.1.1.1,5,5,1.1.1.1,512";
    private const uint Nothing = unchecked((uint)-2);

    private readonly NetworkLab _lab = new();

    private Bench Of => _lab.Bench;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":" + Grub)]
    [InlineData(":,,,,,,,,,,,,=,")]
    [InlineData(@":10.0.2.2,\boot\grub")]
    public void Any_arguments_open_the_card(string arguments)
    {
        uint ihandle = Of.Call("open", Of.Text(_lab.Node.Path + arguments));
        Assert.NotEqual(0u, ihandle);
        Assert.Equal(1, _lab.Card.Starts);
        Of.Call("close", 0, [ihandle]);
        Assert.Equal(0, _lab.Card.Starts);
        Assert.Empty(_lab.Card.Sent);
    }

    [Fact]
    public void A_card_that_does_not_start_does_not_open()
    {
        _lab.Card.CanStart = false;
        Assert.Equal(0u, Of.Call("open", Of.Text(_lab.Node.Path)));
        Assert.Equal(0, _lab.Card.Starts);
    }

    [Fact]
    public void Frames_are_read_whole_and_cut_to_the_buffer()
    {
        uint ihandle = _lab.Open(Grub).Ihandle;
        Assert.Equal(Nothing, Of.Call("read", ihandle, Bench.Scratch, 2000));
        byte[] frame = NetworkLab.Content(1514);
        _lab.Card.Deliver(frame);
        _lab.Card.Deliver(frame);
        Assert.Equal(1514u, Of.Call("read", ihandle, Bench.Scratch, 2000));
        Assert.Equal(frame, Of.Bytes(Bench.Scratch, 1514));
        Assert.Equal(20u, Of.Call("read", ihandle, Bench.Scratch, 20));
        Assert.Equal(Nothing, Of.Call("read", ihandle, Bench.Scratch, 2000));
    }

    [Fact]
    public void A_bad_buffer_loses_no_frame()
    {
        uint ihandle = _lab.Open(null).Ihandle;
        _lab.Card.Deliver(NetworkLab.Content(60));
        Assert.Equal(uint.MaxValue, Of.Call("read", ihandle, 0xfffffff0, 2000));
        Assert.Equal(60u, Of.Call("read", ihandle, Bench.Scratch, 2000));
        Assert.Equal(uint.MaxValue, Of.Call("write", ihandle, 0xfffffff0, 60));
        Assert.Empty(_lab.Card.Sent);
    }

    [Fact]
    public void Frames_are_written_and_short_ones_padded()
    {
        uint ihandle = _lab.Open(null).Ihandle;
        Of.Write(Bench.Scratch, NetworkLab.Content(1600));
        Assert.Equal(1514u, Of.Call("write", ihandle, Bench.Scratch, 1514));
        Assert.Equal(42u, Of.Call("write", ihandle, Bench.Scratch, 42));
        Assert.Equal(uint.MaxValue, Of.Call("write", ihandle, Bench.Scratch, 13));
        Assert.Equal(uint.MaxValue, Of.Call("write", ihandle, Bench.Scratch, 1515));
        Assert.Equal(2, _lab.Card.Sent.Count);
        Assert.Equal(NetworkLab.Content(1514), _lab.Card.Sent[0]);
        Assert.Equal([.. NetworkLab.Content(42), .. new byte[18]], _lab.Card.Sent[1]);
    }

    [Fact]
    public void Load_reads_the_file_and_notes_where_from()
    {
        uint ihandle = _lab.Open(null).Ihandle;
        Of.Call("call-method", 2, [Of.Text("load"), ihandle, NetworkLab.LoadAddress]);
        Assert.Equal([0u, 5000u], Of.Results);
        Assert.Equal(NetworkLab.Content(5000), Of.Bytes(NetworkLab.LoadAddress, 5000));
        Assert.Equal(@"/pci@80000000/ethernet@d:10.0.2.2,boot\grub.elf,10.0.2.15,10.0.2.2,5,5,255.255.255.0,1428" + "\0", _lab.Text("bootpath"));

        // The path that was noted boots the same again, and asks for no address.
        int asked = _lab.Server.DhcpRequests.Count;
        uint again = Of.Call("open", Of.Text(_lab.Text("bootpath")!));
        Of.Call("call-method", 2, [Of.Text("load"), again, NetworkLab.LoadAddress]);
        Assert.Equal([0u, 5000u], Of.Results);
        Assert.Equal(asked, _lab.Server.DhcpRequests.Count);
    }

    [Fact]
    public void Load_fails_where_there_is_nothing_or_no_memory()
    {
        uint ihandle = _lab.Open(",none").Ihandle;
        Of.Call("call-method", 2, [Of.Text("load"), ihandle, NetworkLab.LoadAddress]);
        Assert.NotEqual(0u, Of.Results[0]);
        ihandle = _lab.Open(null).Ihandle;
        Of.Call("call-method", 2, [Of.Text("load"), ihandle, 0xfff00000]);
        Assert.NotEqual(0u, Of.Results[0]);
        Of.Call("call-method", 2, [Of.Text("load"), ihandle, (uint)Of.Firmware.OwnMemory.Start]);
        Assert.NotEqual(0u, Of.Results[0]);
        Assert.Equal(2, _lab.Card.Starts);
    }

    [Fact]
    public void Dma_memory_is_claimed_in_pages()
    {
        uint ihandle = _lab.Open(null).Ihandle;
        Of.Call("call-method", 2, [Of.Text("dma-alloc"), ihandle, 65536]);
        Assert.Equal(0u, Of.Results[0]);
        uint address = Of.Results[1];
        Assert.Equal(0u, address % 4096);
        Assert.Equal(uint.MaxValue, Of.Call("claim", address, 4096, 0));
        Of.Call("call-method", 1, [Of.Text("dma-free"), ihandle, 65536, address]);
        Assert.Equal(0u, Of.Results[0]);
        Assert.Equal(address, Of.Call("claim", address, 65536, 0));
        Of.Call("call-method", 2, [Of.Text("dma-alloc"), ihandle, 0x7fffffff]);
        Assert.NotEqual(0u, Of.Results[0]);
    }

    [Fact]
    public void The_node_gets_what_it_lacks_and_keeps_what_it_has()
    {
        Assert.Equal("network", _lab.Node.GetString("device_type"));
        Assert.Equal(FakeCard.Station, _lab.Node["mac-address"]!.Value.ToArray());
        Assert.True(_lab.Node.TryGetCell("max-frame-size", 0, out uint size));
        Assert.Equal(1514u, size);
        Assert.True(_lab.Node.TryGetCell("address-bits", 0, out uint bits));
        Assert.Equal(48u, bits);
        DeviceNode lan = Of.Tree.Root.AddChild("l-lan@30000002");
        lan.Set("local-mac-address", new byte[] { 0, 0, 2, 3, 4, 5, 6, 7 }).SetCells("max-frame-size", 16384);
        NetworkPackage.Attach(Of.Firmware, lan, _lab.Card);
        Assert.Equal(8, lan["local-mac-address"]!.Value.Length);
        Assert.True(lan.TryGetCell("max-frame-size", 0, out size));
        Assert.Equal(16384u, size);
    }

    [Fact]
    public void Addresses_that_are_none_are_named()
    {
        Assert.Null(_lab.Find("nohost,file"));
        Assert.Equal("net: \"nohost\" is no IPv4 address or number\r\n", _lab.Output);
        Assert.Empty(_lab.Card.Sent);
        Assert.Null(_lab.Find("," + new string('x', 500)));
    }

    [Fact]
    public void A_tree_at_its_limit_still_boots()
    {
        int fillers = 0;
        for (long size = Of.Tree.FootprintLimit; size > 0; size /= 2)
        {
            _ = _lab.Chosen.TrySet(Encoding.ASCII.GetBytes($"filler{fillers++}"), new byte[size]);
        }

        _lab.AssertBoots();
        Assert.Null(_lab.Chosen["bootp-response"]);
    }
}
