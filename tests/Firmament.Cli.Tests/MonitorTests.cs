using Firmament.Cli.Tests.Scripted;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

public sealed class MonitorTests
{
    private const string Escape = "\x01";

    [Fact]
    public void Escape_c_gives_the_prompt_and_quit_ends_with_0()
    {
        using Session session = new(Idle);
        session.Streams.Type(Escape + "cquit\r");
        Assert.Equal(0, session.Run("-nographic"));
        Assert.Contains("(qemu) quit\r\n", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Escape_x_ends_with_0()
    {
        using Session session = new(Idle);
        session.Streams.Type(Escape + "x");
        Assert.Equal(0, session.Run());
        Assert.Equal("QEMU: Terminated\n\r", session.Streams.Output);
    }

    [Theory]
    [InlineData("help\r", "info [subject] -- show the state")]
    [InlineData("info registers\r", "GPR00 00000000\r\n(qemu) ")]
    [InlineData("info status\r", "VM status: running\r\n")]
    [InlineData("info version\r", "7.2.22 (Firmament ")]
    [InlineData("info mtree\r", "00000000-1fffffff ram\r\n")]
    [InlineData("info\r", "info chardev\r\n")]
    [InlineData("info chardev\r", "serial0: filename=stdio\r\n")]
    [InlineData("info regsters\r", "unknown subject: 'info regsters' (did you mean 'registers'?)\r\n")]
    [InlineData("stop\rinfo status\r", "VM status: paused\r\n")]
    [InlineData("stop\rcont\rinfo status\r", "VM status: running\r\n")]
    [InlineData("screendump\r", "needs the name of a file.\r\n")]
    [InlineData("screendump /tmp/x.ppm\r", "There is no display, or it is dark.\r\n")]
    [InlineData("nmi\r", "no interrupt that the guest cannot mask.\r\n")]
    [InlineData("quti\r", "unknown command: 'quti' (did you mean 'quit'?)\r\n")]
    [InlineData("infx\b registers\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7fo status\r", "VM status: running")]
    public void Commands_answer(string typed, string expected)
    {
        using Session session = new(Idle);
        session.Streams.Type(Escape + "c" + typed + "quit\r");
        Assert.Equal(0, session.Run());
        Assert.Contains(expected, session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void System_reset_resets_and_with_no_reboot_ends()
    {
        using Session session = new(Idle);
        session.Streams.Type(Escape + "csystem_reset\rquit\r");
        Assert.Equal(0, session.Run());
        Assert.Equal(1, session.Machines.Machine!.Resets);
        using Session once = new(Idle);
        once.Streams.Type(Escape + "csystem_reset\r");
        Assert.Equal(0, once.Run("--no-reboot"));
        Assert.Equal(0, once.Machines.Machine!.Resets);
    }

    [Fact]
    public void Start_paused_waits_for_cont()
    {
        using Session session = new(Print("running"), End(StopReason.PowerOff));
        session.Streams.Type(Escape + "cinfo status\rcont\r");
        Assert.Equal(0, session.Run("-S"));
        Assert.Matches("paused[^$]*running", session.Streams.Output);
    }

    [Fact]
    public void No_shutdown_pauses_at_power_off_and_cont_is_refused()
    {
        using Session session = new(End(StopReason.PowerOff));
        session.Streams.Type(Escape + "cinfo version\rcont\rquit\r");
        Assert.Equal(0, session.Run("-no-shutdown"));
    }

    [Fact]
    public void Escape_b_sends_a_break_and_escape_twice_sends_it_through()
    {
        using Session session = new(Expect("a\x01z"), End(StopReason.PowerOff));
        session.Streams.Type("a" + Escape + "b" + Escape + Escape + "z");
        Assert.Equal(0, session.Run());
        Assert.Equal("a\x01z", session.Machines.Machine!.Received);
        Assert.Equal(1, session.Machines.Machine!.Breaks);
    }

    [Fact]
    public void Escape_h_lists_the_keys_of_the_chosen_character()
    {
        using Session session = new(Idle);
        session.Streams.Type("\x02h\x02x");
        Assert.Equal(0, session.Run("-echr", "2"));
        Assert.Contains("C-b x    exit", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("C-b C-b  send C-b", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Echr_0_passes_every_byte()
    {
        using Session session = new(Expect("\x01x"), End(StopReason.PowerOff));
        session.Streams.Type("\x01x");
        Assert.Equal(0, session.Run("--echr", "0"));
    }

    [Fact]
    public void Escape_t_stamps_lines()
    {
        using Session session = new(Expect("go"), Print("one\ntwo\n"), End(StopReason.PowerOff));
        session.Streams.Type(Escape + "tgo");
        Assert.Equal(0, session.Run());
        Assert.Matches(@"^\[00:0\d:\d\d\.\d{3}\] one\n\[00:0\d:\d\d\.\d{3}\] two\n$", session.Streams.Output);
    }

    [Fact]
    public void Plain_serial_stdio_has_no_keys()
    {
        using Session session = new(Expect("\x01x"), End(StopReason.PowerOff));
        session.Streams.Type("\x01x");
        Assert.Equal(0, session.Run("--serial", "stdio"));
    }
}
