using Firmament.Core.State;
using Firmament.DeviceTree;

namespace Firmament.Firmware.Tests.Forth;

public sealed class DeviceWordsTests : IDisposable
{
    private readonly ForthBench _forth = new();

    public void Dispose() => _forth.Dispose();

    [Fact]
    public void The_tree_is_walked_and_shown()
    {
        Assert.Equal("/pci@80000000/isa@c\r\n", _forth.Print("dev /pci/isa pwd"));
        Assert.Matches("^[0-9a-f]{8} rtc@i70\r\n[0-9a-f]{8} serial@i2f8\r\n$", _forth.Print("ls"));
        Assert.Equal("/pci@80000000\r\n", _forth.Print("dev .. pwd"));
        Assert.Equal("/pci@80000000/ide@c,1\r\n", _forth.Print("\" hd\" find-device pwd"));
        Assert.Equal("name                    \"ide\"\r\ndevice_type             \"spi\"\r\nempty                   \r\n", _forth.Print(".properties"));
        Assert.Contains("/pci@80000000/isa@c/rtc@i70\r\n", _forth.Print("device-end show-devs"), StringComparison.Ordinal);
        Assert.Equal(-260, _forth.Try("pwd"));
        Assert.Equal(-258, _forth.Try("dev /nowhere"));
        Assert.Equal("hd                      /pci@80000000/ide@c,1\r\n", _forth.Print("devalias hd"));
        Assert.Equal("/pci@80000000/ide@c,1\r\n", _forth.Print("devalias disk hd:2  dev disk pwd"));
    }

