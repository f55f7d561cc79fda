using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Tests.Shared;

/// <summary>State of components kept in a dictionary by path: one visitor saves, the other loads.</summary>
public sealed class SavedState : StateVisitor
{
    private readonly Stack<string> _path = new();
    private readonly bool _loading;

    private SavedState(Dictionary<string, byte[]> fields, bool loading)
    {
        Fields = fields;
        _loading = loading;
    }

    public Dictionary<string, byte[]> Fields { get; }

    public override bool IsLoading => _loading;

    public static SavedState Save(params IStateful[] components)
    {
        SavedState state = new([], loading: false);
        state.VisitAll(components);
        return state;
    }

    public void LoadInto(params IStateful[] components) => new SavedState(Fields, loading: true).VisitAll(components);

    public static string Hash(params IStateful[] components)
    {
        HashVisitor hash = new();
        foreach (IStateful component in components)
        {
            component.Visit(hash);
        }

        return hash.Result;
    }

    /// <summary>Saves one set of components, loads it into a fresh set, and checks that both hash and save alike.</summary>
    public static void AssertRoundTrip(IStateful[] used, IStateful[] fresh)
    {
        SavedState saved = Save(used);
        Assert.NotEmpty(saved.Fields);
        saved.LoadInto(fresh);
        Assert.Equal(Hash(used), Hash(fresh));
        SavedState again = Save(fresh);
        Assert.Equal(saved.Fields.Keys, again.Fields.Keys);
        foreach ((string name, byte[] bytes) in saved.Fields)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(again.Fields[name]), $"field {name} differs after loading");
        }
    }

    public override int Begin(string name, int version)
    {
        _path.Push(name);
        return version;
    }

    public override void End() => _path.Pop();

    public override void Bytes(string name, Span<byte> bytes)
    {
        if (_loading)
        {
            byte[] saved = Fields[Key(name)];
            Assert.Equal(saved.Length, bytes.Length);
            saved.CopyTo(bytes);
        }
        else
        {
            Assert.True(Fields.TryAdd(Key(name), bytes.ToArray()), $"field {Key(name)} is visited twice");
        }
    }

    public override void Field(string name, ref ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BitConverter.TryWriteBytes(bytes, value);
        Bytes(name, bytes);
        value = BitConverter.ToUInt64(bytes);
    }

    public override void Memory(string name, GuestMemory memory)
    {
    }

    private void VisitAll(IStateful[] components)
    {
        for (int i = 0; i < components.Length; i++)
        {
            Component($"#{i}", components[i]);
        }
    }

    private string Key(string name) => string.Join('/', _path.Reverse()) + "/" + name;
}
