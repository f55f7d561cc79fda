using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>A text that is being interpreted, in guest memory.</summary>
internal struct InputSource
{
    public uint Address;
    public uint Length;

    /// <summary>`>in` of it, while another source is in front.</summary>
    public uint Position;

    /// <summary>`source-id`: 0 for a line of the terminal, -1 for `evaluate`.</summary>
    public int Id;

    /// <summary>Memory that is freed when the text ends, or 0.</summary>
    public uint Owned;

    public void Visit(StateVisitor state)
    {
        state.Field("address", ref Address);
        state.Field("length", ref Length);
        state.Field("position", ref Position);
        state.Field("id", ref Id);
        state.Field("owned", ref Owned);
    }
}
