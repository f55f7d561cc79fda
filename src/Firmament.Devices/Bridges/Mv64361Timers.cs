using Firmament.Core.State;
using Firmament.Core.Time;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The four 32-bit timer/counters: registers 0x850–0x85c, control 0x864, cause 0x868, mask 0x86c. They count down at the core clock;
/// a counter stops at 0, a timer reloads.
/// </summary>
internal sealed class Mv64361Timers : IStateful
{
    private readonly Mv64361Interrupts _interrupts;
    private readonly Scheduler _scheduler;
    private readonly uint _frequency;
    private readonly ScheduledTimer[] _timers = new ScheduledTimer[4];
    private readonly uint[] _reload = new uint[4];
    private readonly ulong[] _start = new ulong[4];
    private uint _control;
    private uint _cause;
    private uint _mask;

    public Mv64361Timers(Mv64361Interrupts interrupts, Scheduler scheduler, uint frequency)
    {
        _interrupts = interrupts;
        _scheduler = scheduler;
        _frequency = frequency;
        for (int i = 0; i < 4; i++)
        {
            int timer = i;
            _timers[i] = scheduler.CreateTimer($"timer{i}", () => Expire(timer));
        }
    }

    public uint Control
    {
        get => _control;
        set
        {
            uint old = _control;
            _control = value & 0x0303_0303;
            for (int i = 0; i < 4; i++)
            {
                bool was = IsEnabled(old, i);
                if (IsEnabled(_control, i) && !was)
                {
                    Begin(i);
                }
                else if (was && !IsEnabled(_control, i))
                {
                    _reload[i] = CountAt(i);
                    _timers[i].Disarm();
                }
            }
        }
    }

    public uint Cause
    {
        get => _cause | ((_cause & _mask) != 0 ? 0x8000_0000 : 0);
        set
        {
            _cause &= value;
            Update();
        }
    }

    public uint Mask
    {
        get => _mask;
        set
        {
            _mask = value & 0xf;
            Update();
        }
    }

    private ulong Now => _scheduler.Now.ToTicks(_frequency);

    public uint Read(int timer) => IsEnabled(_control, timer) ? CountAt(timer) : _reload[timer];

    /// <summary>Sets the count; a running timer takes it at its next reload, a counter at once.</summary>
    public void Write(int timer, uint value)
    {
        _reload[timer] = value;
        if (IsEnabled(_control, timer) && !Reloads(timer))
        {
            Begin(timer);
        }
    }

    public void Reset()
    {
        _control = _cause = _mask = 0;
        Array.Clear(_reload);
        Array.Clear(_start);
        foreach (ScheduledTimer timer in _timers)
        {
            timer.Disarm();
        }

        Update();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("control", ref _control);
        state.Field("cause", ref _cause);
        state.Field("mask", ref _mask);
        for (int i = 0; i < 4; i++)
        {
            state.Field($"reload{i}", ref _reload[i]);
            state.Field($"start{i}", ref _start[i]);
            _timers[i].Visit(state);
        }
    }

    private static bool IsEnabled(uint control, int timer) => (control & (1u << (8 * timer))) != 0;

    private bool Reloads(int timer) => (_control & (2u << (8 * timer))) != 0;

    private uint CountAt(int timer)
    {
        ulong elapsed = Now - _start[timer];
        return elapsed >= _reload[timer] ? 0 : _reload[timer] - (uint)elapsed;
    }

    private void Begin(int timer)
    {
        _start[timer] = Now;
        // A count of 0 would expire without end; the shortest period is one microsecond's ticks.
        ulong ticks = Math.Max(_reload[timer], _frequency / 1_000_000);
        _timers[timer].Arm(VirtualTime.FromTicks(_start[timer] + ticks, _frequency));
    }

    private void Expire(int timer)
    {
        _cause |= 1u << timer;
        Update();
        if (Reloads(timer))
        {
            Begin(timer);
        }
    }

    private void Update()
    {
        for (int i = 0; i < 4; i++)
        {
            _interrupts.SetCause(Mv64361Interrupts.Timer0 + i, (_cause & _mask & (1u << i)) != 0);
        }
    }
}
