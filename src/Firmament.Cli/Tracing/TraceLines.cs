using System.Text;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing;

/// <summary>Events as lines for a person.</summary>
internal static class TraceLines
{
    private const int Longest = 220;

    /// <summary>An event's line, cut where nobody reads on.</summary>
    public static string Of(in TraceEvent traceEvent)
    {
        string line = TextTraceFormat.Line(traceEvent);
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    /// <summary>Text without control characters, which a guest may have put there to drive the terminal.</summary>
    public static string Visible(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        StringBuilder visible = new(text.Length);
        foreach (char c in text)
        {
            visible.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ when char.IsControl(c) => "?", _ => c.ToString() });
        }

        return visible.ToString();
    }
}
