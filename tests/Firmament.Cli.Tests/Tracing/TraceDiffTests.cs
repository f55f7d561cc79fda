using Firmament.Cli.Tests.Scripted;
using Firmament.Cli.Tracing.Comparison;
using Firmament.Core.Tracing;
using static Firmament.Cli.Tests.Tracing.TraceFiles;

namespace Firmament.Cli.Tests.Tracing;

public sealed class TraceDiffTests
{
    private static readonly TraceEvent[] First =
    [
        Client("finddevice", "specifier=\"/chosen\"", "phandle=0x3(/chosen)", "pc=0x01800308"),
        Client("getprop", "phandle=0x3(/chosen)", "name=\"stdout\"", "buf=0x1fff0f40", "buflen=4", "size=4", "value=[40001003]", "pc=0x01800308"),
        Client("claim", "virt=0x0", "size=0x1000", "align=0x1000", "base=33554432", "pc=0x01800308"),
        Client("release", "virt=0x2000000", "size=0x1000", "pc=0x01800308"),
        GuestError("uart", "overrun"),
        Client("quiesce", "pc=0x01800308"),
    ];

    [Fact]
    public void Traces_that_differ_in_times_addresses_and_handles_only_are_equal()
    {
        using Session session = new();
        TraceEvent[] second =
        [
            Client("finddevice", "specifier=\"/chosen\"", "phandle=0x5(/chosen)", "pc=0x02000000"),
            Client("getprop", "phandle=0x5(/chosen)", "name=\"stdout\"", "buf=0x0fff0000", "buflen=4", "size=4", "value=[40001003]", "pc=0x02000000"),
            Client("claim", "virt=0x0", "size=0x1000", "align=0x1000", "base=50331648", "pc=0x02000000"),
            Client("release", "virt=0x3000000", "size=0x1000", "pc=0x02000000"),
            GuestError("uart", "overrun"),
            new(new(99), TraceCategory.Exceptions, "cpu", "interrupt 0x900", []),
            Client("quiesce", "pc=0x02000000"),
        ];
        (string a, string b) = (Write(session, json: false, First), Write(session, json: true, second));
        Assert.Equal(0, session.Call("trace", "diff", a, b));
        Assert.Equal("The traces are equal: 6 events, times, addresses and handles aside.\n", session.Streams.Output);
        Assert.Equal(1, session.Call("trace", "diff", "--exact", a, b));
        Assert.Equal(0, session.Call("trace", "diff", "--exact", a, a));
    }

