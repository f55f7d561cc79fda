namespace Firmament.Core.Tracing;

/// <summary>Where trace events go: a text or JSON-lines file, standard error, a test's list.</summary>
public interface ITraceSink
{
    /// <summary>Takes one event. Called on the machine's thread.</summary>
    void Write(in TraceEvent traceEvent);
}
