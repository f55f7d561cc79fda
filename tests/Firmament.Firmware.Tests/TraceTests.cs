using Firmament.Core.Tracing;

namespace Firmament.Firmware.Tests;

public sealed class TraceTests : IDisposable
{
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    private string Last => string.Join(' ', _of.Platform.Events[^1].Fields.Select(static f => $"{f.Key}={f.Value}"));

    [Fact]
    public void Strings_handles_and_values_are_decoded()
    {
        uint node = _of.Find("/openprom");
        Assert.Equal($"specifier=\"/openprom\" phandle=0x{node:x}(/openprom) pc=0x01000040", Last);
        _of.Call("getprop", node, _of.Text("model"), Bench.Scratch, 64);
        Assert.Equal($"phandle=0x{node:x}(/openprom) name=\"model\" buf=0x210000 buflen=64 size=13 value=\"Pegasos2,1.1\" pc=0x01000040", Last);
        _of.Call("getprop", _of.Find("/memory"), _of.Text("reg"), Bench.Scratch, 64);
        Assert.Contains("size=8 value=[00000000 01000000]", Last, StringComparison.Ordinal);
        _of.Call("nextprop", node, 0, Bench.Scratch);
        Assert.Contains("previous=null buf=0x210000 flag=1 value=\"name\"", Last, StringComparison.Ordinal);
        _of.Call("write", Stdout(), _of.Text("hello\r\n"), 7);
        Assert.Contains("(/failsafe) addr=\"hello\r\n\" len=7 actual=7", Last, StringComparison.Ordinal);
        _of.Call("write", Stdout(), _of.Text("a\" pc=\\0"), 8);
        Assert.Contains("addr=\"a\\\" pc=\\\\0\" len=8", Last, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_method_shows_its_stack_arguments_and_results()
    {
        uint rtas = _of.Call("open", _of.Text("/rtas"));
        _of.Call("call-method", 2, [_of.Text("instantiate-rtas"), rtas, 0x00ff0000]);
        Assert.Equal($"method=\"instantiate-rtas\" ihandle=0x{rtas:x}(/rtas) arg3=0xff0000 catch-result=0 result2=0xff0000 pc=0x01000040", Last);
    }

    [Fact]
    public void Unknown_services_and_wrong_counts_are_traced_as_refused()
    {
        _of.CallRaw("nothing", 1, 5);
        Assert.Equal("arg1=0x5 refused=unknown service pc=0x01000040", Last);
        _of.Rtas(0x55, 1, 1);
        Assert.Contains(_of.Platform.Events, static e => e.Source == "rtas" && e.Name == "token 0x55");
        _of.Rtas(20, 3);
        Assert.Contains(_of.Platform.Events, static e => e.Source == "rtas" && e.Name == "system-reboot" && e.Fields.Any(static f => f.Key == "refused"));
    }

    [Fact]
    public void Rtas_calls_show_names_and_results()
    {
        _of.Rtas(8, 2, 0x6000, 4);
        Assert.Equal("read-pci-config", _of.Platform.Events[^1].Name);
        Assert.Equal("addr=0x6000 size=4 status=0 value=0xffffffff pc=0x01000040", Last);
    }

    [Fact]
    public void What_a_guest_passes_cannot_make_a_line_long_or_a_trace_fail()
    {
        _of.Platform.Ram.TryFill(new(0x300000), 0x100000, (byte)'x');
        _of.Call("finddevice", 0x300000u);
        Assert.InRange(Last.Length, 100, 400);
        _of.Call("write", Stdout(), 0x300000, 0x100000);
        Assert.InRange(Last.Length, 100, 400);
        _of.Call("setprop", _of.Find("/chosen"), _of.Text("x"), 0xf0000000, 0xffffffff);
        Assert.Contains("0xf0000000(unreadable)", Last, StringComparison.Ordinal);
        _of.CallRaw("interpret", 200, new uint[200]);
        Assert.InRange(Last.Length, 10, 800);
    }

    [Fact]
    public void Nothing_is_traced_when_the_category_is_off()
    {
        _of.Platform.Tracer.Enabled = TraceCategory.None;
        int before = _of.Platform.Events.Count;
        _of.Find("/chosen");
        _of.CallRaw("nothing", 1);
        Assert.Equal(before, _of.Platform.Events.Count);
    }

    private uint Stdout()
    {
        Assert.True(_of.Tree.Find("/chosen")!.TryGetCell("stdout", 0, out uint value));
        return value;
    }
}
