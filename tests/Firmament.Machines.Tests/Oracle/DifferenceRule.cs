namespace Firmament.Machines.Tests.Oracle;

/// <summary>A difference between the two traces that is meant: calls of one side that the other does not have.</summary>
/// <param name="Why">The reason, as in docs/pegasos2-trace.md.</param>
/// <param name="Ours">True for calls of Firmament's trace, false for calls of QEMU's.</param>
/// <param name="Count">How many calls at this index of the trace the rule explains; 0 when it does not apply there.</param>
internal sealed record DifferenceRule(string Why, bool Ours, Func<IReadOnlyList<string>, int, int> Count)
{
    /// <summary>The two questions a client asks about each property it copies.</summary>
    public static DifferenceRule Properties(string why, bool ours, string path, params string[] names) => new(
        why,
        ours,
        (trace, i) => names.Any(name => trace[i] == $"getproplen {path} \"{name}\"" || trace[i] == $"getprop {path} \"{name}\"") ? 1 : 0);

    /// <summary>This sequence of calls.</summary>
    public static DifferenceRule Sequence(string why, bool ours, params string[] calls) => new(
        why, ours, (trace, i) => i + calls.Length <= trace.Count && calls.Select((call, n) => trace[i + n] == call).All(static same => same) ? calls.Length : 0);

    /// <summary>Removes what the rules of one side explain, and says which rules were of use.</summary>
    public static List<string> Apply(IReadOnlyList<string> trace, bool ours, IReadOnlyList<DifferenceRule> rules, HashSet<DifferenceRule> used)
    {
        List<string> rest = [];
        for (int i = 0; i < trace.Count;)
        {
            int explained = 0;
            foreach (DifferenceRule rule in rules.Where(rule => rule.Ours == ours))
            {
                explained = rule.Count(trace, i);
                if (explained > 0)
                {
                    used.Add(rule);
                    break;
                }
            }

            if (explained == 0)
            {
                rest.Add(trace[i]);
            }

            i += Math.Max(explained, 1);
        }

        return rest;
    }
}
