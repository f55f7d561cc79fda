using Firmament.Core.State;

namespace Firmament.Core.Time;

/// <summary>
/// The machine's one virtual clock, and the timers on it in order of (deadline, sequence of arming).
/// </summary>
/// <remarks>
/// While a CPU runs a slice the clock is the slice's start plus the instructions it has retired, which the CPU reports through
/// <see cref="ElapsedInSlice"/>. A timer armed before the end of the slice calls <see cref="DeadlineMoved"/>, so that the CPU stops in time.
/// </remarks>
public sealed class Scheduler : IStateful
{
    private readonly SortedSet<ScheduledTimer> _armed = new(Comparer<ScheduledTimer>.Create(static (a, b) =>
    {
        int order = a.Deadline.CompareTo(b.Deadline);
        return order != 0 ? order : a.Sequence.CompareTo(b.Sequence);
    }));

    private long _sliceStart;
    private long _sequence;

    /// <summary>The time now.</summary>
    public VirtualTime Now => new(_sliceStart + (ElapsedInSlice?.Invoke() ?? 0));

    /// <summary>Nanoseconds since the slice began; the running CPU provides it.</summary>
    public Func<long>? ElapsedInSlice { get; set; }

    /// <summary>Called when the earliest deadline moves earlier.</summary>
    public Action? DeadlineMoved { get; set; }

    /// <summary>The earliest deadline, or <see cref="VirtualTime.Never"/>.</summary>
    public VirtualTime NextDeadline => _armed.Min?.Deadline ?? VirtualTime.Never;

    /// <summary>Makes a timer that is not armed.</summary>
    /// <param name="name">Unique within its owner; used in saved state.</param>
    /// <param name="callback">Runs at the deadline, between instructions.</param>
    public ScheduledTimer CreateTimer(string name, Action callback) => new(this, name, callback);

    /// <summary>Moves the clock to <paramref name="time"/> (never backwards) and fires every timer that is due, in order.</summary>
    public void AdvanceTo(VirtualTime time)
    {
        while (_armed.Min is { } timer && timer.Deadline <= time)
        {
            _armed.Remove(timer);
            // A timer armed in the past fires now, and the clock does not step back for it.
            _sliceStart = Math.Max(_sliceStart, timer.Deadline.Nanoseconds);
            timer.Deadline = VirtualTime.Never;
            timer.Callback();
        }

        _sliceStart = Math.Max(_sliceStart, time.Nanoseconds);
    }

    /// <summary>
    /// Moves the clock on by <paramref name="duration"/> in the middle of an instruction, and fires the timers that are due on the way. The slice must end
    /// after that instruction, for the CPU knows only the time its slice began at.
    /// </summary>
    public void Skip(VirtualTime duration)
    {
        VirtualTime end = Now + duration;
        while (_armed.Min is { } timer && timer.Deadline <= end)
        {
            MoveTo(timer.Deadline);
            _armed.Remove(timer);
            timer.Deadline = VirtualTime.Never;
            timer.Callback();
        }

        MoveTo(end);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("now", ref _sliceStart);
        state.Field("sequence", ref _sequence);
    }

    private void MoveTo(VirtualTime time) => _sliceStart += Math.Max(0, (time - Now).Nanoseconds);

    internal void Arm(ScheduledTimer timer, VirtualTime deadline)
    {
        VirtualTime before = NextDeadline;
        _armed.Remove(timer);
        timer.Deadline = deadline;
        if (deadline != VirtualTime.Never)
        {
            timer.Sequence = ++_sequence;
            _armed.Add(timer);
            if (deadline < before)
            {
                DeadlineMoved?.Invoke();
            }
        }
    }

    internal void Restore(ScheduledTimer timer, VirtualTime deadline, long sequence)
    {
        _armed.Remove(timer);
        timer.Deadline = deadline;
        timer.Sequence = sequence;
        if (deadline != VirtualTime.Never)
        {
            _armed.Add(timer);
        }
    }
}