    [Fact]
    public void An_address_that_stands_for_two_is_a_difference_with_its_reason()
    {
        using Session session = new();
        TraceEvent[] second = [.. First];
        second[3] = Client("release", "virt=0x4000000", "size=0x1000", "pc=0x01800308");
        Assert.Equal(1, session.Call("trace", "diff", Write(session, false, First), Write(session, false, second)));
        Assert.Contains("(virt: 0x2000000 of the first was 0x2000000 of the second before, and is 0x4000000 here)", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("1 of those alike use an address", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handle_of_another_node_or_another_answer_is_a_difference()
    {
        using Session session = new();
        TraceEvent[] node = [.. First];
        node[0] = Client("finddevice", "specifier=\"/chosen\"", "phandle=0x3(/aliases)", "pc=0x01800308");
        TraceEvent[] answer = [.. First];
        answer[1] = Client("getprop", "phandle=0x3(/chosen)", "name=\"stdout\"", "buf=0x1fff0f40", "buflen=4", "size=-1", "pc=0x01800308");
        string first = Write(session, false, First);
        Assert.Equal(1, session.Call("trace", "diff", first, Write(session, false, node)));
        Assert.Equal(1, session.Call("trace", "diff", first, Write(session, false, answer)));
        Assert.Contains("+ 0.000002000 firmware client getprop phandle=0x3(/chosen) name=\"stdout\" buf=0x1fff0f40 buflen=4 size=-1", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_difference_has_its_context_and_services_of_one_run_are_listed()
    {
        using Session session = new();
        TraceEvent[] second = [.. First[..2], Call("rtas", "nvram-fetch", "status=0"), First[2], First[2], .. First[3..]];
        Assert.Equal(1, session.Call("trace", "diff", "--context", "1", Write(session, false, First), Write(session, false, second)));
        string[] lines = session.Streams.Output.Split('\n');
        Assert.Equal("@@ after line 2 of the first, line 2 of the second @@", lines[0]);
        Assert.StartsWith("  0.000002000 firmware client getprop", lines[1], StringComparison.Ordinal);
        Assert.Equal("+ 0.000003000 firmware rtas nvram-fetch status=0", lines[2]);
        Assert.StartsWith("+ 0.000004000 firmware client claim", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("  0.000003000 firmware client claim", lines[4], StringComparison.Ordinal);
        Assert.Contains("6 events alike, 0 only in the first, 2 only in the second", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("Services that only the second asks for", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("       1  rtas nvram-fetch\n", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("       1        2  client claim\n", session.Streams.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_so_many_places_are_printed_and_all_are_counted()
    {
        using Session session = new();
        TraceEvent[] first = [.. Enumerable.Range(0, 200).Select(static i => Client("getprop", $"name=\"p{i}\""))];
        TraceEvent[] second = [.. first.Where(static (_, i) => i % 20 != 10)];
        Assert.Equal(1, session.Call("trace", "diff", "--hunks", "2", Write(session, false, first), Write(session, false, second)));
        Assert.Equal(2, session.Streams.Output.Split("@@ after").Length - 1);
        Assert.Contains("and 8 more places", session.Streams.Output, StringComparison.Ordinal);
        Assert.Contains("differ in 10 places: 190 events alike, 10 only in the first", session.Streams.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compares two traces, not 1", "trace", "diff", "/dev/null")]
    [InlineData("There is no file '/nowhere/x'", "trace", "diff", "/nowhere/x", "/nowhere/y")]
    [InlineData("did you mean '--exact'", "trace", "diff", "--exakt", "x", "y")]
    [InlineData("--context many is not a number", "trace", "diff", "--context", "many", "x", "y")]
    public void Errors_end_with_2(string sentence, params string[] words)
    {
        using Session session = new();
        Assert.Equal(2, session.Call(words));
        Assert.Contains(sentence, session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.Streams.Error.Count(static c => c == '\n'));
    }

    [Fact]
    public void A_trace_without_calls_cannot_be_compared_unless_exactly()
    {
        using Session session = new();
        string path = Write(session, false, new TraceEvent(new(1), TraceCategory.Exceptions, "cpu", "interrupt 0x900", []));
        Assert.Equal(2, session.Call("trace", "diff", path, path));
        Assert.Contains("holds no firmware calls", session.Streams.Error, StringComparison.Ordinal);
        Assert.Equal(0, session.Call("trace", "diff", path, path, "--exact"));
    }

    [Theory]
    [InlineData("abcabba", "cbabac", 4)]
    [InlineData("", "abc", 0)]
    [InlineData("abc", "abc", 3)]
    [InlineData("xaxbxcx", "abc", 3)]
    public void Short_sequences_get_their_longest_common_subsequence(string left, string right, int length) =>
        AssertAlignment([.. left.Select(static c => (ulong)c)], [.. right.Select(static c => (ulong)c)], length, length);

    [Fact]
    public void Long_sequences_with_many_differences_are_aligned_at_what_both_have_once()
    {
        // Every third of 60,000 differs, far more than the exact method takes.
        ulong[] left = [.. Enumerable.Range(0, 60_000).Select(static i => (ulong)(i % 3 == 0 ? 1_000_000 + i : i))];
        ulong[] right = [.. Enumerable.Range(0, 60_000).Select(static i => (ulong)(i % 3 == 0 ? 2_000_000 + i : i))];
        AssertAlignment(left, right, 40_000, 40_000);
    }

    [Fact]
    public void Long_sequences_that_have_nothing_once_are_aligned_window_by_window()
    {
        // 200,000 of ten values, and the same with one more after every hundredth.
        ulong[] left = [.. Enumerable.Range(0, 200_000).Select(static i => (ulong)(i % 10))];
        ulong[] right = [.. left.SelectMany(static (value, i) => i % 100 == 99 ? new[] { value, 3UL } : [value])];
        AssertAlignment(left, right, 199_000, 200_000);
    }

    [Fact]
    public void Sequences_with_nothing_in_common_end_quickly() =>
        AssertAlignment([.. Enumerable.Range(0, 100_000).Select(static i => (ulong)(i % 2))], [.. Enumerable.Range(0, 100_000).Select(static i => (ulong)(2 + (i % 2)))], 0, 0);

    private static void AssertAlignment(ulong[] left, ulong[] right, int least, int most)
    {
        int common = 0;
        (int a, int b) = (0, 0);
        foreach (Match match in Alignment.Of(left, right))
        {
            Assert.True(match.Left >= a && match.Right >= b && match.Length > 0);
            Assert.Equal(left.AsSpan(match.Left, match.Length), right.AsSpan(match.Right, match.Length));
            (a, b) = (match.Left + match.Length, match.Right + match.Length);
            common += match.Length;
        }

        Assert.InRange(common, least, most);
    }
}
