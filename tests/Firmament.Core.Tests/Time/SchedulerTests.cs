using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Core.Tests.Time;

public sealed class SchedulerTests
{
    private readonly Scheduler _scheduler = new();
    private readonly List<(string Name, long At)> _fired = [];

    [Fact]
    public void Timers_fire_in_order_of_deadline_then_of_arming()
    {
        Timer("c").Arm(new(30));
        Timer("a").Arm(new(10));
        ScheduledTimer second = Timer("second");
        ScheduledTimer first = Timer("first");
        first.Arm(new(20));
        second.Arm(new(20));

        _scheduler.AdvanceTo(new(30));

        Assert.Equal([("a", 10), ("first", 20), ("second", 20), ("c", 30)], _fired);
        Assert.Equal(VirtualTime.Never, _scheduler.NextDeadline);
    }

    [Fact]
    public void A_timer_does_not_fire_before_its_deadline()
    {
        ScheduledTimer timer = Timer("a");
        timer.Arm(new(10));
        _scheduler.AdvanceTo(new(9));
        Assert.Empty(_fired);
        Assert.True(timer.IsArmed);
        Assert.Equal(new VirtualTime(10), _scheduler.NextDeadline);

        _scheduler.AdvanceTo(new(10));
        Assert.Equal([("a", 10)], _fired);
        Assert.False(timer.IsArmed);
        Assert.Equal(VirtualTime.Never, timer.Deadline);
    }

    [Fact]
    public void Arming_again_replaces_the_deadline_and_goes_to_the_end_of_its_equals()
    {
        ScheduledTimer a = Timer("a");
        ScheduledTimer b = Timer("b");
        a.Arm(new(10));
        b.Arm(new(20));
        a.Arm(new(20));

        _scheduler.AdvanceTo(new(100));

        Assert.Equal([("b", 20), ("a", 20)], _fired);
    }

    [Fact]
    public void A_disarmed_timer_does_not_fire()
    {
        ScheduledTimer timer = Timer("a");
        timer.Arm(new(10));
        timer.Disarm();
        timer.Disarm();
        _scheduler.AdvanceTo(new(100));
        Assert.Empty(_fired);
    }

    [Fact]
    public void A_deadline_in_the_past_fires_at_once_and_the_clock_does_not_step_back()
    {
        _scheduler.AdvanceTo(new(100));
        Timer("late").Arm(new(40));
        _scheduler.AdvanceTo(new(100));
        Assert.Equal([("late", 100)], _fired);

        _scheduler.AdvanceTo(new(50));
        Assert.Equal(new VirtualTime(100), _scheduler.Now);
    }

    [Fact]
    public void A_callback_may_arm_its_own_and_other_timers()
    {
        ScheduledTimer other = Timer("other");
        ScheduledTimer? periodic = null;
        periodic = _scheduler.CreateTimer("periodic", () =>
        {
            _fired.Add(("periodic", _scheduler.Now.Nanoseconds));
            periodic!.ArmAfter(new(10));
            if (_scheduler.Now == new VirtualTime(20))
            {
                other.Arm(new(25));
            }
        });
        periodic.Arm(new(10));

        _scheduler.AdvanceTo(new(35));

        Assert.Equal([("periodic", 10), ("periodic", 20), ("other", 25), ("periodic", 30)], _fired);
        Assert.Equal(new VirtualTime(40), _scheduler.NextDeadline);
        Assert.Equal(new VirtualTime(35), _scheduler.Now);
    }

    [Fact]
    public void A_callback_may_disarm_a_timer_that_is_due_with_it()
    {
        ScheduledTimer victim = Timer("victim");
        _scheduler.CreateTimer("killer", victim.Disarm).Arm(new(10));
        victim.Arm(new(10));
        _scheduler.AdvanceTo(new(10));
        Assert.Empty(_fired);
    }

    [Fact]
    public void The_deadline_moves_only_when_it_moves_earlier()
    {
        int moved = 0;
        _scheduler.DeadlineMoved = () => moved++;
        ScheduledTimer a = Timer("a");
        ScheduledTimer b = Timer("b");
        a.Arm(new(50));
        Assert.Equal(1, moved);
        b.Arm(new(60));
        a.Arm(new(55));
        a.Disarm();
        Assert.Equal(1, moved);
        a.Arm(new(10));
        Assert.Equal(2, moved);
    }

    [Fact]
    public void Inside_a_slice_the_clock_counts_what_the_cpu_has_retired()
    {
        long elapsed = 7;
        _scheduler.AdvanceTo(new(100));
        _scheduler.ElapsedInSlice = () => elapsed;
        Assert.Equal(new VirtualTime(107), _scheduler.Now);
        ScheduledTimer timer = Timer("a");
        timer.ArmAfter(new(5));
        Assert.Equal(new VirtualTime(112), timer.Deadline);
    }

    [Fact]
    public void Saved_timers_fire_in_the_same_order_after_loading()
    {
        ScheduledTimer a = Timer("a");
        ScheduledTimer b = Timer("b");
        _scheduler.AdvanceTo(new(5));
        b.Arm(new(20));
        a.Arm(new(20));
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        _scheduler.Visit(save);
        a.Visit(save);
        b.Visit(save);
        save.Complete();
        a.Disarm();
        b.Arm(new(90));
        _scheduler.AdvanceTo(new(60));

        stream.Position = 0;
        LoadVisitor load = new(stream);
        _scheduler.Visit(load);
        a.Visit(load);
        b.Visit(load);
        load.Complete();

        Assert.Equal(new VirtualTime(5), _scheduler.Now);
        _scheduler.AdvanceTo(new(100));
        Assert.Equal([("b", 20), ("a", 20)], _fired);
    }

    private ScheduledTimer Timer(string name) => _scheduler.CreateTimer(name, () => _fired.Add((name, _scheduler.Now.Nanoseconds)));
}
