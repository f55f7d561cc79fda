using Firmament.Core.State;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>The areas one virtual processor has registered (LoPAPR 1.1 14.11.3); an address of 0 is none.</summary>
internal sealed class VirtualProcessorArea : IStateful
{
    /// <summary>Logical real address of the virtual processor area.</summary>
    public ulong Area;

    /// <summary>Logical real address of the SLB shadow buffer.</summary>
    public ulong SlbShadow;

    /// <summary>Logical real address of the dispatch trace log.</summary>
    public ulong TraceLog;

    /// <summary>Bytes of the dispatch trace log.</summary>
    public uint TraceLogSize;

    /// <summary>Entries written to the dispatch trace log since it was registered.</summary>
    public ulong TraceLogIndex;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Area = 0;
        SlbShadow = 0;
        TraceLog = 0;
        TraceLogSize = 0;
        TraceLogIndex = 0;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("area", ref Area);
        state.Field("slb-shadow", ref SlbShadow);
        state.Field("trace-log", ref TraceLog);
        state.Field("trace-log-size", ref TraceLogSize);
        state.Field("trace-log-index", ref TraceLogIndex);
    }
}
