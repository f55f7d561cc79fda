using Firmament.Core.Tracing;

namespace Firmament.Core.Tests.Tracing;

/// <summary>Keeps every event.</summary>
internal sealed class RecordingSink : ITraceSink
{
    public List<TraceEvent> Events { get; } = [];

    public void Write(in TraceEvent traceEvent) => Events.Add(traceEvent);
}
