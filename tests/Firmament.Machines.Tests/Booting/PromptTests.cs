using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Boots;

namespace Firmament.Machines.Tests.Booting;

/// <summary>The firmware's own program on real machines: the prompt, the automatic boot, and the way back from a client.</summary>
public sealed class PromptTests
{
    public static TheoryData<string> Kinds => ["pegasos2", "pseries"];

    private static MachineConfiguration On(string machine) => new() { Machine = machine, MemoryBytes = 128 << 20 };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_machine_without_anything_to_boot_opens_the_prompt(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind));
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 120), machine.Tail());
        machine.Console.Send("2 3 + .\r");
        Assert.True(machine.RunUntil("5 \r\nok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("here 1234abcd over l! l@ .h\r");
        Assert.True(machine.RunUntil("1234abcd \r\nok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("power-off\r");
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 5)?.Reason);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_prompt_is_saved_and_restored_in_the_middle_of_a_line(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind) with { StopAtPrompt = true });
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send(": twice 2* ;\r");
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("15 twi");
        Assert.True(machine.RunUntil("15 twi", virtualSeconds: 5), machine.Tail());
        using MemoryStream saved = new();
        machine.SaveState(saved);
        string hash = machine.StateHash();

        using VirtualMachine other = BootMedia.Machine(On(kind) with { StopAtPrompt = true });
        saved.Position = 0;
        other.LoadState(saved);
        Assert.Equal(hash, other.StateHash());
        foreach (VirtualMachine each in (VirtualMachine[])[machine, other])
        {
            each.Console.Send("ce .d\r");
            Assert.True(each.RunUntil("42 \r\nok ", virtualSeconds: 5), each.Tail());
        }

        Assert.Equal(machine.StateHash(), other.StateHash());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_word_without_end_is_interrupted_and_time_goes_on_meanwhile(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind) with { StopAtPrompt = true });
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("get-msecs begin get-msecs over - d# 20 > until drop .\" waited\"\r");
        Assert.True(machine.RunUntil("waited", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("begin again\r");
        Assert.False(machine.RunUntil("ok ", virtualSeconds: 0.01));
        machine.Console.Send("\u0003");
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_program_of_a_PReP_partition_starts_by_itself(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind), BootMedia.PrepDisk());
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 60)?.Reason);
        Assert.Contains("Booting /", machine.Console.Text, StringComparison.Ordinal);
        Assert.Contains("Hello from PowerPC code", machine.Console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ok ", machine.Console.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Boot_takes_a_device_and_arguments_and_a_disk_without_a_program_is_named(string kind)
    {
        string disk = kind == "pegasos2" ? "hd" : "disk";
        using VirtualMachine machine = BootMedia.Machine(On(kind), new byte[1 << 20], BootMedia.PrepDisk());
        Assert.True(machine.RunUntil("holds nothing to boot", virtualSeconds: 5), machine.Tail());
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 60), machine.Tail());
        machine.Console.Send($"load {disk}1 one two\r");
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("dev /chosen .properties\r");
        Assert.True(machine.RunUntil("one two", virtualSeconds: 5), machine.Tail());
        Assert.Contains("disk@", machine.Console.Text, StringComparison.Ordinal);
        machine.Console.Send("go\r");
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 60)?.Reason);
        Assert.Contains("Hello from PowerPC code", machine.Console.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_client_enters_the_user_interface_goes_on_and_exits_to_it(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind), BootMedia.PrepDisk(BootMedia.EnteringProgram()));
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 60), machine.Tail());
        Assert.DoesNotContain("back again", machine.Console.Text, StringComparison.Ordinal);
        machine.Console.Send("1 2 + .\r");
        Assert.True(machine.RunUntil("3 \r\nok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("go\r");
        Assert.True(machine.RunUntil("back again", virtualSeconds: 5), machine.Tail());
        Assert.True(machine.RunUntil("ok ", virtualSeconds: 5), machine.Tail());
        machine.Console.Send("go\r");
        Assert.True(machine.RunUntil("No program is loaded", virtualSeconds: 5), machine.Tail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Variables_choose_what_happens_at_the_start_and_a_reset_keeps_them(string kind)
    {
        using VirtualMachine machine = BootMedia.Machine(On(kind), BootMedia.PrepDisk());
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 60)?.Reason);

        using VirtualMachine second = BootMedia.Machine(
            On(kind) with { FirmwareVariables = new Dictionary<string, string> { ["auto-boot?"] = "false" } }, BootMedia.PrepDisk());
        Assert.True(second.RunUntil("ok ", virtualSeconds: 5), second.Tail());
        second.Console.Send("setenv nvramrc .\" from nvramrc\"\r");
        Assert.True(second.RunUntil("ok ", virtualSeconds: 5), second.Tail());
        second.Console.Send("setenv use-nvramrc? true\r");
        Assert.True(second.RunUntil("ok ", virtualSeconds: 5), second.Tail());
        second.Console.Send("reset-all\r");
        Assert.True(second.RunUntil("from nvramrc", virtualSeconds: 5), second.Tail());
        Assert.True(second.RunUntil("ok ", virtualSeconds: 5), second.Tail());
    }

    [Fact]
    public void Every_engine_gives_the_same_prompt_and_the_same_state()
    {
        string[] hashes =
        [
            .. new[] { ExecutionEngine.Interpreter, ExecutionEngine.Translator }.Select(static engine =>
            {
                using VirtualMachine machine = BootMedia.Machine(On("pegasos2") with { Engine = engine }, BootMedia.PrepDisk());
                Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 60)?.Reason);
                return machine.StateHash() + machine.Console.Text;
            }),
        ];
        Assert.Equal(hashes[0], hashes[1]);
    }
}
