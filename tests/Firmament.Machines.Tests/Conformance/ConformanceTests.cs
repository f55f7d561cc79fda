using System.Globalization;
using System.Text;

namespace Firmament.Machines.Tests.Conformance;

public sealed class ConformanceTests
{
    [Theory]
    [InlineData("pegasos2")]
    [InlineData("pseries")]
    public void Every_service_and_method_does_what_IEEE_1275_says(string machine)
    {
        string groups = string.Concat(ConformanceCatalog.Groups.Select(static group => group.Letter));
        string console = ConformanceMachine.Run(machine, groups);
        SortedDictionary<int, ConformanceOutcome> outcomes = ConformanceOutcome.Parse(console);

        StringBuilder wrong = new();
        int index = 0;
        foreach (ConformanceCase test in ConformanceCatalog.Groups.SelectMany(static group => group.Cases))
        {
            ConformanceOutcome outcome = outcomes.GetValueOrDefault(index) ?? ConformanceOutcome.Without("no line");
            if (!ConformanceExpectation.IsMet(test, outcome))
            {
                wrong.Append(CultureInfo.InvariantCulture, $"{index} {test.Name} ({test.Source}): {outcome}, not {test.Expect} {test.Data}\n");
            }

            index++;
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.Contains($"{ConformanceProgram.Done} {index}", console, StringComparison.Ordinal);
    }

    [Fact]
    public void Cases_have_names_of_their_own()
    {
        string[] names = [.. ConformanceCatalog.Groups.SelectMany(static group => group.Cases).Select(static test => test.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
    }
}
