using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Summary;

/// <summary>How often something happened, when first and last, and the first time in words.</summary>
internal sealed class Tally
{
    public long Count { get; private set; }

    /// <summary>How many of them failed.</summary>
    public long Failed { get; private set; }

    public VirtualTime First { get; private set; }

    public VirtualTime Last { get; private set; }

    /// <summary>The first one.</summary>
    public TraceEvent Example { get; private set; }

    public void Add(in TraceEvent traceEvent, bool failed = false)
    {
        if (Count++ == 0)
        {
            Example = traceEvent;
            First = traceEvent.Time;
        }

        Failed += failed ? 1 : 0;
        Last = traceEvent.Time;
    }
}
