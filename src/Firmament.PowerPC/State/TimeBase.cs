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
    private VirtualTime _deadline = VirtualTime.Never;

    /// <summary>Ticks a second.</summary>
    public ulong Frequency => frequency;

    /// <summary>True while a decrementer interrupt waits.</summary>
    public bool DecrementerPending => IsLevel ? IsNegative(ReadDecrementer()) : _decrementerPending;

    /// <summary>
    /// True where the request is DEC's sign (Power ISA 2.07B Book III-S 6.5.11); false where it is the passage through 0, kept until the
    /// interrupt is taken.
    /// </summary>
    public bool IsLevel { get; init; }

    /// <summary>Bits of DEC: 32, or more with LPCR[LD]. It reads sign-extended.</summary>
    public int DecrementerBits { get; set; } = 32;

    /// <summary>When the decrementer next passes from 0 to -1.</summary>
    public VirtualTime NextDeadline => _deadline;

    /// <summary>
    /// Requests the interrupt when the deadline has passed. The request is an edge, kept until the interrupt is taken (MPC7450 RM 4.6.9):
    /// passing 0 is remembered even where EE is clear or DEC is written again first. DEC counts on below zero and comes round after
    /// 2^32 ticks, or what its width is.
    /// </summary>
    /// <param name="now">The clock's time.</param>
    public void Poll(VirtualTime now)
    {
        while (now >= _deadline)
        {
            _decrementerPending = true;
            SetDecrementerBase(_decrementerBase + (1ul << DecrementerBits));
        }
    }

    /// <summary>What <see cref="Read"/> is beyond the ticks since power-on.</summary>
    internal ulong Offset => _offset;

    /// <summary>TBU || TBL.</summary>
    public ulong Read() => clock.Now.ToTicks(frequency) + _offset;

    /// <summary>Sets one half.</summary>
    public void Write(bool upper, uint value)
    {
        ulong now = Read();
        ulong wanted = upper ? ((ulong)value << 32) | (uint)now : (now & 0xffff_ffff_0000_0000) | value;
        _offset += wanted - now;
    }

    /// <summary>DEC, sign-extended from its width.</summary>
    public ulong ReadDecrementer()
    {
        int unused = 64 - DecrementerBits;
        return (ulong)((long)((_decrementerBase - clock.Now.ToTicks(frequency)) << unused) >> unused);
    }

    /// <summary>
    /// Sets DEC. A value with its sign bit set over one without requests the interrupt at once (PEM 2.3.13).
    /// </summary>
    public void WriteDecrementer(ulong value)
    {
        Poll(clock.Now);
        bool wasNegative = IsNegative(ReadDecrementer());
        ulong kept = value & (ulong.MaxValue >> (64 - DecrementerBits));
        SetDecrementerBase(kept + clock.Now.ToTicks(frequency));
        if (IsNegative(kept) && !wasNegative)
        {
            _decrementerPending = true;
        }
    }

    /// <summary>The interrupt was taken.</summary>
    public void AcknowledgeDecrementer() => _decrementerPending = false;

    /// <summary>Power-on: TB and DEC count from the current time.</summary>
    public void Reset()
    {
        ulong now = clock.Now.ToTicks(frequency);
        _offset = 0 - now;
        // Where the request is DEC's sign, power-on must not begin with one.
        SetDecrementerBase(now + (IsLevel ? int.MaxValue : uint.MaxValue));
        _decrementerPending = false;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Field("offset", ref _offset);
        state.Field("decrementer-base", ref _decrementerBase);
        state.Field("decrementer-pending", ref _decrementerPending);
        SetDecrementerBase(_decrementerBase);
    }

    private bool IsNegative(ulong value) => ((value >> (DecrementerBits - 1)) & 1) != 0;

    private void SetDecrementerBase(ulong value)
    {
        _decrementerBase = value;
        _deadline = VirtualTime.FromTicks(value + 1, frequency);
    }
}
