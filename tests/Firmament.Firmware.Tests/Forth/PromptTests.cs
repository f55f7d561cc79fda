using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Forth.Prompt;
using Firmament.Firmware.Nvram;

namespace Firmament.Firmware.Tests.Forth;

public sealed class PromptTests : IDisposable
{
    private const string Banner = "Firmament Open Firmware\r\nPegasos2\r\n1 CPU, 16 MiB of memory\r\n\r\n";

    private readonly ForthBench _forth = new();
    private readonly UserInterface _prompt;

    public PromptTests() => _prompt = new UserInterface(_forth.Firmware, _forth.Of.Platform);

    public void Dispose() => _forth.Dispose();

    [Fact]
    public void The_banner_is_followed_by_the_prompt()
    {
        Assert.Equal(UserInterfaceState.Waiting, Go());
        Assert.Equal(Banner + "ok ", _forth.Output);
    }

    [Fact]
    public void A_line_is_echoed_and_run_and_the_stack_stays()
    {
        Begin();
        Assert.Equal("1 2 +\r\nok ", Type("1 2 +\r"));
        Assert.Equal(".\r\n3 \r\nok ", Type(".\r"));
        Assert.Equal("show\r\nshow: unknown word\r\nok ", Type("show\r"));
        Assert.Equal(": f ( n -- )\r\n] dup *\r\n] ;\r\nok ", Type(": f ( n -- )\rdup *\r;\r"));
        Assert.Equal("5 f .\r\n19 \r\nok ", Type("5 f .\r"));
        Assert.Equal("\r\nok ", Type("\r"));
        Assert.Equal("drop\r\ndrop: stack underflow\r\nok ", Type("drop\r"));
        Assert.Equal(": g if 1 \r\n] nosuch\r\nnosuch: unknown word\r\nok ", Type(": g if 1 \rnosuch\r"));
        Assert.Equal("1 abort\" Out of tune\"\r\nOut of tune\r\nok ", Type("1 abort\" Out of tune\"\r"));
        Assert.Equal("\" abc\" type\r\nabc\r\nok ", Type("\" abc\" type\r"));
        Assert.Equal("3 0 do i . loop\r\n0 1 2 \r\nok ", Type("3 0 do i . loop\r\n"));
    }

    [Theory]
    [InlineData("1 3\u001b[D2 \u001b[C.\r", "1 2 3.")]
    [InlineData("abc\u0001x\u0005y\r", "xabcy")]
    [InlineData("abcd\u0001\u0006\u000b\u0019\u0019z\r", "abcdbcdz")]
    [InlineData("one two \u0017three\r", "one three")]
    [InlineData("abc\u007f\u0008d\r", "ad")]
    [InlineData("abc\u001b[H\u001b[3~\u001b[F!\r", "bc!")]
    [InlineData("abc\u0015d\r", "d")]
    [InlineData("abc\u001bOD\u001bOD\u0004\r", "ac")]
    public void Lines_are_edited(string typed, string expected)
    {
        Begin();
        Type(": " + expected + " ;\r");
        Type(typed);
        // What was run shows in history.
        string output = Type("\u001b[A");
        Assert.EndsWith(expected + "\e[K", output, StringComparison.Ordinal);
    }

    [Fact]
    public void History_goes_back_and_forth()
    {
        Begin();
        Type("1 .\r2 .\r");
        Assert.Equal("\rok 2 .\e[K\rok 1 .\e[K\rok 2 .\e[K\r\n2 \r\nok ", Type("\u001b[A\u001b[A\u001b[B\r"));
        Assert.Equal("xy\rok 2 .\e[K\rok xy\e[K\r\nxy: unknown word\r\nok ", Type("xy\u0010\u000e\r"));
    }

