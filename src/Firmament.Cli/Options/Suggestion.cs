namespace Firmament.Cli.Options;

/// <summary>Finds the name a mistyped one was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>" (did you mean 'x'?)", or "" when nothing is close.</summary>
    public static string For(string written, IEnumerable<string> known)
        => Closest(written, known) is { } name ? $" (did you mean '{name}'?)" : "";

    /// <summary>The closest name within a third of the length (at least 2 edits), or null.</summary>
    public static string? Closest(string written, IEnumerable<string> known)
    {
        int best = Math.Max(2, written.Length / 3) + 1;
        string? closest = null;
        foreach (string name in known)
        {
            int distance = Distance(written, name);
            if (distance < best)
            {
                best = distance;
                closest = name;
            }
        }

        return closest;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two names, ignoring case.</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            cost[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                int least = Math.Min(Math.Min(cost[i - 1, j] + 1, cost[i, j - 1] + 1), cost[i - 1, j - 1] + replace);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    least = Math.Min(least, cost[i - 2, j - 2] + 1);
                }

                cost[i, j] = least;
            }
        }

        return cost[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
