namespace Firmament.Benchmarks.Compare;

/// <summary>What had to be reached, and whether it was.</summary>
internal sealed class TargetList
{
    private readonly MarkdownTable _table = new("target", "at least", "measured", "result");

    /// <summary>Notes one; the words for its result.</summary>
    public string Add(string what, double least, double measured)
    {
        string result = Result(least, measured);
        _table.Add(what, Figures.TwoDecimals(least), Figures.TwoDecimals(measured), result);
        return result;
    }

    /// <summary>Notes one that is a count of rows, all of which must have reached their own; the rows' table names those that have not.</summary>
    public void AddRows(string what, int rows, int met) => _table.Add(what, $"{rows} rows", $"{met} rows", met == rows ? "met" : "missed");

    public static string Result(double least, double measured) => measured >= least ? "met" : "missed";

    public string Text => _table.IsEmpty ? "" : $"## Targets\n\nRatios are QEMU / Firmament.\n\n{_table}\n";
}
