using Firmament.Core.State;
using Firmament.Firmware.Packages;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware.Tests;

public sealed class InstallTests : IDisposable
{
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    [Fact]
    public void A_client_starts_with_the_registers_of_the_binding()
    {
        EntryState state = _of.Firmware.CreateEntryState(0x400000, 0x900000, 0x1234);
        _of.Cpu.WriteGpr(2, 99);
        _of.Cpu.WriteGpr(31, 99);
        state.ApplyTo(_of.Cpu);
        Assert.Equal(0x400000u, _of.Cpu.Pc);
        Assert.Equal(0x3002u, _of.Cpu.Msr);
        Assert.Equal([0x900000u, 0x1234u, _of.Firmware.HandlerAddress], new[] { 3, 4, 5 }.Select(i => (uint)_of.Cpu.ReadGpr(i)));
        Assert.Equal("console=ttyS0 run=true", _of.String((uint)_of.Cpu.ReadGpr(6)));
        Assert.Equal(22u, _of.Cpu.ReadGpr(7));
        Assert.Equal([0u, 0u, 0u], new[] { 0, 2, 31 }.Select(i => (uint)_of.Cpu.ReadGpr(i)));
        uint stack = (uint)_of.Cpu.ReadGpr(1);
        Assert.Equal(0u, stack % 16);
        Assert.Equal(0u, _of.Cell(stack));
        Assert.True(stack - 0x8000 >= _of.Firmware.OwnMemory.Start && stack < _of.Firmware.OwnMemory.End);
    }

    [Fact]
    public void The_firmware_stays_clear_of_the_vectors_and_of_what_was_loaded()
    {
        Assert.True(_of.Firmware.OwnMemory.Start >= 0x4000);
        using FakePlatform platform = new();
        OpenFirmware firmware = Make(platform, Bench.BuildTree(platform.Ram.Size));
        Assert.True(firmware.Memory.TryClaim(0, 0xa66614));
        firmware.Install();
        Assert.True(firmware.OwnMemory.Start >= 0xa66614);
    }

    [Fact]
    public void A_machine_without_room_console_or_memory_node_is_refused_with_the_remedy()
    {
        using FakePlatform platform = new();
        OpenFirmware full = Make(platform, Bench.BuildTree(platform.Ram.Size));
        Assert.True(full.Memory.TryClaim(0, platform.Ram.Size));
        Assert.Contains("more memory", Assert.Throws<InvalidOperationException>(full.Install).Message, StringComparison.Ordinal);

        OpenFirmware mute = Make(platform, Bench.BuildTree(platform.Ram.Size), console: "/nothing");
        Assert.Contains("/nothing", Assert.Throws<InvalidOperationException>(mute.Install).Message, StringComparison.Ordinal);

        OpenFirmware bare = Make(platform, new DeviceTree.DeviceTree());
        Assert.Contains("memory", Assert.Throws<InvalidOperationException>(bare.Install).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_of_available_follow_the_root()
    {
        using FakePlatform platform = new();
        DeviceTree.DeviceTree tree = Bench.BuildTree(platform.Ram.Size);
        tree.Root.SetCells("#address-cells", 2).SetCells("#size-cells", 2);
        OpenFirmware firmware = Make(platform, tree);
        firmware.Install();
        Assert.Equal(firmware.Memory.Free.Count * 16, tree.Find("/memory")!["available"]!.Value.Length);
    }

    [Fact]
    public void Linux_prom_init_finds_all_it_needs_in_its_order()
    {
        uint chosen = _of.Find("/chosen");
        Assert.NotEqual(uint.MaxValue, _of.Find("/openprom"));
        Assert.Equal(4u, _of.Call("getprop", chosen, _of.Text("stdout"), Bench.Scratch, 4));
        uint stdout = _of.Cell(Bench.Scratch);
        Assert.Equal(9u, _of.Call("instance-to-path", stdout, Bench.Scratch, 255));
        Assert.Equal(9u, _of.Call("setprop", chosen, _of.Text("linux,stdout-path"), Bench.Scratch, 9));
        Assert.Equal(7u, _of.Call("getprop", _of.Call("instance-to-package", stdout), _of.Text("device_type"), Bench.Scratch, 16));
        Assert.Equal(23u, _of.Call("getprop", chosen, _of.Text("bootargs"), Bench.Scratch, 2047));
        Assert.Equal(8u, _of.Call("getprop", _of.Find("/memory"), _of.Text("reg"), Bench.Scratch, 64));
        uint rtas = _of.Find("/rtas");
        Assert.Equal(4u, _of.Call("getprop", rtas, _of.Text("rtas-size"), Bench.Scratch, 4));
        Assert.Equal(0x00fff000u, _of.Call("claim", 0x00fff000, _of.Cell(Bench.Scratch), 0));
        uint instance = _of.Call("open", _of.Text("/rtas"));
        Assert.Equal(0u, _of.Call("call-method", 2, [_of.Text("instantiate-rtas"), instance, 0x00fff000]));
        _of.Write(Bench.Scratch, Words.ToBytes([0x00fff000]));
        Assert.Equal(4u, _of.Call("setprop", rtas, _of.Text("linux,rtas-base"), Bench.Scratch, 4));
        _of.Call("getprop", chosen, _of.Text("stdin"), Bench.Scratch, 4);
        _of.Call("close", 0, [_of.Cell(Bench.Scratch)]);
        _of.Call("quiesce", 0, []);
        Assert.True(_of.Tree.Find("/rtas")!.TryGetCell("linux,rtas-base", 0, out uint address));
        Assert.Equal(0x00fff000u, address);
    }

    [Fact]
    public void The_same_calls_give_the_same_state_and_another_call_another()
    {
        using Bench other = new();
        Assert.Equal(Hash(_of), Hash(other));
        other.Call("open", other.Text("/failsafe"));
        Assert.NotEqual(Hash(_of), Hash(other));
        _of.Call("open", _of.Text("/failsafe"));
        Assert.Equal(Hash(_of), Hash(other));
        _of.Call("setprop", _of.Find("/chosen"), _of.Text("x"), 0, 0);
        Assert.NotEqual(Hash(_of), Hash(other));
    }

    private static string Hash(Bench of)
    {
        HashVisitor visitor = new();
        of.Firmware.Visit(visitor);
        return visitor.Result;
    }

    private static OpenFirmware Make(FakePlatform platform, DeviceTree.DeviceTree tree, string console = "/failsafe")
    {
        OpenFirmware firmware = new(platform, tree, new FirmwareOptions { ConsolePath = console, Rtas = PegasosRtas.For(platform) });
        if (tree.Root.Child("failsafe") is { } node)
        {
            firmware.Attach(node, new ConsolePackage(platform));
        }

        return firmware;
    }
}
