using Firmament.Cli.Tests.Scripted;
using Firmament.Core;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

public sealed class RunTests
{
    [Fact]
    public void Console_output_of_the_guest_reaches_standard_output_unchanged()
    {
        using Session session = new(Print("Hello\r\n"), End(StopReason.PowerOff));
        Assert.Equal(0, session.Run());
        Assert.Equal("Hello\r\n", session.Streams.Output);
        Assert.Empty(session.Streams.Error);
        Assert.True(session.Machines.Machine!.IsDisposed);
    }

    [Theory]
    [InlineData(StopReason.PowerOff, 0, 0)]
    [InlineData(StopReason.Reset, 0, 0)]
    [InlineData(StopReason.Panic, 0, 0)]
    [InlineData(StopReason.Exit, 7, 7)]
    [InlineData(StopReason.Error, 0, 1)]
    public void Exit_code_follows_the_end_of_the_run(StopReason reason, int guestCode, int expected)
    {
        using Session session = new(End(reason, guestCode));
        Assert.Equal(expected, session.Run("--no-reboot"));
    }

    [Fact]
    public void Panic_with_exit_failure_gives_1()
    {
        using Session session = new(End(StopReason.Panic));
        Assert.Equal(1, session.Run("-action", "panic=exit-failure"));
    }

    [Fact]
    public void Until_ends_the_run_with_0_when_the_text_arrives_in_pieces()
    {
        using Session session = new(Print("GUEST-REA"), Print("GUEST-READY and more"), Idle);
        Assert.Equal(0, session.Run("--until", "GUEST-READY"));
        Assert.EndsWith("and more", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Until_fails_when_the_guest_powers_off_first()
    {
        using Session session = new(Print("nothing"), End(StopReason.PowerOff));
        Assert.Equal(1, session.Run("--until", "READY"));
        Assert.Contains("powered off before its console printed 'READY'", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeout_gives_124_and_says_so()
    {
        using Session session = new(Idle);
        Assert.Equal(124, session.Run("--timeout", "0.05"));
        Assert.Contains("--timeout 0.05", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Print_hash_and_stats_go_to_standard_error()
    {
        using Session session = new(Print("x"), End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("--print-hash", "--stats"));
        Assert.Equal("x", session.Streams.Output);
        Assert.Contains("state hash 00000000000000000000000000000001", session.Streams.Error, StringComparison.Ordinal);
        Assert.Contains("instructions     1,000", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_reaches_the_console_and_its_end_is_no_error()
    {
        using Session session = new(Expect("uname\r"), Print("Linux"), End(StopReason.PowerOff));
        session.Streams.Type("uname\r");
        session.Streams.EndInput();
        Assert.Equal(0, session.Run());
        Assert.Equal("Linux", session.Streams.Output);
    }

    [Fact]
    public void Terminal_is_raw_during_the_run_and_restored_after_it()
    {
        using Session session = new(new ScriptedMachines(End(StopReason.PowerOff)), new MemoryStreams { IsInputTerminal = true });
        Assert.Equal(0, session.Run());
        Assert.True(session.Streams.WasRaw);
        Assert.False(session.Streams.RawSignals);
        Assert.False(session.Streams.IsRaw);
    }

    [Fact]
    public void Terminal_is_restored_when_the_machine_throws()
    {
        using Session session = new(new ScriptedMachines(static _ => throw new InvalidOperationException("a bug")), new MemoryStreams { IsInputTerminal = true });
        Assert.Throws<InvalidOperationException>(() => session.Run());
        Assert.True(session.Streams.WasRaw);
        Assert.False(session.Streams.IsRaw);
    }

    [Fact]
    public void Serial_stdio_without_monitor_keeps_Ctrl_C_for_the_program()
    {
        using Session session = new(new ScriptedMachines(End(StopReason.PowerOff)), new MemoryStreams { IsInputTerminal = true });
        Assert.Equal(0, session.Run("--serial", "stdio"));
        Assert.True(session.Streams.RawSignals);
    }

    [Fact]
    public void Machine_that_cannot_be_built_leaves_no_file_behind()
    {
        using Session session = new(new ScriptedMachines() { Refusal = new UserErrorException("The kernel is for another machine; give a 32-bit one.") });
        string log = session.FreshPath();
        string trace = session.FreshPath();
        Assert.Equal(1, session.Run("--serial", $"file:{log}", "--trace", "firmware", "--trace-file", trace));
        Assert.Equal("firmament: The kernel is for another machine; give a 32-bit one.\n", session.Streams.Error);
        Assert.False(File.Exists(log));
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void Serial_file_gets_the_output_and_dev_stdout_means_standard_output()
    {
        using Session session = new(Print("to a file"), End(StopReason.PowerOff));
        string log = session.FreshPath();
        Assert.Equal(0, session.Run("--serial", $"file:{log}"));
        Assert.Equal("to a file", File.ReadAllText(log));
        using Session other = new(Print("to stdout"), End(StopReason.PowerOff));
        Assert.Equal(0, other.Run("-nographic", "-monitor", "file:/dev/null", "-serial", "file:/dev/stdout"));
        Assert.Equal("to stdout", other.Streams.Output);
    }

    [Fact]
    public void Missing_kernel_is_told_in_one_sentence()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(1, session.Call("run", "--kernel", "/nowhere/vmlinux"));
        Assert.Equal("firmament: There is no file '/nowhere/vmlinux'; give an existing file to --kernel.\n", session.Streams.Error);
        Assert.Null(session.Machines.Configuration);
    }

    [Fact]
    public void Missing_disk_and_folder_as_kernel_are_told()
    {
        using Session session = new(End(StopReason.PowerOff));
        Assert.Equal(1, session.Run("--drive", "file=/nowhere/disk.img"));
        Assert.Contains("There is no file '/nowhere/disk.img'", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("run", "--kernel", Path.GetTempPath()));
        Assert.Contains("is a folder", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pid_file_that_cannot_be_written_is_told_in_one_sentence()
    {
        using Session session = new(ScriptedMachine.Idle);
        Assert.Equal(1, session.Run("-pidfile", Path.Combine(session.FreshPath(), "pid")));
        Assert.Contains("give -pidfile a writable path.", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pid_file_exists_only_during_the_run()
    {
        string? seen = null;
        string path = "";
        using Session session = new(_ =>
        {
            seen = File.ReadAllText(path);
            return new StopResult(StopReason.PowerOff);
        });
        path = session.FreshPath();
        Assert.Equal(0, session.Run("-pidfile", path));
        Assert.Equal($"{Environment.ProcessId}\n", seen);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Notes_appear_on_a_terminal_only()
    {
        using Session quiet = new(End(StopReason.PowerOff));
        Assert.Equal(0, quiet.Run("-enable-kvm"));
        Assert.Empty(quiet.Streams.Error);
        using Session terminal = new(new ScriptedMachines(End(StopReason.PowerOff)), new MemoryStreams { IsErrorTerminal = true });
        Assert.Equal(0, terminal.Run("-enable-kvm"));
        Assert.Contains("does not use KVM", terminal.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_boots_the_built_in_program()
    {
        using Session session = new(Print("demo"), End(StopReason.PowerOff));
        Assert.Equal(0, session.Call("demo"));
        Assert.Equal([1, 2, 3], session.Machines.Configuration!.Kernel!.Read("--kernel").ToArray());
        Assert.Equal(1, session.Call("demo", "--kernel", session.Kernel));
    }
}
