using Firmament.DeviceTree;

namespace Firmament.Firmware.Tests.Forth;

/// <summary>What clients are known to send to "interpret"; the programs here do the same things in our own words.</summary>
public sealed class ClientProgramTests : IDisposable
{
    private readonly ForthBench _forth = new();

    private Bench Of => _forth.Of;

    public void Dispose() => _forth.Dispose();

    [Fact]
    public void Grub_allocates_and_frees_memory()
    {
        Assert.Equal(0u, Of.Call("interpret", 2, [Of.Text("alloc-mem"), 0x3000]));
        uint address = Of.Results[1];
        Assert.NotEqual(0u, address);
        Assert.False(_forth.Firmware.Memory.TryClaim(address, 0x1000));
        Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text("free-mem"), 0x3000, address]));
        Assert.True(_forth.Firmware.Memory.TryClaim(address, 0x3000));
    }

    [Theory]
    [InlineData("cursor-on")]
    [InlineData("cursor-off")]
    [InlineData("\" screen\" output")]
    [InlineData("\" keyboard\" input")]
    public void Grub_words_of_the_terminal_are_accepted(string text) => Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text(text)]));

    [Fact]
    public void Grub_leaves_by_word()
    {
        foreach (string word in (string[])["power-off", "shut-down", "poweroff", "reset-all"])
        {
            Of.Call("interpret", 1, [Of.Text(word)]);
        }

        Assert.Equal(
            [PlatformRequest.PowerOff, PlatformRequest.PowerOff, PlatformRequest.PowerOff, PlatformRequest.Reset],
            Of.Platform.Requests.Select(static request => request.Request));
    }

    [Fact]
    public void A_loader_defines_words_for_memory_and_uses_them_later()
    {
        // As yaboot does: names with odd characters, handles from /chosen in values, doubles to one cell, calls through $call-method.
        Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text(
            ": D2NIP decode-int nip nip ; : GPP$ get-package-property 0= ; : ^on0 0= if -1 throw then ; "
            + ": $CM $call-method ; \" /chosen\" find-package drop value chosen")]));
        Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text(
            "\" memory\" chosen GPP$ if D2NIP else 0 then value mem# \" mmu\" chosen GPP$ if D2NIP else 0 then value mmu# : ^mem mem# $CM ; : ^mmu mmu# $CM ;")]));
        Assert.Equal(0u, Of.Call("interpret", 2, [Of.Text("0 \" claim\" ^mem"), 0x1000, 0x00a00000]));
        Assert.Equal(0x00a00000u, Of.Results[1]);
        Assert.Equal(0u, Of.Call("interpret", 4, [Of.Text("\" translate\" ^mmu"), 0x5000]));
        Assert.Equal([0u, uint.MaxValue, 0x12u, 0x5000u], Of.Results);
        Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text(" 10 ms")]));
    }

    [Fact]
    public void A_loader_builds_a_package_of_words_and_calls_them()
    {
        // As BootX does: a node below /packages with methods that draw, wait and add up memory, later called by ihandle.
        Of.Tree.Root.AddChild("packages");
        Assert.Equal(0u, Of.Call("interpret", 2, [Of.Text("""
            " /packages" find-device
            new-device
            " sl_words" device-name
            external
            0 value out 0 value keys
            : open true ;
            : close ;
            : slw_set_output ( ihandle -- ) to out ;
            : slw_emit ( char -- ) pad c! pad 1 " write" out $call-method drop ;
            : slw_cr ( -- ) d# 13 slw_emit d# 10 slw_emit ;
            : slw_init_keymap ( ihandle -- size ) ['] drop catch if 0 else 20 then dup alloc-mem to keys keys 20 erase ;
            : slw_spin ( -- ) get-msecs 2 + begin dup get-msecs < until drop ;
            : slw_pwd ( phandle buf len -- actual ) 2drop drop 0 ;
            : slw_sum ( addr len -- sum ) 0 -rot bounds ?do i c@ + loop ;
            finish-device device-end
            " /packages/sl_words" find-package drop
            """)]));
        uint phandle = Of.Results[1];
        Assert.Equal("/packages/sl_words", Of.Tree.Find(phandle)!.Path);
        uint words = Of.Call("open", Of.Text("/packages/sl_words"));
        Assert.True(Of.Tree.Find("/chosen")!.TryGetCell("stdout", 0, out uint stdout));
        Assert.Equal([0u], Method("slw_set_output", words, 1, stdout));
        _ = _forth.Output;
        Assert.Equal([0u], Method("slw_emit", words, 1, 'x'));
        Assert.Equal([0u], Method("slw_cr", words, 1));
        Assert.Equal("x\r\n", _forth.Output);
        Assert.Equal([0u, 0x20u], Method("slw_init_keymap", words, 2, 0));
        Of.Write(Bench.Scratch, [1, 2, 3, 200]);
        Assert.Equal([0u, 206u], Method("slw_sum", words, 2, 4, Bench.Scratch));
        Assert.Equal(0u, Of.Call("interpret", 2, [Of.Text("\" slw_emit\" $find nip")]));
    }

    [Fact]
    public void A_kernel_adds_nodes_and_properties_that_a_board_lacks()
    {
        // As Linux does on boards whose tree is incomplete.
        Assert.Equal(0u, Of.Call("interpret", 1, [Of.Text(
            "s\" /pci\" find-device new-device s\" mdio\" device-name s\" fsl-mdio\" encode-string s\" compatible\" property "
            + "0 0 f0003000 0 400 reg finish-device s\" /pci/mdio\" find-device new-device s\" ethernet-phy\" device-name 0 encode-int s\" reg\" property finish-device device-end")]));
        DeviceNode phy = Of.Tree.Find("/pci/mdio/ethernet-phy")!;
        Assert.True(phy.TryGetCell("reg", 0, out uint reg));
        Assert.Equal(0u, reg);
        Assert.Equal("fsl-mdio", phy.Parent!.GetString("compatible"));
    }

    [Fact]
    public void Apple_words_that_mean_nothing_here_fail_alone()
    {
        Assert.Equal(unchecked((uint)-258), Of.Call("interpret", 1, [Of.Text("dev /memory0 0 to allow-reclaim")]));
        Assert.Equal(unchecked((uint)-13), Of.Call("interpret", 1, [Of.Text("dev /memory 0 to allow-reclaim")]));
        Assert.Equal([3], _forth.Run("device-end 1 2 +"));
    }

    private uint[] Method(string method, uint ihandle, int results, params ReadOnlySpan<uint> arguments)
    {
        Of.Call("call-method", results, [Of.Text(method), ihandle, .. arguments]);
        return Of.Results;
    }
}
