using Firmament.Core.Hypercalls;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Firmware;
using Firmament.Firmware.Hypercalls;
using Firmament.PowerPC;

namespace Firmament.Machines.Pseries.Hypercalls;

/// <summary>
/// H_WATCHDOG: four timers that power off, restart or dump a partition that no longer restarts them (PAPR+ 14.11.8; Linux
/// drivers/watchdog/pseries-wdt.c).
/// </summary>
internal sealed class ProcessorWatchdogHypercalls : IStateful
{
    /// <summary>How many timers.</summary>
    public const int Count = 4;

    /// <summary>The shortest timeout, in milliseconds.</summary>
    public const ulong LeastMilliseconds = 1;

    private const ulong AllTimers = ulong.MaxValue;
    private const ulong LeaveOthers = 1UL << (63 - 47);
    private const ulong KnownFlags = LeaveOthers | 0xffff;
    private const ulong NeedNotStopToSuspend = 2;
    private const byte PowerOff = 1;
    private const byte Restart = 2;
    private const byte DumpAndRestart = 3;

    private readonly PartitionProcessors _processors;
    private readonly IFirmwarePlatform _platform;
    private readonly ScheduledTimer[] _timers = new ScheduledTimer[Count];
    private readonly byte[] _actions = new byte[Count];
    private readonly bool[] _leavesOthers = new bool[Count];

    /// <summary>Makes the timers.</summary>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="processors">Interrupted to make a dump.</param>
    /// <param name="platform">Asked to power off or reset.</param>
    public ProcessorWatchdogHypercalls(Scheduler clock, PartitionProcessors processors, IFirmwarePlatform platform)
    {
        _processors = processors;
        _platform = platform;
        for (int i = 0; i < Count; i++)
        {
            int index = i;
            _timers[i] = clock.CreateTimer($"watchdog{i + 1}", () => Expire(index));
        }
    }

    /// <summary>Adds the row.</summary>
    public void AddTo(HypercallTable table) => table.Add(0x45c, "H_WATCHDOG", 3, 1, Serve);

    /// <summary>Stops all timers: the machine was reset.</summary>
    public void Reset()
    {
        foreach (ScheduledTimer timer in _timers)
        {
            timer.Disarm();
        }

        Array.Clear(_actions);
        Array.Clear(_leavesOthers);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("actions", _actions);
        for (int i = 0; i < Count; i++)
        {
            state.Field("leaves-others", ref _leavesOthers[i]);
            _timers[i].Visit(state);
        }
    }

    private long Serve(HypercallCall call)
    {
        ulong flags = call[0];
        if ((flags & ~KnownFlags) != 0)
        {
            return PaprStatus.Parameter;
        }

        switch ((flags >> 8) & 0xff)
        {
            case 1:
                return Start(flags, call[1], call[2]);
            case 2:
                return call[1] == AllTimers ? StopAll() : IsTimer(call[1]) ? Stop((int)call[1] - 1) : PaprStatus.Parameter2;
            case 3:
                call.Return(0, (LeastMilliseconds << 48) | ((ulong)Count << 32));
                return PaprStatus.Success;
            case 4 when !IsTimer(call[1]):
                return PaprStatus.Parameter2;
            case 4:
                call.Return(0, NeedNotStopToSuspend);
                return PaprStatus.Success;
            default:
                return PaprStatus.Parameter;
        }
    }

    private long Start(ulong flags, ulong number, ulong milliseconds)
    {
        byte action = (byte)flags;
        if (action is not (PowerOff or Restart or DumpAndRestart))
        {
            return PaprStatus.Parameter;
        }

        if (!IsTimer(number))
        {
            return PaprStatus.Parameter2;
        }

        if (milliseconds < LeastMilliseconds)
        {
            return PaprStatus.Parameter3;
        }

        int index = (int)number - 1;
        _actions[index] = action;
        _leavesOthers[index] = (flags & LeaveOthers) != 0;

        // Longer than the clock counts is for ever.
        VirtualTime now = _platform.Now;
        ulong most = (ulong)(VirtualTime.Never - now).Nanoseconds / 1_000_000;
        if (milliseconds < most)
        {
            _timers[index].Arm(now + VirtualTime.FromMilliseconds((long)milliseconds));
        }
        else
        {
            _timers[index].Disarm();
        }

        return PaprStatus.Success;
    }

    private long Stop(int index)
    {
        bool wasArmed = _timers[index].IsArmed;
        _timers[index].Disarm();
        return wasArmed ? PaprStatus.Success : PaprStatus.NoOperation;
    }

    private long StopAll()
    {
        long status = PaprStatus.NoOperation;
        for (int i = 0; i < Count; i++)
        {
            status = Stop(i) == PaprStatus.Success ? PaprStatus.Success : status;
        }

        return status;
    }

    private void Expire(int index)
    {
        if (!_leavesOthers[index])
        {
            StopAll();
        }

        switch (_actions[index])
        {
            case PowerOff:
                _platform.Request(PlatformRequest.PowerOff, "");
                break;
            case Restart:
                _platform.Request(PlatformRequest.Reset, "");
                break;
            default:
                // The guest's system reset handler makes the dump and restarts.
                foreach (IPartitionProcessor processor in _processors.All)
                {
                    _processors.SystemReset(processor);
                }

                break;
        }
    }

    private static bool IsTimer(ulong number) => number is >= 1 and <= Count;
}
