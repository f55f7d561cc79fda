using System.Globalization;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>
/// What a case may give: r3 and results, one word each with blanks between. A number is itself; <c>h</c> is neither 0 nor −1, <c>+</c> is positive,
/// <c>!0</c> is not 0, <c>*</c> is anything; <c>|</c> stands between alternatives. Results that no word is for may be anything.
/// </summary>
internal static class ConformanceExpectation
{
    /// <summary>True when the outcome is what the case expects.</summary>
    public static bool IsMet(ConformanceCase test, ConformanceOutcome outcome)
    {
        string[] words = test.Expect.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return outcome.Note == null
            && Matches(words[0], outcome.Status)
            && words.Skip(1).Select((word, i) => i < outcome.Results.Count && Matches(word, outcome.Results[i])).All(static ok => ok)
            && (test.Data == null || IsData(test.Data, outcome.Data));
    }

    private static bool IsData(string expected, string data) =>
        data.Length >= expected.Length && expected.Zip(data).All(static pair => pair.First == '?' || pair.First == pair.Second);

    private static bool Matches(string word, uint value) => Array.Exists(word.Split('|'), alternative => alternative switch
    {
        "*" => true,
        "h" => value is not (0 or uint.MaxValue),
        "+" => (int)value > 0,
        "!0" => value != 0,
        _ => value == Number(alternative),
    });

    private static uint Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : (uint)long.Parse(text, CultureInfo.InvariantCulture);
}
