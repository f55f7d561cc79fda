using Firmament.Core.Interrupts;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>State of wires. Whoever drives a line visits its level; the receiver visits its own copy of its inputs.</summary>
internal static class InterruptLineState
{
    /// <summary>Saves, restores (without telling the receiver) or hashes the level driven.</summary>
    public static void VisitLevel(this InterruptLine line, StateVisitor state, string name)
    {
        bool level = line.Level;
        state.Field(name, ref level);
        if (state.IsLoading)
        {
            line.Restore(level);
        }
    }
}
