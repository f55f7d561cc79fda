namespace Firmament.Firmware.Rtas;

/// <summary>A table of RTAS calls with the object that serves them.</summary>
/// <typeparam name="T">The object each body gets.</typeparam>
public sealed class RtasTable<T> : RtasCalls
{
    private readonly ServiceTable<T> _table;
    private readonly T _services;

    /// <summary>Binds <paramref name="table"/> to <paramref name="services"/>.</summary>
    public RtasTable(ServiceTable<T> table, T services)
    {
        _table = table;
        _services = services;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, uint>> Published =>
        _table.Select(row => KeyValuePair.Create(_table.PublishedName(row), row.Token));

    /// <inheritdoc/>
    internal override string? NameOf(uint token) => _table.Find(token)?.Name;

    /// <inheritdoc/>
    internal override bool TryInvoke(CallBlock call, CallTracer tracer) =>
        _table.Find(call.Service) is { } row && _table.TryInvoke(row, _services, call, tracer, exact: true);
}
