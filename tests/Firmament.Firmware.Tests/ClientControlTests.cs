using Firmament.Core.Time;

namespace Firmament.Firmware.Tests;

public sealed class ClientControlTests : IDisposable
{
    private const uint Failed = uint.MaxValue;
    private const uint Outside = 0xf0000000;
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    [Fact]
    public void Claim_and_release_keep_available_exact()
    {
        List<(uint, uint)> start = Available();
        Assert.Equal(2, start.Count);
        Assert.Equal(0x800000u, _of.Call("claim", 0x800000, 0x3000, 0));
        Assert.Equal([start[0], (start[1].Item1, 0x800000 - start[1].Item1), (0x803000, 0x7fd000)], Available());
        Assert.Equal(Failed, _of.Call("claim", 0x801000, 0x1000, 0));
        _of.Call("release", 0, [0x801000, 0x1000]);
        Assert.Equal([start[0], (start[1].Item1, 0x800000 - start[1].Item1), (0x801000, 0x1000), (0x803000, 0x7fd000)], Available());
        _of.Call("release", 0, [0x800000, 0x3000]);
        Assert.Equal(start, Available());
    }

    [Fact]
    public void Claim_of_what_is_not_memory_answers_minus_one()
    {
        Assert.Equal(Failed, _of.Call("claim", Outside, 0x1000, 0));
        Assert.Equal(Failed, _of.Call("claim", 0x00fff000, 0x2000, 0));
        Assert.Equal(Failed, _of.Call("claim", 0, 0xffffffff, 0x1000));
        Assert.Equal(Failed, _of.Call("claim", 0x800000, 0, 0));
        uint aligned = _of.Call("claim", 0, 0x1234, 0x10000);
        Assert.Equal(0u, aligned % 0x10000);
        Assert.NotEqual(0u, aligned);
    }

    [Fact]
    public void Release_of_what_is_not_memory_or_the_firmwares_is_refused()
    {
        List<(uint, uint)> before = Available();
        _of.Call("release", 0, [Outside, 0x1000]);
        _of.Call("release", 0, [0, 0xffffffff]);
        _of.Call("release", 0, [_of.Firmware.HandlerAddress + 8, 4]);
        Assert.Equal(before, Available());
    }

    [Fact]
    public void Exit_boot_and_enter_ask_the_machine()
    {
        _of.Call("exit", 0, []);
        _of.Call("boot", 0, [_of.Text("hd:1 -v")]);
        _of.Call("boot", 0, [Outside]);
        Assert.Equal(0, _of.CallRaw("enter", 0));
        Assert.Equal([(PlatformRequest.ClientExit, ""), (PlatformRequest.Boot, "hd:1 -v"), (PlatformRequest.Boot, "")], _of.Platform.Requests);
    }

    [Fact]
    public void Chain_to_an_entry_that_is_not_memory_continues_the_caller()
    {
        ulong pc = _of.Cpu.Pc;
        Assert.Equal(0, _of.CallRaw("chain", 0, 0x800000, 0x10000, Outside, 0, 0));
        Assert.Equal(0, _of.CallRaw("chain", 0, 0x800000, 0x10000, 0x800002, 0, 0));
        Assert.Equal(pc, _of.Cpu.Pc);
    }

    [Fact]
    public void Milliseconds_follow_the_virtual_clock_and_wrap()
    {
        _of.Platform.Now = VirtualTime.FromMicroseconds(12_345_678);
        Assert.Equal(12_345u, _of.Call("milliseconds"));
        _of.Platform.Now = VirtualTime.FromMilliseconds((1L << 32) + 5);
        Assert.Equal(5u, _of.Call("milliseconds"));
    }

    [Fact]
    public void Set_callback_returns_the_old_one()
    {
        Assert.Equal(0u, _of.Call("set-callback", 0x1000u));
        Assert.Equal(0x1000u, _of.Call("set-callback", 0x2000u));
        Assert.Equal(0, _of.CallRaw("set-symbol-lookup", 0, 1, 2));
    }

    [Fact]
    public void After_quiesce_services_work_and_only_setting_a_device_going_is_an_error()
    {
        _of.Call("quiesce", 0, []);
        _of.Call("quiesce", 0, []);
        Assert.Equal(1, _of.Platform.Quiesced);
        Assert.NotEqual(Failed, _of.Find("/chosen"));
        Assert.Equal(1u, _of.Call("write", 1, [Stdout(), _of.Text("x"), 1]));
        Assert.Empty(_of.Platform.GuestErrors);
        Assert.NotEqual(0u, _of.Call("open", _of.Text("/failsafe")));
        Assert.Single(_of.Platform.GuestErrors, static e => e.Contains("\"open\" after quiesce", StringComparison.Ordinal));
    }

    [Fact]
    public void Start_cpu_starts_the_cpu_of_the_node_only()
    {
        Assert.Equal(0, _of.CallRaw("start-cpu", 0, _of.Find("/cpus/PowerPC,G4"), 0x100, 7));
        Assert.Equal([(0, 0x100u, 7u)], _of.Platform.Started);
        Assert.Equal(0, _of.CallRaw("start-cpu", 0, _of.Find("/memory"), 0x100, 7));
        Assert.Equal(0, _of.CallRaw("start-cpu", 0, 0x9999, 0x100, 7));
        Assert.Single(_of.Platform.Started);
        _of.Call("stop-self", 0, []);
        Assert.Equal(1, _of.Platform.Stopped);
        _of.Call("idle-self", 0, []);
        Assert.Single(_of.Platform.Idles);
    }

    [Fact]
    public void The_time_of_day_is_a_service_too()
    {
        Assert.Equal(0u, _of.Call("get-time-of-day", 8, []));
        Assert.Equal([0u, 2026u, 11u, 22u, 18u, 22u, 7u, 123456700u], _of.Results);
        Assert.Equal(0u, _of.Call("set-time-of-day", 1, [2030, 1, 2, 3, 4, 5]));
        Assert.Equal(2030, _of.Platform.Time.Year);
        Assert.Equal(Failed, _of.Call("set-time-of-day", 1, [2030, 1, 99, 3, 4, 5]));
    }

    private uint Stdout()
    {
        Assert.True(_of.Tree.Find("/chosen")!.TryGetCell("stdout", 0, out uint value));
        return value;
    }

    private List<(uint, uint)> Available()
    {
        int size = (int)_of.Call("getprop", _of.Find("/memory"), _of.Text("available"), Bench.Scratch, 256);
        List<(uint, uint)> ranges = [];
        for (uint at = 0; at < size; at += 8)
        {
            ranges.Add((_of.Cell(Bench.Scratch + at), _of.Cell(Bench.Scratch + at + 4)));
        }

        Assert.Equal(_of.Firmware.Memory.Free.Select(static r => ((uint)r.Start, (uint)r.Size)), ranges);
        return ranges;
    }
}