    [Fact]
    public void Properties_are_made_read_and_removed()
    {
        _forth.Run("dev /chosen  1 encode-int 2 encode-int encode+ \" two\" property  \" text\" encode-string \" s\" property  0 0 \" none\" property");
        DeviceNode chosen = _forth.Of.Tree.Find("/chosen")!;
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 2], chosen["two"]!.Value.ToArray());
        Assert.Equal("text", chosen.GetString("s"));
        Assert.Empty(chosen["none"]!.Value.ToArray());
        Assert.Equal([1, 2, 0], _forth.Run("\" two\" \" /chosen\" find-package drop get-package-property drop decode-int -rot decode-int nip nip 0"));
        Assert.Equal("text 0 ", _forth.Print("\" s\" get-my-property drop decode-string type space nip ."));
        Assert.Equal([-1], _forth.Run("\" nosuch\" get-my-property"));
        Assert.Equal([0x61, 0], _forth.Run("\" abc\" encode-bytes drop c@  0"));
        _forth.Run("\" s\" delete-property");
        Assert.Null(chosen["s"]);
        Assert.Equal("none", _forth.Print("\" two\" \" /chosen\" find-package drop next-property drop type"));
        Assert.Equal("Pegasos2", _forth.Print("dev /pci/isa \" model\" get-inherited-property drop decode-string type 2drop"));
        Assert.Equal([1], _forth.Run("\" name\" \" /\" find-package drop get-package-property drop decode-string \" bplan,Pegasos2\" $= nip nip 1 and"));
    }

    [Fact]
    public void Packages_are_opened_and_their_methods_called()
    {
        Assert.Equal("hello\r\n", _forth.Print("\" /failsafe\" open-dev value c \" hello\" \" write\" c $call-method drop cr c close-dev"));
        Assert.Equal([6, -1], _forth.Run("\" /failsafe\" open-dev value c  \" second\" \" write\" c ihandle>phandle find-method drop c call-package \" write\" c ihandle>phandle find-method nip"));
        Assert.Equal(-21, _forth.Try("0 0 \" nosuch\" c $call-method"));
        Assert.Equal(-259, _forth.Try("\" write\" 12345 $call-method"));
        Assert.Equal([0], _forth.Run("\" /nowhere\" open-dev"));
        Assert.Equal([2026, 11, 22, 18, 22, 7], _forth.Run("decimal \" /pci/isa/rtc\" \" get-time\" execute-device-method drop hex").Reverse());
        Assert.Equal([0], _forth.Run("\" /pci/isa/rtc\" \" nosuch\" execute-device-method"));
    }

    [Fact]
    public void Methods_in_forth_are_found_by_clients_and_hide_those_of_the_machine()
    {
        _forth.Run("dev /pci/ide  : open true ; : close ; : twice ( n -- 2n ) 2* ; : me my-self ; instance variable count  5 instance value five  : bump 1 count +! count @ five ; : set to five ; device-end");
        uint first = _forth.Of.Call("open", _forth.Of.Text("/pci/ide"));
        uint second = _forth.Of.Call("open", _forth.Of.Text("hd"));
        Assert.NotEqual(0u, first);
        Assert.Equal(14u, Method("twice", first, 2, 7)[1]);
        Assert.Equal(first, Method("me", first, 2)[1]);
        Assert.Equal([0u, 5u, 1u], Method("bump", first, 3));
        Assert.Equal([0u, 5u, 2u], Method("bump", first, 3));
        Assert.Equal([0u], Method("set", second, 1, 9));
        Assert.Equal([0u, 9u, 1u], Method("bump", second, 3));
        Assert.Equal([0u, 5u, 3u], Method("bump", first, 3));
        Assert.Equal(0u, _forth.Of.Call("test-method", _forth.Of.Find("/pci/ide"), _forth.Of.Text("twice")));
        _forth.Of.Call("close", 0, [first]);
        _forth.Of.Call("close", 0, [second]);
        Assert.Equal(unchecked((uint)-4), Method("twice", _forth.Of.Call("open", _forth.Of.Text("hd")), 1)[0]);
    }

    [Fact]
    public void A_method_calls_its_parent_and_c_sharp_calls_it_again()
    {
        _forth.Run("dev /pci  : open true ; : add1 1+ ; dev /pci/ide : open true ; : add2 \" add1\" $call-parent \" add1\" $call-parent ; : args my-args ; device-end");
        uint ide = _forth.Of.Call("open", _forth.Of.Text("/pci/ide:some,args"));
        Assert.Equal([0u, 12u], Method("add2", ide, 2, 10));
        uint[] args = Method("args", ide, 3);
        Assert.Equal("some,args", System.Text.Encoding.Latin1.GetString(_forth.Of.Bytes(args[2], (int)args[1])));
    }

    [Fact]
    public void Calls_that_nest_forever_end()
    {
        _forth.Run("dev /pci/ide : open \" /pci/ide\" open-dev ; device-end");
        Assert.Equal(0u, _forth.Of.Call("open", _forth.Of.Text("/pci/ide")));
        Assert.Equal([3], _forth.Run("1 2 +"));
    }

    [Fact]
    public void A_node_is_made_and_survives_save_and_restore()
    {
        _forth.Run("dev /pci new-device \" scsi\" device-name \" scsi-2\" device-type 0 0 1800 0 100 reg 5 encode-int \" x\" property : open true ; : five 5 ; finish-device device-end");
        DeviceNode scsi = _forth.Of.Tree.Find("/pci/scsi")!;
        Assert.Equal("/pci@80000000/scsi@3", scsi.Path);
        Assert.Equal("scsi-2", scsi.GetString("device_type"));
        uint ihandle = _forth.Of.Call("open", _forth.Of.Text("/pci/scsi"));
        Assert.Equal([0u, 5u], Method("five", ihandle, 2));

        using ForthBench other = new();
        other.Run("dev / new-device \" extra\" device-name finish-device device-end");
        Copy(_forth, other);
        Assert.Null(other.Of.Tree.Find("/extra"));
        Assert.Equal(Hash(_forth), Hash(other));
        Assert.Equal(scsi.Phandle, other.Of.Tree.Find("/pci/scsi")!.Phandle);
        Assert.Equal(0, other.Try("value h \" five\" h $call-method", out int[] stack, ihandle));
        Assert.Equal([5], stack);
        _forth.Run("dev / new-device \" later\" device-name finish-device device-end");
        other.Run("dev / new-device \" later\" device-name finish-device device-end");
        Assert.Equal(_forth.Of.Tree.Find("/later")!.Phandle, other.Of.Tree.Find("/later")!.Phandle);
    }

    [Fact]
    public void A_package_is_described_by_a_script()
    {
        _forth.Run("dev /pci : open true ; : close ; device-end  0 0 \" 5\" \" /pci\" begin-package \" dev5\" device-name : hello 77 ; end-package");
        Assert.Equal("/pci@80000000/dev5@5", _forth.Of.Tree.Find("/pci/dev5")!.Path);
        Assert.Equal([0x77], _forth.Run("\" /pci/dev5\" find-package drop \" hello\" rot find-method drop execute"));
        Assert.Equal([0], _forth.Run("my-self"));
    }

    private static void Copy(ForthBench from, ForthBench to)
    {
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        save.Memory("ram", from.Of.Platform.Ram);
        save.Component("firmware", from.Firmware);
        save.Complete();
        stream.Position = 0;
        LoadVisitor load = new(stream);
        load.Memory("ram", to.Of.Platform.Ram);
        load.Component("firmware", to.Firmware);
        load.Complete();
    }

    private static string Hash(ForthBench forth)
    {
        HashVisitor hash = new();
        hash.Component("firmware", forth.Firmware);
        return hash.Result;
    }

    private uint[] Method(string method, uint ihandle, int results, params ReadOnlySpan<uint> arguments)
    {
        _forth.Of.Call("call-method", results, [_forth.Of.Text(method), ihandle, .. arguments]);
        return _forth.Of.Results;
    }
}
