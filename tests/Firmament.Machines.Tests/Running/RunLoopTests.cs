using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Running;

public sealed class RunLoopTests : IDisposable
{
    private readonly ScriptedMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_timer_fires_after_exactly_its_number_of_instructions()
    {
        long firedAt = -1;
        _machine.Clock.CreateTimer("t", () => firedAt = _machine.Cpu.Executed).Arm(new VirtualTime(12_345));

        Assert.Null(_machine.Run(new VirtualTime(50_000)));

        Assert.Equal(12_345, firedAt);
        Assert.Equal(50_000, _machine.Cpu.Executed);
    }

    [Fact]
    public void A_timer_armed_during_a_slice_ends_the_slice_in_time()
    {
        long firedAt = -1;
        ScheduledTimer timer = _machine.Clock.CreateTimer("t", () => firedAt = _machine.Cpu.Executed);
        _machine.Cpu.At(1000, () => timer.ArmAfter(new VirtualTime(500)));

        _machine.Run(new VirtualTime(10_000));

        Assert.Equal(1500, firedAt);
    }

    [Fact]
    public void The_decrementer_ends_a_slice()
    {
        _machine.Cpu.NextDeadline = new VirtualTime(777);

        _machine.Run(new VirtualTime(1000));

        Assert.Equal([777, 223], _machine.Cpu.Slices);
    }

    [Fact]
    public void A_decrementer_that_waits_for_the_guest_does_not_shorten_slices()
    {
        _machine.Cpu.NextDeadline = VirtualTime.Zero;

        _machine.Run(new VirtualTime(1000));

        Assert.Equal([1000], _machine.Cpu.Slices);
    }

    [Fact]
    public void An_idle_machine_jumps_to_the_next_deadline()
    {
        _machine.Clock.CreateTimer("t", () => _machine.Cpu.SetExternalInterrupt(true)).Arm(VirtualTime.FromSeconds(60));
        _machine.Cpu.At(10, () => _machine.Cpu.IsIdle = true);
        _machine.Cpu.At(20, () => _machine.Ask(StopReason.PowerOff));

        Assert.Equal(StopReason.PowerOff, _machine.RunUntilStopped().Reason);

        Assert.Equal(21, _machine.Cpu.Executed);
        Assert.Equal(60_000_000_010, _machine.Clock.Now.Nanoseconds);
    }

    [Fact]
    public void An_idle_machine_that_nothing_can_wake_stops_with_an_error()
    {
        _machine.Cpu.At(10, () => _machine.Cpu.IsIdle = true);

        StopResult result = _machine.RunUntilStopped();

        Assert.Equal(StopReason.Error, result.Reason);
        Assert.NotNull(result.Message);
    }

    [Fact]
    public void A_machine_that_is_off_stays_off()
    {
        _machine.Cpu.At(5, () => _machine.Ask(StopReason.PowerOff));
        _machine.RunUntilStopped();

        Assert.Equal(StopReason.PowerOff, _machine.RunUntilStopped().Reason);
        Assert.Equal(6, _machine.Cpu.Executed);
    }

    [Fact]
    public void The_first_request_of_a_slice_wins()
    {
        _machine.Cpu.At(5, () =>
        {
            _machine.Ask(StopReason.PowerOff);
            _machine.Ask(StopReason.Reset);
        });

        Assert.Equal(StopReason.PowerOff, _machine.RunUntilStopped().Reason);
    }

    [Fact]
    public void A_guest_reset_boots_again_and_the_clock_goes_on()
    {
        _machine.Cpu.At(100, () => _machine.Ask(StopReason.Reset));
        _machine.Cpu.At(200, () => _machine.Ask(StopReason.PowerOff));

        Assert.Equal(StopReason.PowerOff, _machine.RunUntilStopped().Reason);

        Assert.Equal((1, 1), (_machine.Boots, _machine.Cpu.Resets));
        Assert.Equal(201, _machine.Clock.Now.Nanoseconds);
    }

    [Fact]
    public void A_guest_reset_ends_the_run_when_reboots_are_not_wanted()
    {
        using ScriptedMachine machine = new(noReboot: true);
        machine.Cpu.At(100, () => machine.Ask(StopReason.Reset));

        Assert.Equal(StopReason.Reset, machine.RunUntilStopped().Reason);
        Assert.Equal(0, machine.Boots);
    }

    [Fact]
    public void A_stop_requested_before_the_run_ends_it_at_once_and_only_once()
    {
        _machine.RequestStop();

        Assert.Equal(StopReason.Stopped, _machine.RunUntilStopped().Reason);
        Assert.Null(_machine.Run(new VirtualTime(10)));
    }

    [Fact]
    public void A_stop_from_another_thread_ends_the_slice_at_the_next_access_to_a_device()
    {
        _machine.Map.Add(new MemoryRegion("device", 0xf000_0000, 16, new Register(), Endianness.Big));
        _machine.Cpu.At(1000, () =>
        {
            Thread other = new(() => _machine.RequestStop());
            other.Start();
            other.Join();
        });
        _machine.Cpu.At(2000, () => _machine.Map.Read(new PhysicalAddress(0xf000_0004), 4, out _));

        Assert.Equal(StopReason.Stopped, _machine.RunUntilStopped().Reason);
        Assert.Equal(2001, _machine.Cpu.Executed);
    }

    [Fact]
    public void A_stop_requested_by_the_machine_itself_is_honoured_at_that_instruction()
    {
        _machine.Cpu.At(4321, () => _machine.RequestStop());

        Assert.Equal(StopReason.Stopped, _machine.RunUntilStopped().Reason);
        Assert.Equal(4322, _machine.Cpu.Executed);
    }

