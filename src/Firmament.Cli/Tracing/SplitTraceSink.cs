using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing;

/// <summary>Gives each of two sinks the events of its categories.</summary>
internal sealed class SplitTraceSink(ITraceSink first, TraceCategory firstWants, ITraceSink second, TraceCategory secondWants) : ITraceSink
{
    /// <inheritdoc/>
    public void Begin(in TraceEvent call)
    {
        if ((call.Category & firstWants) != 0)
        {
            first.Begin(call);
        }

        if ((call.Category & secondWants) != 0)
        {
            second.Begin(call);
        }
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent traceEvent)
    {
        if ((traceEvent.Category & firstWants) != 0)
        {
            first.Write(traceEvent);
        }

        if ((traceEvent.Category & secondWants) != 0)
        {
            second.Write(traceEvent);
        }
    }
}
