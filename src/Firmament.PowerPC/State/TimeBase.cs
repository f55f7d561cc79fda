using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.PowerPC.State;

/// <summary>
/// The time base and the decrementer, both derived from the virtual clock. Source: PEM 2.3.12, 2.3.13.
/// </summary>
/// <param name="clock">The machine's clock.</param>
/// <param name="frequency">Ticks a second.</param>
public sealed class TimeBase(Scheduler clock, ulong frequency) : IStateful
{
    private ulong _offset;
    private ulong _decrementerBase;
    private bool _decrementerPending;
    private bool _decrementerArmed;

    /// <summary>Ticks a second.</summary>
    public ulong Frequency => frequency;

    /// <summary>True while a decrementer interrupt waits.</summary>
    public bool DecrementerPending => _decrementerPending;

    /// <summary>Called when the decrementer was set, so that a running slice is cut at its new deadline.</summary>
    public Action? DeadlineMoved { get; init; }

    /// <summary>When the decrementer next passes from 0 to -1; <see cref="VirtualTime.Never"/> when that already happened.</summary>
    public VirtualTime NextDeadline { get; private set; } = VirtualTime.Never;

    /// <summary>Requests the interrupt when the deadline has passed. Slices end at deadlines, so once a slice is enough.</summary>
    public void Poll()
    {
        if (clock.Now >= NextDeadline)
        {
            _decrementerPending = true;
            Arm(false);
        }
    }

    /// <summary>TBU || TBL.</summary>
    public ulong Read() => clock.Now.ToTicks(frequency) + _offset;

    /// <summary>Sets one half.</summary>
    public void Write(bool upper, uint value)
    {
        ulong now = Read();
        ulong wanted = upper ? ((ulong)value << 32) | (uint)now : (now & 0xffff_ffff_0000_0000) | value;
        _offset += wanted - now;
    }

    /// <summary>DEC.</summary>
    public uint ReadDecrementer() => (uint)(_decrementerBase - clock.Now.ToTicks(frequency));

    /// <summary>
    /// Sets DEC. A value with its sign bit set over one without requests the interrupt at once (PEM 2.3.13).
    /// </summary>
    public void WriteDecrementer(uint value)
    {
        bool wasNegative = (int)ReadDecrementer() < 0;
        _decrementerBase = value + clock.Now.ToTicks(frequency);
        Arm((int)value >= 0);
        if ((int)value < 0 && !wasNegative)
        {
            _decrementerPending = true;
        }

        DeadlineMoved?.Invoke();
    }

    /// <summary>The interrupt was taken.</summary>
    public void AcknowledgeDecrementer()
    {
        _decrementerPending = false;
        if (!_decrementerArmed)
        {
            // It counts on below zero and comes round again after 2^32 ticks.
            _decrementerBase += 1ul << 32;
            Arm(true);
        }
    }

    /// <summary>Power-on: TB and DEC count from the current time.</summary>
    public void Reset()
    {
        ulong now = clock.Now.ToTicks(frequency);
        _offset = 0 - now;
        _decrementerBase = now + uint.MaxValue;
        _decrementerPending = false;
        Arm(true);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Field("offset", ref _offset);
        state.Field("decrementer-base", ref _decrementerBase);
        state.Field("decrementer-pending", ref _decrementerPending);
        state.Field("decrementer-armed", ref _decrementerArmed);
        if (state.IsLoading)
        {
            Arm(_decrementerArmed);
        }
    }

    private void Arm(bool armed)
    {
        _decrementerArmed = armed;
        NextDeadline = armed ? VirtualTime.FromTicks(_decrementerBase + 1, frequency) : VirtualTime.Never;
    }
}
