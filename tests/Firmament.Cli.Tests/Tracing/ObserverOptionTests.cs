using Firmament.Cli.Tests.Scripted;
using Firmament.Cli.Tracing;
using Firmament.Core.Tracing;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Tracing.TraceFiles;

namespace Firmament.Cli.Tests.Tracing;

public sealed class ObserverOptionTests
{
    [Fact]
    public void A_profile_needs_symbols_and_says_where_they_may_come_from()
    {
        using Session session = new(ScriptedMachine.End(StopReason.PowerOff));
        string path = session.FreshPath();
        string map = Text(session, "c0000000 T _start\nc0000100 t start_here\nc0000200 D data\n");
        Assert.Equal(0, session.Run("--profile", path, "--symbols", map));
        Assert.Equal("", File.ReadAllText(path));
        Assert.Equal(1, session.Run("--profile", path, "--symbols", Text(session, "hello\n")));
        Assert.Contains("has no symbols; give --symbols an ELF file", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Run("--symbols", map));
        Assert.Contains("--symbols is for a profile; add --profile FILE", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Run("--profile", path, "--profile-every", "7"));
        Assert.Contains("100 or more", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Run("--profile", "/nowhere/x", "--symbols", map));
        Assert.Contains("give --profile a writable path", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_names_the_functions_that_call()
    {
        using Session session = new();
        string trace = Write(session, false, Client("peer", "phandle=0x0", "pc=0xc0000104"));
        Assert.Equal(0, session.Call("trace", "summarize", "--symbols", Text(session, "c0000000 T _start\nc0000100 t start_here\n"), trace));
        Assert.Contains("client    0xc0000104 start_here\n", session.Streams.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code", TraceCategory.Code)]
    [InlineData("in_asm,out_asm", TraceCategory.Code)]
    [InlineData("all", TraceCategory.Firmware | TraceCategory.GuestErrors | TraceCategory.Devices | TraceCategory.Exceptions)]
    public void Code_is_traced_by_name_only(string list, TraceCategory categories)
    {
        using Session session = new(ScriptedMachine.End(StopReason.PowerOff));
        Assert.Equal(0, session.Run("--trace", list));
        Assert.Equal(categories, session.Machines.Configuration!.Trace);
    }

    [Fact]
    public void The_hosts_code_is_printed_an_instruction_each() =>
        Assert.Equal(["nop", "mov rax,rcx", "jmp 0x100"], HostDisassembler.Print(new byte[] { 0x90, 0x48, 0x89, 0xc8, 0xe9, 0xf7, 0, 0, 0 }, 0));
}
