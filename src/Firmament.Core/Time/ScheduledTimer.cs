using Firmament.Core.State;

namespace Firmament.Core.Time;

/// <summary>A one-shot alarm on the virtual clock. Make one with <see cref="Scheduler.CreateTimer"/>.</summary>
public sealed class ScheduledTimer
{
    private readonly Scheduler _scheduler;

    internal ScheduledTimer(Scheduler scheduler, string name, Action callback)
    {
        _scheduler = scheduler;
        Name = name;
        Callback = callback;
    }

    /// <summary>For traces and state.</summary>
    public string Name { get; }

    /// <summary>When it fires; <see cref="VirtualTime.Never"/> while it is not armed.</summary>
    public VirtualTime Deadline { get; internal set; } = VirtualTime.Never;

    /// <summary>True while it waits for its deadline.</summary>
    public bool IsArmed => Deadline != VirtualTime.Never;

    internal Action Callback { get; }

    internal long Sequence { get; set; }

    /// <summary>Sets the deadline, replacing an earlier one. A deadline in the past fires at the next instruction boundary.</summary>
    public void Arm(VirtualTime deadline) => _scheduler.Arm(this, deadline);

    /// <summary>Sets the deadline relative to now.</summary>
    public void ArmAfter(VirtualTime delay) => _scheduler.Arm(this, _scheduler.Now + delay);

    /// <summary>Takes the deadline back.</summary>
    public void Disarm() => _scheduler.Arm(this, VirtualTime.Never);

    /// <summary>Saves, restores or hashes the deadline. Owners call this from their own Visit.</summary>
    public void Visit(StateVisitor state)
    {
        long deadline = Deadline.Nanoseconds;
        long sequence = Sequence;
        state.Field(Name + ".deadline", ref deadline);
        state.Field(Name + ".sequence", ref sequence);
        if (state.IsLoading)
        {
            _scheduler.Restore(this, new VirtualTime(deadline), sequence);
        }
    }
}
