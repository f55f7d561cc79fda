using Firmament.Core.State;

namespace Firmament.Firmware.Forth.Engine;

/// <summary>What `throw` goes back to (ANS Forth X3.215 9.6.1.2275).</summary>
internal struct CatchFrame
{
    public int Ip;
    public int DataDepth;
    public int ReturnDepth;
    public int Sources;
    public uint Self;

    public void Visit(StateVisitor state)
    {
        state.Field("ip", ref Ip);
        state.Field("data", ref DataDepth);
        state.Field("return", ref ReturnDepth);
        state.Field("sources", ref Sources);
        state.Field("self", ref Self);
    }
}
