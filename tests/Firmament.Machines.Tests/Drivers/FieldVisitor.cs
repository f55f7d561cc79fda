using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>Collects every field of a component's state by its path.</summary>
internal sealed class FieldVisitor : StateVisitor
{
    private readonly Dictionary<string, string> _fields = [];
    private readonly Stack<string> _groups = new();

    public static Dictionary<string, string> Fields(IStateful component)
    {
        FieldVisitor visitor = new();
        component.Visit(visitor);
        return visitor._fields;
    }

    public override int Begin(string name, int version)
    {
        _groups.Push(name);
        return version;
    }

    public override void End() => _groups.Pop();

    public override void Bytes(string name, Span<byte> bytes) => Add(name, Convert.ToHexString(bytes));

    public override void Field(string name, ref ulong value) => Add(name, value.ToString("x", null));

    public override void Memory(string name, GuestMemory memory) => Add(name, "RAM");

    private void Add(string name, string value)
    {
        string path = string.Join('/', _groups.Reverse().Append(name));
        int number = 1;
        while (!_fields.TryAdd(number == 1 ? path : $"{path}#{number}", value))
        {
            number++;
        }
    }
}
