namespace Firmament.Architecture.Tests;

/// <summary>A rule's findings, all of them in the failure's message.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, $"{all.Length} violations:\n" + string.Join('\n', all));
    }
}
