using System.Globalization;
using System.Text;

namespace Firmament.Machines.Tests.Conformance;

public sealed class ConformanceTests
{
    private static readonly string AllGroups = string.Concat(ConformanceCatalog.Groups.Select(static group => group.Letter));

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void Every_service_and_method_does_what_IEEE_1275_says(string machine)
    {
        string console = ConformanceMachine.Run(machine, AllGroups);

        AssertNone(Wrong(console, Groups(machine)));
        Assert.Contains($"{ConformanceProgram.Done} {ConformanceCatalog.Groups.Sum(static group => group.Cases.Length)}", console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void Each_group_alone_does_the_same(string machine) =>
        AssertNone(string.Concat(Groups(machine).Select(letter => Wrong(ConformanceMachine.Run(machine, $"{letter}"), $"{letter}"))));

    [Fact]
    public void Cases_have_names_of_their_own()
    {
        string[] names = [.. ConformanceCatalog.Groups.SelectMany(static group => group.Cases).Select(static test => test.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    /// <summary>A partition has clock and NVRAM in RTAS only.</summary>
    private static string Groups(string machine) => machine == "pseries" ? AllGroups.Replace("g", "", StringComparison.Ordinal) : AllGroups;

    private static void AssertNone(string wrong) => Assert.True(wrong.Length == 0, wrong);

    private static string Wrong(string console, string groups)
    {
        SortedDictionary<int, ConformanceOutcome> outcomes = ConformanceOutcome.Parse(console);
        StringBuilder wrong = new();
        foreach (ConformanceGroup group in ConformanceCatalog.Groups.Where(group => groups.Contains(group.Letter)))
        {
            int index = ConformanceCatalog.FirstOf(group);
            foreach (ConformanceCase test in group.Cases)
            {
                ConformanceOutcome outcome = outcomes.GetValueOrDefault(index) ?? ConformanceOutcome.Without("no line");
                if (!ConformanceExpectation.IsMet(test, outcome))
                {
                    wrong.Append(CultureInfo.InvariantCulture, $"{index} {test.Name} ({test.Source}): {outcome}, not {test.Expect} {test.Data}\n");
                }

                index++;
            }
        }

        return wrong.ToString();
    }
}
