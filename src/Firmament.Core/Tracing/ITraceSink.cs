namespace Firmament.Core.Tracing;

/// <summary>Where trace events go: a text or JSON-lines file, standard error, a test's list.</summary>
public interface ITraceSink
{
    /// <summary>Takes one event. Called on the machine's thread.</summary>
    void Write(in TraceEvent traceEvent);

    /// <summary>
    /// A call begins, with what is known of it: its arguments. <see cref="Write"/> tells of it when it has ended, and of calls within it before that.
    /// Called on the machine's thread; for sinks that show durations.
    /// </summary>
    void Begin(in TraceEvent call)
    {
    }
}
