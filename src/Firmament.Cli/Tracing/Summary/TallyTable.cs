using System.Diagnostics.CodeAnalysis;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Summary;

/// <summary>Tallies by key, of which there are so many at most: a trace of any length is counted in the same memory.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a table.")]
internal sealed class TallyTable<TKey>
    where TKey : notnull
{
    private const int MostKeys = 20_000;
    private readonly Dictionary<TKey, Tally> _tallies = [];

    /// <summary>Events whose key came when the table was full.</summary>
    public long Others { get; private set; }

    public int Count => _tallies.Count;

    /// <summary>The most frequent first, among equals the earliest.</summary>
    public IEnumerable<KeyValuePair<TKey, Tally>> Ordered => _tallies.OrderByDescending(static entry => entry.Value.Count).ThenBy(static entry => entry.Value.First);

    public void Add(TKey key, in TraceEvent traceEvent, bool failed = false)
    {
        if (!_tallies.TryGetValue(key, out Tally? tally))
        {
            if (_tallies.Count == MostKeys)
            {
                Others++;
                return;
            }

            _tallies.Add(key, tally = new());
        }

        tally.Add(traceEvent, failed);
    }
}
