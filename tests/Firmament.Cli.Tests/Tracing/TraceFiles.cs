using System.Text;
using Firmament.Cli.Tests.Scripted;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tests.Tracing;

/// <summary>Traces of a few lines.</summary>
internal static class TraceFiles
{
    /// <summary>A file of these events, times one microsecond apart.</summary>
    public static string Write(Session session, bool json, params IReadOnlyList<TraceEvent> events)
    {
        using MemoryStream stream = new();
        using JsonTraceSink jsonSink = new(stream);
        ITraceSink sink = json ? jsonSink : new TextTraceSink(stream);
        for (int i = 0; i < events.Count; i++)
        {
            sink.Write(events[i] with { Time = events[i].Time == VirtualTime.Zero ? VirtualTime.FromMicroseconds(i + 1) : events[i].Time });
        }

        return session.File(stream.ToArray());
    }

    public static string Text(Session session, string text) => session.File(Encoding.UTF8.GetBytes(text));

    /// <summary>A client call, with fields as "name=value".</summary>
    public static TraceEvent Client(string service, params IReadOnlyList<string> fields) => Call("client", service, fields);

    public static TraceEvent Call(string source, string service, params IReadOnlyList<string> fields) => new(
        VirtualTime.Zero, TraceCategory.Firmware, source, service,
        [.. fields.Select(static field => field.Split('=', 2)).Select(static pair => new KeyValuePair<string, string>(pair[0], pair[1]))]);

    public static TraceEvent GuestError(string source, string message) => new(VirtualTime.Zero, TraceCategory.GuestErrors, source, message, []);
}
