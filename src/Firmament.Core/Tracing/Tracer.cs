using Firmament.Core.Time;

namespace Firmament.Core.Tracing;

/// <summary>Hands events of the enabled categories to the sink. Costs one test when a category is off.</summary>
public sealed class Tracer
{
    private readonly HashSet<string> _toldGuestErrors = [];

    /// <summary>The categories that are on.</summary>
    public TraceCategory Enabled { get; set; }

    /// <summary>Where events go; null drops them.</summary>
    public ITraceSink? Sink { get; set; }

    /// <summary>The clock that stamps events.</summary>
    public Func<VirtualTime> Clock { get; set; } = static () => VirtualTime.Zero;

    /// <summary>How many guest errors were reported, told or not.</summary>
    public long GuestErrorCount { get; private set; }

    /// <summary>True when events of <paramref name="category"/> are wanted. Test before building fields.</summary>
    public bool IsEnabled(TraceCategory category) => (Enabled & category) != 0 && Sink != null;

    /// <summary>Writes an event.</summary>
    public void Write(TraceCategory category, string source, string name, params IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        if (IsEnabled(category))
        {
            Sink!.Write(new TraceEvent(Clock(), category, source, name, fields));
        }
    }

    /// <summary>Says that a call begins; <see cref="Write"/> with the same category, source and name ends it.</summary>
    public void Begin(TraceCategory category, string source, string name, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        if (IsEnabled(category))
        {
            Sink!.Begin(new TraceEvent(Clock(), category, source, name, fields));
        }
    }

    /// <summary>
    /// Reports that the guest did something wrong or not modelled. The architected result is the caller's to give.
    /// The same message is written once, so that a guest in a loop cannot fill a disk.
    /// </summary>
    public void GuestError(string source, string message)
    {
        GuestErrorCount++;
        const int MostMessages = 1000;
        if (IsEnabled(TraceCategory.GuestErrors) && _toldGuestErrors.Count < MostMessages && _toldGuestErrors.Add(source + message))
        {
            Sink!.Write(new TraceEvent(Clock(), TraceCategory.GuestErrors, source, message, []));
        }
    }
}
