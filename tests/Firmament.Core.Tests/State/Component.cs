using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Core.Tests.State;

/// <summary>A component with a field of each kind.</summary>
internal sealed class Component : IStateful, IDisposable
{
    public Component(ulong memorySize = 16 * GuestMemory.PageSize) => Memory = new GuestMemory(memorySize);

    public GuestMemory Memory { get; }

    public int Version { get; set; } = 1;

    public int VersionFound { get; private set; }

    public string FieldName { get; set; } = "byte";

    public byte Byte;
    public ushort Half;
    public uint Word;
    public int Signed;
    public long Long;
    public ulong Double;
    public bool Flag;
    public string Text = "";
    public byte[] Block = new byte[5];

    public void Visit(StateVisitor state)
    {
        VersionFound = state.Begin("fields", Version);
        state.Field(FieldName, ref Byte);
        state.Field("half", ref Half);
        state.Field("word", ref Word);
        state.Field("signed", ref Signed);
        state.Field("long", ref Long);
        state.Field("double", ref Double);
        state.Field("flag", ref Flag);
        state.Text("text", ref Text);
        state.Bytes("block", Block);
        state.End();
        state.Component("memory", Memory);
    }

    public void Fill()
    {
        (Byte, Half, Word, Signed, Long, Double, Flag, Text) = (0xfe, 0xfedc, 0xfedcba98, -2, long.MinValue, ulong.MaxValue, true, "bootargs é");
        Block = [1, 2, 3, 4, 5];
        Memory.TryWriteUInt32(new(0x3ffc), 0xcafebabe);
        Memory.TryWriteUInt8(new(Memory.Size - 1), 1);
    }

    public string Hash()
    {
        HashVisitor hash = new();
        Visit(hash);
        return hash.Result;
    }

    public byte[] Save()
    {
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        save.Component("machine", this);
        save.Complete();
        return stream.ToArray();
    }

    public void Load(byte[] state)
    {
        using MemoryStream stream = new(state);
        LoadVisitor load = new(stream);
        load.Component("machine", this);
        load.Complete();
        Assert.Equal(stream.Length, stream.Position);
    }

    public void Dispose() => Memory.Dispose();
}
