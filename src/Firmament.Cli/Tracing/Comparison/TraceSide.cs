using System.Runtime.InteropServices;
using Firmament.Core.Tracing;

namespace Firmament.Cli.Tracing.Comparison;

/// <summary>One of two traces: the shapes of its events, and how often each service is called. 8 bytes an event.</summary>
internal sealed class TraceSide
{
    // A guest may invent names without end.
    private const int MostServices = 20_000;
    private readonly Dictionary<string, long> _services = [];

    private TraceSide(string name) => Name = name;

    /// <summary>Its file.</summary>
    public string Name { get; }

    /// <summary>The shapes of the events that are compared.</summary>
    public ulong[] Shapes { get; private set; } = [];

    /// <summary>All events.</summary>
    public long Events { get; private set; }

    /// <summary>How often each service was called ("rtas nvram-fetch").</summary>
    public IReadOnlyDictionary<string, long> Services => _services;

    /// <summary>Reads a trace once.</summary>
    public static TraceSide Read(string name, Stream stream, bool exact)
    {
        TraceSide side = new(name);
        List<ulong> shapes = [];
        TraceReader reader = new(stream);
        while (reader.TryRead(out TraceEvent traceEvent))
        {
            side.Events++;
            if (CallShape.IsCompared(traceEvent, exact))
            {
                shapes.Add(CallShape.Hash(traceEvent, exact));
            }

            string service = $"{traceEvent.Source} {traceEvent.Name}";
            if (traceEvent.Category == TraceCategory.Firmware && (side._services.Count < MostServices || side._services.ContainsKey(service)))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(side._services, service, out _)++;
            }
        }

        side.Shapes = [.. shapes];
        return side;
    }
}
