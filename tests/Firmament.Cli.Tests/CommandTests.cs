using Firmament.Cli.Options;
using Firmament.Cli.Tests.Scripted;
using Firmament.DeviceTree.Flattened;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

public sealed class CommandTests
{
    [Fact]
    public void No_arguments_say_in_under_20_lines_what_there_is()
    {
        using Session session = new();
        Assert.Equal(0, session.Call());
        Assert.InRange(session.Streams.Output.Count(static c => c == '\n'), 5, 19);
        Assert.Contains("firmament demo", session.Streams.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("demo")]
    [InlineData("dt")]
    [InlineData("trace")]
    [InlineData("trace summarize")]
    [InlineData("trace diff")]
    [InlineData("completion")]
    [InlineData("version")]
    public void Help_fits_100_columns_and_shows_an_example(string command)
    {
        using Session session = new();
        Assert.Equal(0, session.Call([.. command.Split(' '), "--help"]));
        Assert.All(session.Streams.Output.Split('\n'), static line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains($"firmament {command}", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_run_names_every_option()
    {
        using Session session = new();
        Assert.Equal(0, session.Call("run", "--help"));
        Assert.All(RunOptions.Run.All, option => Assert.Contains("-" + option.Name, session.Streams.Output, StringComparison.Ordinal));
        Assert.Contains("Examples:", session.Streams.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_scripts_name_every_option(string shell)
    {
        using Session session = new();
        Assert.Equal(0, session.Call("completion", shell));
        string prefix = shell == "fish" ? " " : "-";
        Assert.All(RunOptions.Run.All.Concat(RunOptions.DeviceTree.All).Concat(RunOptions.TraceDiff.All), option => Assert.Contains(prefix + option.Name, session.Streams.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_commands_and_shells_get_a_suggestion()
    {
        using Session session = new();
        Assert.Equal(1, session.Call("rnu"));
        Assert.Contains("did you mean 'run'", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("completion", "bahs"));
        Assert.Contains("did you mean 'bash'", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("completion"));
        Assert.Contains("give bash, zsh or fish", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("version", "now"));
    }

    [Fact]
    public void Dt_prints_source_a_blob_or_names()
    {
        using Session session = new();
        Assert.Equal(0, session.Call("dt", "--machine", "pegasos2", "--memory", "1G", "--no-rtas"));
        Assert.Contains("model = \"Scripted\"", session.Streams.Output, StringComparison.Ordinal);
        Assert.Equal(1UL << 30, session.Machines.Configuration!.MemoryBytes);
        Assert.False(session.Machines.Configuration!.UseRtas);
        string path = session.FreshPath();
        Assert.Equal(0, session.Call("dt", "--format", "dtb", "--output", path));
        Assert.True(FlattenedTree.Read(File.ReadAllBytes(path)).Ok);
        Assert.Equal(0, session.Call("dt", "--format", "tree"));
    }

    [Fact]
    public void What_is_no_blob_is_refused_in_one_sentence()
    {
        using Session session = new();
        Assert.Equal(1, session.Call("dt", "--diff", session.File("no tree at all, but long enough to have a header"u8.ToArray())));
        Assert.Equal(1, session.Streams.Error.Count(static c => c == '\n'));
        Assert.DoesNotContain(". ", session.Streams.Error, StringComparison.Ordinal);
        Assert.Contains("(offset 0x0); give --diff a version 17 dtb.", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dt_compares_with_a_blob()
    {
        using Session session = new();
        string path = session.FreshPath();
        Assert.Equal(0, session.Call("dt", "--format", "dtb", "-o", path));
        Assert.Equal((0, ""), (session.Call("dt", "--diff", path), session.Streams.Output));
        DeviceTree.DeviceTree other = new();
        other.Root.SetString("model", "Another");
        File.WriteAllBytes(path, FlattenedTree.Write(other));
        Assert.Equal(1, session.Call("dt", "--diff", path));
        Assert.Contains("model", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dt_refuses_a_malformed_blob_and_binary_on_a_terminal()
    {
        using Session session = new(new ScriptedMachines(), new MemoryStreams { IsOutputTerminal = true });
        Assert.Equal(1, session.Call("dt", "--diff", session.Kernel));
        Assert.Contains("is not a well-formed flattened tree", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("dt", "--format", "dtb"));
        Assert.Contains("this is a terminal", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Call("dt", "--output", "/nowhere/x.dts"));
        Assert.Contains("cannot be written", session.Streams.Error, StringComparison.Ordinal);
    }
}
