using System.Text;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Summary;

/// <summary>Counts a trace's events: errors, services by source, methods by node, callers. Takes memory for what differs, not for what is repeated.</summary>
internal sealed class TraceSummary
{
    public long Events { get; private set; }

    public VirtualTime First { get; private set; }

    public VirtualTime Last { get; private set; }

    /// <summary>Guest errors; those that differ in numbers only are one.</summary>
    public TallyTable<(string Source, string Shape)> GuestErrors { get; } = new();

    /// <summary>Calls that the firmware refused, by reason.</summary>
    public TallyTable<(string Source, string Service, string Reason)> Refused { get; } = new();

    /// <summary>Calls that failed, by result.</summary>
    public TallyTable<(string Source, string Service, string Result)> Failed { get; } = new();

    /// <summary>All calls.</summary>
    public TallyTable<(string Source, string Service)> Services { get; } = new();

    /// <summary>Calls by source.</summary>
    public TallyTable<string> Sources { get; } = new();

    /// <summary>call-method and what it called.</summary>
    public TallyTable<(string Node, string Method)> Methods { get; } = new();

    /// <summary>Calls by the address they return to.</summary>
    public TallyTable<(string Source, string Address)> Callers { get; } = new();

    /// <summary>Everything else that is traced: interrupts, device accesses.</summary>
    public TallyTable<(string Category, string Source, string Name)> Other { get; } = new();

    public void Add(in TraceEvent traceEvent)
    {
        First = Events++ == 0 ? traceEvent.Time : First;
        Last = traceEvent.Time;
        switch (traceEvent.Category)
        {
            case TraceCategory.GuestErrors:
                GuestErrors.Add((traceEvent.Source, WithoutNumbers(traceEvent.Name)), traceEvent);
                break;
            case TraceCategory.Firmware:
                AddCall(traceEvent);
                break;
            default:
                Other.Add((TraceCategories.NameOf(traceEvent.Category), traceEvent.Source, traceEvent.Name), traceEvent);
                break;
        }
    }

    private void AddCall(in TraceEvent call)
    {
        string? failure = CallOutcome.Failure(call);
        bool failed = failure != null;
        Sources.Add(call.Source, call, failed);
        Services.Add((call.Source, call.Name), call, failed);
        if (failure != null)
        {
            (CallOutcome.IsRefused(call) ? Refused : Failed).Add((call.Source, call.Name, failure), call);
        }

        if (call.Name == "call-method" && CallOutcome.Field(call, "method") is { } method)
        {
            Methods.Add((Path(CallOutcome.Field(call, "ihandle") ?? "?"), method.Trim('"')), call, failed);
        }

        if (CallOutcome.Field(call, "pc") is { } address)
        {
            Callers.Add((call.Source, address), call, failed);
        }
    }

    /// <summary>0x3(/chosen): the path; the number where there is none.</summary>
    private static string Path(string handle)
    {
        int open = handle.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? handle : handle[(open + 1)..].TrimEnd(')');
    }

    private static string WithoutNumbers(string message)
    {
        StringBuilder shape = new(message.Length);
        bool inNumber = false;
        for (int i = 0; i < message.Length; i++)
        {
            char c = message[i];
            bool starts = char.IsAsciiDigit(c) && (i == 0 || !char.IsAsciiLetterOrDigit(message[i - 1]));
            inNumber = starts || (inNumber && (char.IsAsciiHexDigit(c) || c == 'x'));
            if (starts || !inNumber)
            {
                shape.Append(inNumber ? '#' : c);
            }
        }

        return shape.ToString();
    }
}
