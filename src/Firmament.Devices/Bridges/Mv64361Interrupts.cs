using Firmament.Core.Interrupts;
using Firmament.Core.State;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The main interrupt controller: a 64-bit cause, and for each of two CPU interrupt pins a 64-bit mask and a select cause register.
/// </summary>
internal sealed class Mv64361Interrupts : IStateful
{
    public const int Timer0 = 8;
    public const int Gpp0OfCpu1 = 24;
    public const int Gpp0OfCpu0 = 56;

    private readonly ulong[] _masks = new ulong[2];
    private ulong _cause;

    /// <summary>The CPU interrupt pins.</summary>
    public InterruptLine[] Outputs { get; } = [InterruptLine.Unconnected, InterruptLine.Unconnected];

    public ulong Cause => _cause;

    public uint ReadMask(int cpu, bool high) => (uint)(high ? _masks[cpu] >> 32 : _masks[cpu]);

    public void WriteMask(int cpu, bool high, uint value)
    {
        _masks[cpu] = high ? (_masks[cpu] & uint.MaxValue) | ((ulong)value << 32) : (_masks[cpu] & ~(ulong)uint.MaxValue) | value;
        Update();
    }

    /// <summary>The half of the cause that has unmasked bits: bit 30 tells which half, bit 31 that both have some.</summary>
    public uint SelectCause(int cpu)
    {
        ulong active = _cause & _masks[cpu];
        bool low = (uint)active != 0;
        bool high = active >> 32 != 0;
        uint value = !low && high ? ((uint)(_cause >> 32) & 0x3fff_ffff) | 0x4000_0000 : (uint)_cause & 0x3fff_ffff;
        return value | (low && high ? 0x8000_0000 : 0);
    }

    public void SetCause(int bit, bool active)
    {
        _cause = active ? _cause | (1ul << bit) : _cause & ~(1ul << bit);
        Update();
    }

    public void Reset()
    {
        _cause = 0;
        Array.Clear(_masks);
        Update();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("cause", ref _cause);
        state.Field("mask0", ref _masks[0]);
        state.Field("mask1", ref _masks[1]);
        Outputs[0].VisitLevel(state, "cpu0");
        Outputs[1].VisitLevel(state, "cpu1");
    }

    private void Update()
    {
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Outputs[cpu].Set((_cause & _masks[cpu]) != 0);
        }
    }
}
