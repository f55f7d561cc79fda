using System.Text;

namespace Firmament.Benchmarks.Compare;

/// <summary>A table for a terminal and for a file alike. The first column is words, the others are numbers.</summary>
internal sealed class MarkdownTable(params string[] header)
{
    private readonly List<string[]> _rows = [];

    public bool IsEmpty => _rows.Count == 0;

    public void Add(params string[] row) => _rows.Add(row);

    public override string ToString()
    {
        int[] widths = [.. header.Select((title, column) => Math.Max(3, _rows.Append(header).Max(row => row[column].Length)))];
        StringBuilder text = new();
        Line(text, header, widths);
        IEnumerable<string> rules = widths.Select(static (width, column) => column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":");
        text.Append('|').AppendJoin('|', rules).Append("|\n");
        foreach (string[] row in _rows)
        {
            Line(text, row, widths);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))
            .Append(" |\n");
}
