using Firmament.Cli.Tests.Scripted;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using static Firmament.Cli.Tests.Tracing.TraceFiles;

namespace Firmament.Cli.Tests.Tracing;

public sealed class TraceSummarizeTests
{
    private static readonly TraceEvent[] Boot =
    [
        Client("finddevice", "specifier=\"/chosen\"", "phandle=0x3(/chosen)", "pc=0x01800308"),
        Client("finddevice", "specifier=\"/nowhere\"", "phandle=0xffffffff", "pc=0x01800308"),
        Client("getprop", "phandle=0x3(/chosen)", "name=\"stdout\"", "size=4", "value=[40001003]", "pc=0x01800308"),
        Client("getprop", "phandle=0x3(/chosen)", "name=\"none\"", "size=-1", "pc=0x01800308"),
        Client("open", "specifier=\"/nothing\"", "ihandle=0x0", "pc=0x01800308"),
        Client("call-method", "method=\"instantiate-rtas\"", "ihandle=0x4000100a(/rtas)", "catch-result=0", "pc=0x01800be0"),
        Client("call-method", "method=\"set-mode\"", "ihandle=0x4000100a(/rtas)", "catch-result=-21", "pc=0x01800be0"),
        Client("frobnicate", "arg1=0x5", "refused=unknown service", "pc=0x01800308"),
        GuestError("mv64361", "write of Ethernet register 0x2220: not modelled"),
        GuestError("mv64361", "write of Ethernet register 0x2224: not modelled"),
        Call("rtas", "read-pci-config", "addr=0x6000", "size=4", "status=0", "value=0xffffffff", "pc=0x4"),
        Call("papr", "H_ENTER", "arg1=0x0", "status=-6", "pc=0xc000000000001000"),
        new(VirtualTime.FromSeconds(2), TraceCategory.Exceptions, "cpu", "interrupt 0x900", [new("srr0", "0x100")]),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Errors_come_first_then_services_methods_and_callers(bool json)
    {
        using Session session = new();
        Assert.Equal(0, session.Call("trace", "summarize", Write(session, json, Boot)));
        string text = session.Streams.Output;
        string[] inOrder =
        [
            ": 13 events, 0.000001000 to 2.000000000 s",
            "\nGuest errors",
            "       2    0.000009000  mv64361: write of Ethernet register 0x2220: not modelled\n",
            "\nRefused calls",
            "       1    0.000008000  client frobnicate: unknown service\n",
            "\nFailed calls",
            "       1    0.000002000  client finddevice phandle=0xffffffff: specifier=\"/nowhere\"\n",
            "       1    0.000004000  client getprop size=-1: phandle=0x3(/chosen) name=\"none\"\n",
            "       1    0.000005000  client open ihandle=0x0: specifier=\"/nothing\"\n",
            "client call-method catch-result=-21: method=\"set-mode\"",
            "papr H_ENTER status=-6: arg1=0x0\n",
            "\nclient: 8 calls, 5 failed\n",
            "       2        1    0.000001000    0.000002000  finddevice\n",
            "\nrtas: 1 calls, 0 failed\n",
            "       1             0.000011000    0.000011000  read-pci-config\n",
            "\npapr: 1 calls, 1 failed\n",
            "\nMethods called",
            "       1             0.000006000  /rtas                            instantiate-rtas\n",
            "       1        1    0.000007000  /rtas                            set-mode\n",
            "\nCallers",
            "       6        4  client    0x01800308\n",
            "\nOther events",
            "       1    2.000000000    2.000000000  exceptions cpu interrupt 0x900\n",
        ];
        int at = 0;
        foreach (string part in inOrder)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is not there, or not in its place:\n{text}");
            at = found;
        }
    }

    [Fact]
    public void A_good_trace_says_that_nothing_failed_and_each_file_has_its_own_summary()
    {
        using Session session = new();
        string path = Write(session, json: false, Boot[0]);
        Assert.Equal(0, session.Call("trace", "summarize", path, path));
        Assert.Equal(2, session.Streams.Output.Split("No guest errors, no call failed.").Length - 1);
    }

    [Fact]
    public void Control_characters_of_a_guest_do_not_reach_the_terminal()
    {
        using Session session = new();
        Assert.Equal(0, session.Call("trace", "summarize", Write(session, json: true, GuestError("x", "a\u001b[2J\nb"), Client("\u001bx", "refused=\u009b1"))));
        Assert.DoesNotContain(session.Streams.Output.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
    }

    [Fact]
    public void Half_a_line_is_passed_over_and_said()
    {
        using Session session = new();
        Assert.Equal(0, session.Call("trace", "summarize", Text(session, "0.000000001 firmware client test\n0.0000000")));
        Assert.Contains("1 lines are no events", session.Streams.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs a trace; give a file that", "trace", "summarize")]
    [InlineData("There is no file '/nowhere/x'; give", "trace", "summarize", "/nowhere/x")]
    [InlineData("holds no trace events; give a file", "trace", "summarize", "/dev/null")]
    [InlineData("did you mean 'summarize'", "trace", "sumarize", "x")]
    [InlineData("say how: firmament trace summarize|diff", "trace")]
    [InlineData("There is no option '--exact'", "trace", "summarize", "--exact", "x")]
    public void Errors_say_what_to_do(string sentence, params string[] words)
    {
        using Session session = new();
        Assert.Equal(1, session.Call(words));
        Assert.Contains(sentence, session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Streams.Error.Count(static c => c == '\n'));
    }

    [Fact]
    public void What_is_no_trace_is_refused_with_its_number_of_lines()
    {
        using Session session = new();
        Assert.Equal(1, session.Call("trace", "summarize", Text(session, "hello\nworld\n")));
        Assert.Contains("None of the 2 lines of", session.Streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_without_end_are_counted_in_bounded_memory()
    {
        using Session session = new();
        string path = session.FreshPath();
        File.WriteAllText(path, "");
        using (FileStream file = File.OpenWrite(path))
        {
            TextTraceSink sink = new(file);
            for (int i = 0; i < 60_000; i++)
            {
                sink.Write(Client("s" + i, "pc=0x" + i));
            }
        }

        Assert.Equal(0, session.Call("trace", "summarize", path));
        Assert.Contains("client: 60,000 calls, 0 failed", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("and 40,000 events of more kinds than are counted apart", session.Streams.Output, StringComparison.Ordinal);
        File.Delete(path);
    }
}
