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
    public bool DecrementerPending
    {
        get
        {
            if (_decrementerArmed && clock.Now >= Deadline())
            {
                _decrementerArmed = false;
                _decrementerPending = true;
            }

            return _decrementerPending;
        }
    }

    /// <summary>When the decrementer next passes from 0 to -1; <see cref="VirtualTime.Never"/> when that already happened.</summary>
    public VirtualTime NextDeadline => _decrementerArmed ? Deadline() : VirtualTime.Never;

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
        _decrementerArmed = (int)value >= 0;
        if ((int)value < 0 && !wasNegative)
        {
            _decrementerPending = true;
        }
    }

    /// <summary>The interrupt was taken.</summary>
    public void AcknowledgeDecrementer()
    {
        _decrementerPending = false;
        if (!_decrementerArmed)
        {
            // It counts on below zero and comes round again after 2^32 ticks.
            _decrementerBase += 1ul << 32;
            _decrementerArmed = true;
        }
    }

    /// <summary>Power-on: TB and DEC count from the current time.</summary>
    public void Reset()
    {
        ulong now = clock.Now.ToTicks(frequency);
        _offset = 0 - now;
        _decrementerBase = now + uint.MaxValue;
        _decrementerPending = false;
        _decrementerArmed = true;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Field("offset", ref _offset);
        state.Field("decrementer-base", ref _decrementerBase);
        state.Field("decrementer-pending", ref _decrementerPending);
        state.Field("decrementer-armed", ref _decrementerArmed);
    }

    private VirtualTime Deadline() => VirtualTime.FromTicks(_decrementerBase + 1, frequency);
}
