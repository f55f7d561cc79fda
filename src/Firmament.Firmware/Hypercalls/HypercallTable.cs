using System.Collections;

namespace Firmament.Firmware.Hypercalls;

/// <summary>Hypercalls declared as rows; dispatch and trace read them. A machine adds its own before the guest runs.</summary>
public sealed class HypercallTable : IEnumerable<HypercallRow>
{
    private readonly Dictionary<uint, HypercallRow> _rows = [];

    /// <summary>Adds a hypercall for supervisor code.</summary>
    public void Add(uint number, string name, int arguments, int results, HypercallBody body) =>
        Add(number, name, arguments, results, HypercallAccess.Supervisor, body);

    /// <summary>Adds a hypercall.</summary>
    public void Add(uint number, string name, int arguments, int results, HypercallAccess access, HypercallBody body) =>
        _rows.Add(number, new HypercallRow(number, name, arguments, results, access, body));

    /// <summary>The hypercall, or null.</summary>
    public HypercallRow? Find(ulong number) => number <= uint.MaxValue ? _rows.GetValueOrDefault((uint)number) : null;

    /// <inheritdoc/>
    public IEnumerator<HypercallRow> GetEnumerator() => _rows.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
