using Firmament.Benchmarks.Compare;
using Firmament.Core;

namespace Firmament.Cli.Tests.Benchmarks;

public sealed class BenchParsingTests
{
    private const string Console = """
        [    1.500000] @loop
        BENCH loop 1234.5 Mops/s sum=0000beef ok
        [    3.500000] @
        noise BENCH not 1 x sum= ok
        [    4.000000] @pgfault
        BENCH pgfault 80 us/fault sum=- -
        [    5.000000] @sleep
        BENCH sleep 10.1 ms/10ms sum=00000000 BAD
        [    6.000000] @
        BENCH cut 5 x sum=1
        """;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Rows_are_found_among_other_lines_and_whatever_ends_them(string end)
    {
        BenchLine[] lines = [.. BenchLine.Find(Console.ReplaceLineEndings(end))];
        Assert.Equal([new("loop", 1234.5, "Mops/s", false), new("pgfault", 80, "us/fault", false), new("sleep", 10.1, "ms/10ms", true)], lines);
        Assert.Equal([false, true, true], lines.Select(static line => line.LessIsBetter));
    }

    [Fact]
    public void A_figure_by_the_guests_clock_becomes_one_by_the_hosts()
    {
        // The guest's clock went twice as fast as the host's while it ran: what it took for two seconds was one.
        Assert.Equal(50, new BenchLine("a", 100, "ns/load", false).ByHost(2).Value);
        Assert.Equal(200, new BenchLine("a", 100, "MB/s", false).ByHost(2).Value);
        Assert.Equal((100, 2), new BenchLine("a", 100, "MB/s", false).ByGuest(2) is var line ? (line.Value, line.Clock) : default);
    }

    [Fact]
    public void The_clock_of_a_row_is_that_between_its_marks()
    {
        string text = Console.ReplaceLineEndings("\n");
        // Each line came half a second after the one before it.
        List<(int Length, double Seconds)> arrivals = [];
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n' || at == text.Length - 1)
            {
                arrivals.Add((at + 1, arrivals.Count * 0.5));
            }
        }

        Dictionary<string, BenchLine> lines = GuestClock.Correct(new ProcessRun("", true, 0, 0, 0, text, arrivals)).ToDictionary(static line => line.Name);
        Assert.Equal(["loop", "pgfault", "sleep"], lines.Keys.Order());
        Assert.Equal((2.0, 2469.0), (lines["loop"].Clock, lines["loop"].Value));
        Assert.Equal((1.0, 80.0), (lines["pgfault"].Clock, lines["pgfault"].Value));
        Assert.Equal((1.0, 10.1), (lines["sleep"].Clock, lines["sleep"].Value));
    }

    [Theory]
    [InlineData("bench/ppc32/loop", true)]
    [InlineData("bench/ppc32", true)]
    [InlineData("ppc32/", true)]
    [InlineData("loop", true)]
    [InlineData("loo", false)]
    [InlineData("ppc", false)]
    public void A_selector_is_one_or_more_whole_parts_of_a_name(string selector, bool wanted) =>
        Assert.Equal(wanted, new Selection([selector]).Wants("bench/ppc32/loop"));

    [Fact]
    public void Without_selectors_everything_is_wanted_and_unknown_ones_are_refused()
    {
        Assert.True(new Selection([]).Wants("anything"));
        new Selection(["loop"]).Check(["bench/ppc32/loop"]);
        Assert.Contains("nothing named 'lop'", Assert.Throws<UserErrorException>(static () => new Selection(["lop"]).Check(["bench/ppc32/loop"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_averaged_and_written_the_same_everywhere()
    {
        Assert.Equal((2, 2.5), (Figures.Median([3, 1, 2]), Figures.Median([4, 1, 2, 3])));
        Assert.Equal(4, Figures.GeometricMean([2, 8]), 9);
        Assert.Equal(("1,234,568", "1.235", "0.001235"), (Figures.Significant(1234567.8), Figures.Significant(1.23456), Figures.Significant(0.00123456)));
        Assert.Equal(("1.50", "1.500", "2"), (Figures.TwoDecimals(1.5), Figures.ThreeDecimals(1.5), Figures.Mebibytes(2 << 20)));
    }

    [Fact]
    public void A_table_is_aligned_and_valid_markdown()
    {
        MarkdownTable table = new("row", "n");
        Assert.True(table.IsEmpty);
        table.Add("a long one", "1");
        Assert.Equal("| row        |   n |\n|------------|----:|\n| a long one |   1 |\n", table.ToString());
    }

    [Fact]
    public void The_guest_is_told_its_rows_and_no_more_than_linux_takes()
    {
        BenchRow[] some = [.. BenchRow.All.Where(static row => row.Name is "loop" or "bb_sh")];
        string command = BenchCommand.For(some);
        Assert.StartsWith("run=m(){", command, StringComparison.Ordinal);
        Assert.Contains("for+r+in+loop;do", command, StringComparison.Ordinal);
        Assert.Contains("'/^t+bb_sha256sum+[a-zA-Z]/d'", command, StringComparison.Ordinal);
        Assert.DoesNotContain("'/^t+bb_sh+[a-zA-Z]/d'", command, StringComparison.Ordinal);
        Assert.DoesNotContain(' ', command);
        Assert.InRange(BenchCommand.For(BenchRow.All).Length, 1, 2000);
        Assert.DoesNotContain("sed", BenchCommand.For([.. BenchRow.All.Where(static row => !row.IsBusybox)]), StringComparison.Ordinal);
    }
}
