using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Machines.Configuration;

namespace Firmament.Machines;

/// <content>How the machine waits: an idle CPU, a guest's nap, and firmware that waits for a device or for a key.</content>
internal abstract partial class Machine
{
    private static readonly VirtualTime InputLatency = VirtualTime.FromMicroseconds(1_000_000);

    private VirtualTime? _napEnd;
    private bool _awaitsInput;
    private VirtualTime _restless;

    /// <summary>Lets the CPU wait for an interrupt or <paramref name="end"/>, as a hypervisor does for a guest that asks to idle.</summary>
    protected void Nap(VirtualTime end)
    {
        _napEnd = end;
        StopProcessors();
    }

    /// <summary>
    /// Lets the CPU stand until input arrives. Virtual time stands too, so that a prompt costs the host nothing, but for a second in which a serial port
    /// can pass on what has arrived.
    /// </summary>
    /// <param name="took">True when the firmware has just taken input: the second begins anew.</param>
    internal void AwaitInput(bool took)
    {
        _awaitsInput = true;
        _restless = took ? Clock.Now + InputLatency : _restless;
        StopProcessors();
    }

    /// <summary>Lets time pass within a firmware call: until <paramref name="duration"/> is over, or earlier when input arrived. Then the slice ends.</summary>
    /// <returns>
    /// False when another thread asks for a stop, which a driver's time-outs would keep waiting. A stop that the machine's own output brought about
    /// (a text that was awaited) waits for the end of the call.
    /// </returns>
    internal bool WaitInCall(VirtualTime duration)
    {
        StopProcessors();
        if (_hostIsWaiting)
        {
            return false;
        }

        if (_pacer == null)
        {
            SettleInput();
        }

        if (Journal.Drain() == 0)
        {
            VirtualTime now = Clock.Now;
            VirtualTime end = now + duration;
            if (_pacer != null)
            {
                VirtualTime next = Earlier(end, Clock.NextDeadline);
                end = next > now ? _pacer.WaitIdle(now, next) : now;
            }

            Clock.Skip(end - now);
            Journal.Drain();
        }

        return !_hostIsWaiting;
    }

    /// <summary>Lets the host's side finish what it answers at once, before virtual time skips over the guest's timeouts.</summary>
    protected virtual void SettleInput()
    {
    }

    private void TakeInput()
    {
        if (Journal.Drain() > 0)
        {
            _awaitsInput = false;
            _restless = Clock.Now + InputLatency;
        }
    }

    private void EndRest()
    {
        _napEnd = null;
        _awaitsInput = false;
        _restless = VirtualTime.Zero;
    }

    private void VisitRest(StateVisitor state)
    {
        long napEnd = _napEnd?.Nanoseconds ?? -1;
        state.Field("napEnd", ref napEnd);
        _napEnd = napEnd < 0 ? null : new VirtualTime(napEnd);
        state.Field("awaits-input", ref _awaitsInput);
        long restless = _restless.Nanoseconds;
        state.Field("restless", ref restless);
        _restless = new VirtualTime(restless);
    }

    /// <summary>True when no CPU is to run now; time or the wait went on instead.</summary>
    private bool StaysAtRest(VirtualTime now, VirtualTime limit)
    {
        if (_awaitsInput)
        {
            RestForInput(limit);
            return true;
        }

        if (_napEnd is { } napEnd)
        {
            if (!InterruptPending && now < napEnd && Processors.All(processor => processor.NextDeadline > now))
            {
                SkipIdleTime(Earlier(napEnd, limit));
                return true;
            }

            _napEnd = null;
        }

        return false;
    }

    private void RestForInput(VirtualTime limit)
    {
        if (Clock.NextDeadline <= _restless && Clock.NextDeadline <= limit)
        {
            // Whatever the timer brought, the firmware looks again.
            _awaitsInput = false;
            Clock.AdvanceTo(Clock.NextDeadline);
        }
        else if (_pacer != null || limit != VirtualTime.Never)
        {
            SkipIdleTime(limit);
        }
        else if (_hostClock == null)
        {
            AskFor(new StopResult(StopReason.Error, 0, "The firmware waits for a key, and nothing is connected to its console."));
        }
        else if (!Journal.HasPending && !_stopRequested)
        {
            _hostClock.Wait(-1);
        }
    }

    /// <summary>With --time host a busy machine's clock is moved on to the host's; timers that were due on the way go off in their order.</summary>
    private void FollowHost()
    {
        if (_pacer != null)
        {
            Clock.AdvanceTo(_pacer.Pace(Clock.Now));
        }
    }

    private void SkipIdleTime(VirtualTime limit)
    {
        if (_pacer == null)
        {
            SettleInput();
            if (Journal.HasPending)
            {
                return;
            }
        }

        VirtualTime now = Clock.Now;
        VirtualTime next = Earlier(Clock.NextDeadline, NextDecrementer(now));
        if (_pacer != null)
        {
            next = _pacer.WaitIdle(now, Earlier(next, limit));
        }
        else if (next == VirtualTime.Never && limit == VirtualTime.Never)
        {
            if (_hostClock == null)
            {
                AskFor(new StopResult(StopReason.Error, 0, "The CPU waits for an interrupt, and nothing in the machine will ever raise one."));
                return;
            }

            _hostClock.Wait(-1);
            return;
        }

        Clock.AdvanceTo(Earlier(next, limit));
    }
}