    [Fact]
    public void Tab_completes_words_and_paths()
    {
        Begin();
        Assert.Equal("find-device ", Type("find-d\t"));
        Type("\u0015");
        Assert.Equal("dev /pci@80000000", Type("dev /pc\t"));
        Assert.Equal("/isa@c", Type("/isa\t"));
        Type("/\t");
        Assert.Equal("\r\nrtc@i70  serial@i2f8  \r\n\rok dev /pci@80000000/isa@c/\e[K", Type("\t"));
        Type("\u0015");
        string words = Type("u.\t");
        Assert.Contains("u.r", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lines_scroll_sideways()
    {
        Begin();
        string number = new('1', 70);
        string output = Type($"\\ {number} {number}");
        Assert.Contains("\rok ", output, StringComparison.Ordinal);
        Assert.All(output.Split('\r'), static part => Assert.InRange(part.Replace("\e[K", "", StringComparison.Ordinal).Length, 0, 85));
        Assert.EndsWith("\r\nok ", Type("\r"), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_c_stops_a_program_and_drops_a_line()
    {
        Begin();
        Type("begin again\r", steps: 1000);
        Assert.Equal(UserInterfaceState.Running, _prompt.Step(1000));
        Assert.Equal("Interrupted\r\nok ", Type("\u0003"));
        Type(": f begin ['] drop catch drop again ; f\r", steps: 1000);
        Assert.Equal(UserInterfaceState.Running, _prompt.Step(1000));
        Assert.Equal("Interrupted\r\nok ", Type("\u0003"));
        Assert.Equal("junk^C\r\nok ", Type("junk\u0003"));
    }

    [Fact]
    public void Key_and_accept_wait_for_the_user()
    {
        Begin();
        Assert.Equal("key .\r\n", Type("key .\r"));
        Assert.Equal(UserInterfaceState.Waiting, _prompt.Step(1000));
        Assert.Null(_prompt.WakeTime);
        Assert.Equal("41 \r\nok ", Type("A"));
        Assert.Equal("pad 10 accept pad swap type\r\n", Type("pad 10 accept pad swap type\r"));
        Assert.Equal("ab\b \bc", Type("ab\bc"));
        Assert.Equal("ac\r\nok ", Type("\r"));
    }

    [Fact]
    public void Ms_waits_for_its_time()
    {
        Begin();
        Assert.Equal("d# 100 ms .\" done\"\r\n", Type("d# 100 ms .\" done\"\r"));
        Assert.Equal(_forth.Of.Platform.Now + VirtualTime.FromMilliseconds(100), _prompt.WakeTime);
        _forth.Of.Platform.Now += VirtualTime.FromMilliseconds(50);
        Assert.Equal(UserInterfaceState.Waiting, _prompt.Step(1000));
        _forth.Of.Platform.Now += VirtualTime.FromMilliseconds(50);
        Assert.Equal("done\r\nok ", Type(""));
    }

    [Fact]
    public void A_program_that_waits_survives_save_and_restore()
    {
        Begin();
        Type(": ask 3 0 do i key emit . loop ; 7 value seven variable v 9 v ! ask .\" end\" seven .\r");
        Type("a");
        using ForthBench other = new();
        UserInterface restored = new(other.Firmware, other.Of.Platform);
        Copy(_forth, _prompt, other, restored);
        Assert.Equal(Hash(_forth, _prompt), Hash(other, restored));
        _ = _forth.Output;
        other.Of.Platform.Type("bc");
        while (restored.Step(10) == UserInterfaceState.Running)
        {
        }

        Assert.Equal("b1 c2 end7 \r\nok ", other.Output);
        other.Of.Platform.Type("v @ . \u0010");
        while (restored.Step(10) == UserInterfaceState.Running)
        {
        }

        Assert.Contains("seven", other.Output, StringComparison.Ordinal);
        Assert.Equal("b1 c2 end7 \r\nok ", Type("bc"));
    }

    [Fact]
    public void Nvramrc_runs_and_then_the_boot_command()
    {
        FakeVariables variables = new() { ["use-nvramrc?"] = "true", ["nvramrc"] = ": hello\n  .\" Hi\" ; \\ greeting\nhello\n", ["auto-boot?"] = "true" };
        FakeBoot boot = new(_forth.Firmware) { Result = -258 };
        (_forth.Firmware.Variables, _forth.Firmware.BootCommands) = (variables, boot);
        Assert.Equal(UserInterfaceState.Waiting, Go());
        Assert.Equal(Banner + "Hi\r\nboot: no such device\r\nok ", _forth.Output);
        Assert.Equal([""], boot.Lines);
        boot.Result = 0;
        _forth.Of.Platform.Type("boot hd:2 \\vmlinux root=/dev/hda2 ro\r");
        Assert.Equal(UserInterfaceState.Left, Go());
        Assert.Equal("hd:2 \\vmlinux root=/dev/hda2 ro", boot.Lines[^1]);
        _ = _forth.Firmware.TakeControlTransfer();
        _prompt.Enter();
        _ = _forth.Output;
        Assert.Equal(UserInterfaceState.Waiting, Go());
        Assert.Equal("\r\nok ", _forth.Output);
    }

    [Fact]
    public void A_client_that_was_booted_from_the_prompt_interprets()
    {
        _forth.Firmware.BootCommands = new FakeBoot(_forth.Firmware);
        _forth.Of.Platform.Type("boot hd\r");
        Assert.Equal(UserInterfaceState.Left, Go());
        _ = _forth.Firmware.TakeControlTransfer();
        Assert.Equal(0u, _forth.Of.Call("interpret", _forth.Of.Text("power-off")));
        Assert.Equal(PlatformRequest.PowerOff, Assert.Single(_forth.Of.Platform.Requests).Request);
    }

    [Fact]
    public void A_client_that_gives_the_processor_away_by_word_gets_no_result()
    {
        _forth.Firmware.BootCommands = new FakeBoot(_forth.Firmware);
        Assert.Equal(0, _forth.Try("go 5 ."));
        Assert.Equal("", _forth.Output);
        Assert.True(_forth.Firmware.TakeControlTransfer());
        Assert.Equal(0, _forth.Try("1 drop"));
        Assert.False(_forth.Firmware.ControlTransferred);
    }

    [Fact]
    public void Ctrl_c_stops_the_automatic_boot()
    {
        FakeVariables variables = new() { ["auto-boot?"] = "true", ["boot-command"] = "d# 1000 ms boot hd" };
        FakeBoot boot = new(_forth.Firmware);
        (_forth.Firmware.Variables, _forth.Firmware.BootCommands) = (variables, boot);
        Assert.Equal(UserInterfaceState.Waiting, Go());
        Assert.NotNull(_prompt.WakeTime);
        _ = _forth.Output;
        Assert.Equal("Interrupted\r\nok ", Type("\u0003"));
        Assert.Empty(boot.Lines);
    }

    [Fact]
    public void Configuration_variables_are_shown_and_set()
    {
        FakeVariables variables = new() { ["auto-boot?"] = "false", ["boot-device"] = "hd", ["load-base"] = "16384" };
        _forth.Firmware.Variables = variables;
        Begin();
        Assert.Equal("printenv boot-device\r\nboot-device = hd\r\nok ", Type("printenv boot-device\r"));
        Assert.Equal("setenv boot-device cd:,\\boot file\r\nok ", Type("setenv boot-device cd:,\\boot file\r"));
        Assert.Equal("cd:,\\boot file", variables["boot-device"]);
        Assert.Equal("boot-device type auto-boot? . load-base .\r\ncd:,\\boot file0 4000 \r\nok ", Type("boot-device type auto-boot? . load-base .\r"));
        Assert.Equal("set-default boot-device printenv boot-device\r\nboot-device = \r\nok ", Type("set-default boot-device printenv boot-device\r"));
        Assert.Equal("setenv nosuch 1\r\nnosuch: no such configuration variable\r\nok ", Type("setenv nosuch 1\r"));
        Assert.Equal("nvalias disk2 /pci@80000000/ide@c,1\r\nok ", Type("nvalias disk2 /pci@80000000/ide@c,1\r"));
        Assert.Equal("devalias disk2 /pci@80000000/ide@c,1\n", variables["nvramrc"]);
        Assert.Equal("true", variables["use-nvramrc?"]);
        Assert.Equal("nvunalias disk2\r\nok ", Type("nvunalias disk2\r"));
        Assert.Equal("", variables["nvramrc"]);
    }

    [Fact]
    public void Words_that_wait_let_time_pass_inside_a_clients_call()
    {
        VirtualTime before = _forth.Of.Platform.Now;
        _forth.Run("d# 250 ms");
        Assert.Equal(before + VirtualTime.FromMilliseconds(250), _forth.Of.Platform.Now);
        Assert.Equal(-267, _forth.Try("key"));
        Assert.Equal(before + VirtualTime.FromMilliseconds(60_250), _forth.Of.Platform.Now);
        _forth.Of.Platform.Type("ab\r");
        Assert.Equal([0x61, 1], _forth.Run("key pad 10 accept"));
    }

    [Fact]
    public void A_client_calls_while_a_program_at_the_prompt_waits()
    {
        Begin();
        Type("1 2 3 key . . . .\r");
        Assert.Equal([7], _forth.Run("depth 7 +"));
        Assert.Equal(-13, _forth.Try("nosuch"));
        Assert.Equal("41 3 2 1 \r\nok ", Type("A"));
    }

    [Fact]
    public void The_prompt_waits_for_the_machine_after_a_request()
    {
        Begin();
        Assert.Equal("reset-all 1 .\r\n", Type("reset-all 1 .\r"));
    }

    [Fact]
    public void The_machine_is_asked_to_reset_or_go_off()
    {
        Begin();
        Type("reset-all\rpower-off\r");
        Type("");
        Assert.Equal([PlatformRequest.Reset, PlatformRequest.PowerOff], _forth.Of.Platform.Requests.Select(static r => r.Request));
    }

    private static void Copy(ForthBench from, UserInterface prompt, ForthBench to, UserInterface restored)
    {
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        save.Memory("ram", from.Of.Platform.Ram);
        save.Component("firmware", from.Firmware);
        save.Component("prompt", prompt);
        save.Complete();
        stream.Position = 0;
        LoadVisitor load = new(stream);
        load.Memory("ram", to.Of.Platform.Ram);
        load.Component("firmware", to.Firmware);
        load.Component("prompt", restored);
        load.Complete();
    }

    private static string Hash(ForthBench forth, UserInterface prompt)
    {
        HashVisitor hash = new();
        hash.Component("firmware", forth.Firmware);
        hash.Component("prompt", prompt);
        return hash.Result;
    }

    private void Begin()
    {
        Go();
        _ = _forth.Output;
    }

    private string Type(string text, int steps = 100_000)
    {
        _ = _forth.Output;
        _forth.Of.Platform.Type(text);
        Go(steps);
        return _forth.Output;
    }

    private UserInterfaceState Go(int steps = 100_000)
    {
        UserInterfaceState state = UserInterfaceState.Running;
        for (int i = 0; i < 100 && state == UserInterfaceState.Running; i++)
        {
            state = _prompt.Step(steps);
        }

        return state;
    }

    private sealed class FakeBoot(OpenFirmware firmware) : IBootCommands
    {
        public int Result { get; set; }

        public List<string> Lines { get; } = [];

        public int Load(string line) => Boot(line);

        public int Go() => Boot("");

        public int Boot(string line)
        {
            Lines.Add(line);
            if (Result == 0)
            {
                firmware.TransferControl();
            }

            return Result;
        }
    }

    private sealed class FakeVariables : Dictionary<string, string>, IConfigurationVariables
    {
        public IReadOnlyList<string> Names => [.. Keys.Order()];

        public string? Get(string name) => TryGetValue(name, out string? value) ? value : name is "nvramrc" or "use-nvramrc?" ? "" : null;

        public string? DefaultOf(string name) => ContainsKey(name) ? "" : null;

        public bool TrySet(string name, string value)
        {
            this[name] = value;
            return true;
        }

        public bool TryReset(string name)
        {
            bool known = ContainsKey(name);
            this[name] = "";
            return known;
        }
    }
}
