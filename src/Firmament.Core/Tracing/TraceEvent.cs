using Firmament.Core.Time;

namespace Firmament.Core.Tracing;

/// <summary>One traced event.</summary>
/// <param name="Time">Virtual time.</param>
/// <param name="Category">What kind of event.</param>
/// <param name="Source">The component or service, for example "client-interface" or "uart".</param>
/// <param name="Name">The event, for example the service's name.</param>
/// <param name="Fields">Decoded details, in order; values are already readable text.</param>
public readonly record struct TraceEvent(
    VirtualTime Time,
    TraceCategory Category,
    string Source,
    string Name,
    IReadOnlyList<KeyValuePair<string, string>> Fields);