    [Fact]
    public void Input_is_delivered_between_slices_within_a_bounded_number_of_instructions()
    {
        long deliveredAt = -1;
        _machine.Cpu.At(5, () => _machine.Input.Post([1, 2]));
        _machine.Cpu.At(999_999, () => Assert.Empty(_machine.Received));
        _machine.Cpu.At(1_000_000, () => deliveredAt = _machine.Received.Count);

        _machine.Run(new VirtualTime(3_000_000));

        Assert.Equal(2, deliveredAt);
    }

    [Fact]
    public void A_cpu_that_cannot_go_on_ends_the_run_with_its_reason()
    {
        _machine.Cpu.At(50, () =>
        {
            _machine.Cpu.Failure = "check stop";
            _machine.Cpu.RequestStop();
        });

        Assert.Equal(new StopResult(StopReason.Error, 0, "check stop"), _machine.RunUntilStopped());
    }

    [Fact]
    public void The_state_hash_depends_on_what_the_guest_did_and_on_nothing_else()
    {
        using ScriptedMachine twin = new();
        _machine.Run(new VirtualTime(1000));
        twin.Run(new VirtualTime(400));
        string early = twin.StateHash();
        twin.Run(new VirtualTime(1000));

        Assert.Equal(_machine.StateHash(), twin.StateHash());
        Assert.NotEqual(early, twin.StateHash());
    }

    [Fact]
    public void Host_time_makes_an_idle_machine_wait_for_its_deadline_on_the_hosts_clock()
    {
        ManualClock hostClock = new();
        using ScriptedMachine machine = new(hostClock: hostClock, timeMode: TimeMode.Host);
        machine.Clock.CreateTimer("t", () => machine.Ask(StopReason.PowerOff)).Arm(VirtualTime.FromSeconds(2));
        machine.Cpu.At(10, () => machine.Cpu.IsIdle = true);

        machine.RunUntilStopped();

        Assert.Equal(2_000_000_000, hostClock.MonotonicNanoseconds);
    }

    [Fact]
    public void Host_time_holds_a_busy_machine_back_to_the_hosts_clock()
    {
        ManualClock hostClock = new();
        using ScriptedMachine machine = new(hostClock: hostClock, timeMode: TimeMode.Host);

        machine.Run(VirtualTime.FromMilliseconds(5));

        Assert.InRange(hostClock.MonotonicNanoseconds, 4_000_000, 5_000_000);
    }

    private sealed class ManualClock : IHostClock
    {
        public long MonotonicNanoseconds { get; private set; }

        public void Wait(long nanoseconds) => MonotonicNanoseconds += Math.Max(0, nanoseconds);

        public void Wake()
        {
        }
    }

    [Fact]
    public void Several_CPUs_take_turns_and_share_one_clock()
    {
        using ScriptedMachine machine = new(cpus: 2);

        machine.Run(new VirtualTime(50_000));

        Assert.Equal([20_000, 10_000], machine.Cpus[0].Slices);
        Assert.Equal([20_000], machine.Cpus[1].Slices);
        Assert.Equal(50_000, machine.Clock.Now.Nanoseconds);
        Assert.Equal(50_000, machine.Statistics.Instructions);
    }

    [Fact]
    public void A_CPU_that_waits_leaves_the_time_to_the_other()
    {
        using ScriptedMachine machine = new(cpus: 2);
        machine.Cpus[1].At(100, () => machine.Cpus[1].IsIdle = true);

        machine.Run(new VirtualTime(30_000));

        Assert.Equal(29_899, machine.Cpus[0].Executed);
        Assert.Equal(101, machine.Cpus[1].Executed);
        Assert.Equal(30_000, machine.Clock.Now.Nanoseconds);
    }

    [Fact]
    public void A_CPU_never_sees_an_earlier_time_than_another_saw_before_it()
    {
        using ScriptedMachine machine = new(cpus: 2);
        long seen = -1;
        long seenLater = -1;
        machine.Cpus[0].At(15_000, () => seen = machine.Clock.Now.Nanoseconds);
        machine.Cpus[1].At(10, () => seenLater = machine.Clock.Now.Nanoseconds);

        machine.Run(new VirtualTime(50_000));

        Assert.InRange(seenLater, seen, long.MaxValue);
    }

    [Fact]
    public void A_timer_that_one_CPU_arms_shortens_the_turn_of_the_next()
    {
        using ScriptedMachine machine = new(cpus: 2);
        long firedAt = -1;
        ScheduledTimer timer = machine.Clock.CreateTimer("t", () => firedAt = machine.Cpus[1].Executed);
        machine.Cpus[0].At(1000, () => timer.ArmAfter(new VirtualTime(500)));

        machine.Run(new VirtualTime(10_000));

        Assert.Equal(499, firedAt);
    }

    [Fact]
    public void Time_jumps_only_when_every_CPU_waits()
    {
        using ScriptedMachine machine = new(cpus: 2);
        machine.Clock.CreateTimer("t", () => machine.Cpus[0].SetExternalInterrupt(true)).Arm(VirtualTime.FromSeconds(60));
        machine.Cpus[0].At(10, () => machine.Cpus[0].IsIdle = true);
        machine.Cpus[1].At(30_000, () => machine.Cpus[1].IsIdle = true);

        machine.Run(VirtualTime.FromSeconds(60) + new VirtualTime(5));

        Assert.Equal(30_001, machine.Cpus[1].Executed);
        Assert.Equal(11 + 5, machine.Cpus[0].Executed);
    }

    private sealed class Register : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, ulong value, int size)
        {
        }
    }
}
