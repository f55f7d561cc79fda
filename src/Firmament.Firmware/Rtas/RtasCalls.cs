namespace Firmament.Firmware.Rtas;

/// <summary>A machine's RTAS calls: a table bound to the object that serves it. Made as <see cref="RtasTable{T}"/>.</summary>
public abstract class RtasCalls
{
    private protected RtasCalls()
    {
    }

    /// <summary>Names and tokens as `/rtas` publishes them, in the order of the table.</summary>
    public abstract IEnumerable<KeyValuePair<string, uint>> Published { get; }

    /// <summary>Further cells of `/rtas`, each kept as it is where the machine's tree has one of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, uint>> Cells { get; init; } = [];

    /// <summary>The name of the call with this token, or null.</summary>
    internal abstract string? NameOf(uint token);

    /// <summary>Runs the call that <see cref="CallBlock.Service"/> names. False, with nothing done, when the counts do not fit or there is none.</summary>
    internal abstract bool TryInvoke(CallBlock call, CallTracer tracer);
}
