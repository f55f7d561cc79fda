using System.Collections;

namespace Firmament.Core.Io;

/// <summary>
/// A device's registers, declared once and read by dispatch, reset, traces, register-walk tests and documentation.
/// </summary>
/// <typeparam name="TDevice">The device; bodies get it as their first argument, so the table is static.</typeparam>
public sealed class RegisterMap<TDevice> : IEnumerable<Register<TDevice>>
{
    private readonly List<Register<TDevice>> _rows = [];
    private readonly Dictionary<uint, Register<TDevice>> _byOffset = [];

    /// <summary>Adds a row (collection initializer). An offset may appear once.</summary>
    public void Add(uint offset, string name, Access access, uint reset, Func<TDevice, uint>? read = null, Action<TDevice, uint>? write = null)
    {
        Register<TDevice> row = new(offset, name, access, reset, read, write);
        _byOffset.Add(offset, row);
        _rows.Add(row);
    }

    /// <summary>The register at <paramref name="offset"/>, or null.</summary>
    public Register<TDevice>? this[uint offset] => _byOffset.GetValueOrDefault(offset);

    /// <summary>Reads a register. False when none is there; write-only registers read as 0.</summary>
    public bool TryRead(TDevice device, uint offset, out uint value)
    {
        value = 0;
        if (!_byOffset.TryGetValue(offset, out Register<TDevice>? row))
        {
            return false;
        }

        if (row.Access != Access.WriteOnly && row.Read != null)
        {
            value = row.Read(device);
        }

        return true;
    }

    /// <summary>Writes a register. False when none is there; read-only registers ignore it.</summary>
    public bool TryWrite(TDevice device, uint offset, uint value)
    {
        if (!_byOffset.TryGetValue(offset, out Register<TDevice>? row))
        {
            return false;
        }

        if (row.Access != Access.ReadOnly)
        {
            row.Write?.Invoke(device, value);
        }

        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<Register<TDevice>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
