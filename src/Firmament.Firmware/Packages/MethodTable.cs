using System.Collections;

namespace Firmament.Firmware.Packages;

/// <summary>Methods declared as rows of name, stack effect and body. Filled once, when a type is initialised.</summary>
public sealed class MethodTable<T> : IEnumerable<string>
{
    private readonly NameIndex<Row> _rows = new();
    private readonly List<string> _names = [];

    /// <summary>Adds a method.</summary>
    /// <param name="name">As clients spell it.</param>
    /// <param name="effect">Its stack effect, for example "addr len -- actual"; the cells before "--" must be there when it is called.</param>
    /// <param name="body">What it does.</param>
    public void Add(string name, string effect, MethodBody<T> body)
    {
        string before = effect[..effect.IndexOf("--", StringComparison.Ordinal)];
        int needs = before.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        _rows.Add(name, new Row(needs, body));
        _names.Add(name);
    }

    /// <summary>True when there is such a method.</summary>
    public bool Contains(ReadOnlySpan<byte> method) => _rows.Find(method) != null;

    /// <summary>Runs a method.</summary>
    public int Call(T package, ReadOnlySpan<byte> method, MethodCall call)
    {
        Row? row = _rows.Find(method);
        if (row == null)
        {
            return CatchResult.UnsupportedOperation;
        }

        if (call.Stack.Depth < row.Needs)
        {
            return CatchResult.StackUnderflow;
        }

        int result = row.Body(package, call);
        return result != CatchResult.Ok ? result : call.Stack.Fault;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed record Row(int Needs, MethodBody<T> Body);
}
