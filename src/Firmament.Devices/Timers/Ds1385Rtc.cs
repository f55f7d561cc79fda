using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Timers;

/// <summary>
/// The real-time clock and CMOS memory of the VT8231, compatible with the MC146818 and DS1385: ports 0x70/0x71 for the first 128
/// bytes, 0x72/0x73 for all 256. Sources: Motorola MC146818A and Dallas DS1385 data sheets; VIA VT82C686B data sheet for the second bank.
/// </summary>
/// <remarks>
/// Time is the base time plus virtual time, so two runs read the same. <see cref="GetTime"/> and <see cref="SetTime"/> are for firmware
/// services that share the clock. Quirk: the century is at byte 0x32, as PC software expects.
/// Not modelled: daylight saving (register B bit 0 is kept, and ignored), the square-wave pin.
/// </remarks>
public sealed class Ds1385Rtc : IStateful
{
    private const int RegisterA = 10;
    private const int RegisterB = 11;
    private const int RegisterC = 12;
    private const int RegisterD = 13;
    private const int Century = 0x32;
    private const long Second = 1_000_000_000;
    private const long UpdateInProgressTime = 244_000;

    private readonly byte[] _memory = new byte[256];
    private readonly byte[] _frozen = new byte[10];
    private readonly InterruptLine _interrupt;
    private readonly Scheduler _scheduler;
    private readonly ScheduledTimer _periodicTimer;
    private readonly ScheduledTimer _updateTimer;
    private readonly Bank _first;
    private readonly Bank _second;
    private readonly long _baseTicks;
    private long _offset;
    private byte _flags;
    private long _flagsSeconds;
    private long _flagsPeriods;
    private byte _frozenCentury;

    /// <summary>Makes a clock.</summary>
    /// <param name="baseTime">The date and time (as the guest's software keeps it, usually UTC) at virtual time 0; years 1 to 9999.</param>
    /// <param name="interrupt">IRQ 8.</param>
    /// <param name="scheduler">The clock.</param>
    public Ds1385Rtc(DateTime baseTime, InterruptLine interrupt, Scheduler scheduler)
    {
        _baseTicks = baseTime.Ticks;
        _interrupt = interrupt;
        _scheduler = scheduler;
        _periodicTimer = scheduler.CreateTimer("periodic", OnPeriod);
        _updateTimer = scheduler.CreateTimer("update", OnUpdate);
        _first = new Bank(this, 0x7f);
        _second = new Bank(this, 0xff);
        _memory[RegisterA] = 0x26;
        _memory[RegisterB] = 0x02;
        Reset();
    }

    /// <summary>The CMOS bytes, for keeping them between runs. Bytes 0 to 9 and 12, 13 are computed when read through the ports.</summary>
    public Span<byte> Memory => _memory;

    private bool Frozen => (_memory[RegisterB] & 0x80) != 0;

    // Divider bits 010 run the clock (MC146818A table 4); 11x hold it in reset.
    private bool DividerRuns => (_memory[RegisterA] & 0x70) == 0x20;

    private long Nanoseconds => _scheduler.Now.Nanoseconds + _offset;

    /// <summary>Claims the ports.</summary>
    public void Map(IsaBus isa)
    {
        isa.Map("rtc", 0x70, 2, _first);
        isa.Map("rtc extended", 0x72, 2, _second);
    }

    /// <summary>The date and time now, with a resolution of 100 ns.</summary>
    public DateTime GetTime() => ToDateTime(Nanoseconds);

    /// <summary>Sets the date and time; the next second begins one second later.</summary>
    public void SetTime(DateTime time)
    {
        _offset = ((time.Ticks - _baseTicks) * 100) - _scheduler.Now.Nanoseconds;
        if (Frozen)
        {
            Freeze();
        }

        RestartFlags();
        ArmTimers();
    }

    /// <summary>The RESET pin: interrupts off; time and memory stay (they run on the battery).</summary>
    public void Reset()
    {
        _memory[RegisterB] &= 0x87;
        _flags = 0;
        _first.Reset();
        _second.Reset();
        RestartFlags();
        ArmTimers();
        UpdateInterrupt();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("memory", _memory);
        state.Bytes("frozen", _frozen);
        state.Field("frozenCentury", ref _frozenCentury);
        state.Field("offset", ref _offset);
        state.Field("flags", ref _flags);
        state.Field("flagsSeconds", ref _flagsSeconds);
        state.Field("flagsPeriods", ref _flagsPeriods);
        state.Component("first", _first);
        state.Component("second", _second);
        _periodicTimer.Visit(state);
        _updateTimer.Visit(state);
        _interrupt.VisitLevel(state, "interrupt");
    }

    private static long FloorDivide(long value, long divisor) => value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);

    private byte ReadMemory(int index)
    {
        switch (index)
        {
            case 0 or 2 or 4 or 6 or 7 or 8 or 9:
                return Frozen ? _frozen[index] : TimeRegister(index, GetTime());
            case Century:
                return Frozen ? _frozenCentury : Encode(GetTime().Year / 100);
            case RegisterA:
                long phase = Nanoseconds - (FloorDivide(Nanoseconds, Second) * Second);
                bool updating = !Frozen && DividerRuns && phase >= Second - UpdateInProgressTime;
                return (byte)(_memory[RegisterA] | (updating ? 0x80 : 0));
            case RegisterC:
                CollectFlags();
                byte flags = (byte)(_flags | ((_flags & _memory[RegisterB] & 0x70) != 0 ? 0x80 : 0));
                _flags = 0;
                UpdateInterrupt();
                return flags;
            case RegisterD:
                return 0x80; // the battery is good
            default:
                return _memory[index];
        }
    }

    private void WriteMemory(int index, byte value)
    {
        switch (index)
        {
            case 0 or 2 or 4 or 6 or 7 or 8 or 9 or Century:
                WriteTime(index, value);
                break;
            case RegisterA:
                CollectFlags();
                _memory[RegisterA] = (byte)(value & 0x7f);
                RestartFlags();
                ArmTimers();
                break;
            case RegisterB:
                WriteRegisterB(value);
                break;
            case RegisterC or RegisterD:
                break;
            default:
                _memory[index] = value;
                break;
        }
    }

    private void WriteRegisterB(byte value)
    {
        CollectFlags();
        bool wasFrozen = Frozen;
        if ((value & 0x80) != 0)
        {
            // SET clears the update interrupt enable (MC146818A, register B).
            value &= 0xef;
            if (!wasFrozen)
            {
                Freeze();
            }
        }

        byte old = _memory[RegisterB];
        _memory[RegisterB] = value;
        if (wasFrozen && !Frozen)
        {
            Thaw(old);
        }

        ArmTimers();
        UpdateInterrupt();
    }

    private void WriteTime(int index, byte value)
    {
        if (!Frozen)
        {
            // Written without SET: read all, change one, put back.
            Freeze();
            Put(index, value);
            Thaw(_memory[RegisterB]);
            return;
        }

        Put(index, value);
    }

    private void Put(int index, byte value)
    {
        if (index == Century)
        {
            _frozenCentury = value;
        }
        else
        {
            _frozen[index] = value;
        }
    }

    private void Freeze()
    {
        DateTime now = GetTime();
        foreach (int index in (ReadOnlySpan<int>)[0, 2, 4, 6, 7, 8, 9])
        {
            _frozen[index] = TimeRegister(index, now);
        }

        _frozenCentury = Encode(now.Year / 100);
    }

    // The data mode is not to be changed without rewriting all bytes; bytes written are read in the mode that holds when SET is cleared.
    private void Thaw(byte oldB)
    {
        int hour = _frozen[4];
        if ((_memory[RegisterB] & 2) == 0)
        {
            bool afternoon = (hour & 0x80) != 0;
            hour = Decode((byte)(hour & 0x7f)) % 12 + (afternoon ? 12 : 0);
        }
        else
        {
            hour = Decode((byte)hour);
        }

        _ = oldB;
        int year = Math.Clamp((Decode(_frozenCentury) * 100) + Decode(_frozen[9]), 1, 9999);
        int month = Math.Clamp(Decode(_frozen[8]), 1, 12);
        int day = Math.Clamp(Decode(_frozen[7]), 1, DateTime.DaysInMonth(year, month));
        DateTime time = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified)
            .AddHours(Math.Min(hour, 23)).AddMinutes(Math.Min(Decode(_frozen[2]), 59)).AddSeconds(Math.Min(Decode(_frozen[0]), 59));
        _offset = ((time.Ticks - _baseTicks) * 100) - _scheduler.Now.Nanoseconds;
        RestartFlags();
        ArmTimers();
    }

    private DateTime ToDateTime(long nanoseconds) =>
        new(Math.Clamp(_baseTicks + FloorDivide(nanoseconds, 100), 0, DateTime.MaxValue.Ticks), DateTimeKind.Unspecified);

    private byte TimeRegister(int index, DateTime time) => index switch
    {
        0 => Encode(time.Second),
        2 => Encode(time.Minute),
        4 => EncodeHour(time.Hour),
        6 => Encode((int)time.DayOfWeek + 1),
        7 => Encode(time.Day),
        8 => Encode(time.Month),
        _ => Encode(time.Year % 100),
    };

    private byte EncodeHour(int hour)
    {
        if ((_memory[RegisterB] & 2) != 0)
        {
            return Encode(hour);
        }

        int twelve = hour % 12 == 0 ? 12 : hour % 12;
        return (byte)(Encode(twelve) | (hour >= 12 ? 0x80 : 0));
    }

    private byte Encode(int value) => (_memory[RegisterB] & 4) != 0 ? (byte)value : (byte)((value / 10 << 4) | (value % 10));

    private int Decode(byte value) => (_memory[RegisterB] & 4) != 0 ? value : ((value >> 4) * 10) + (value & 15);

    // Nanoseconds of the periodic rate, times 8192 to stay whole; 0 = none. MC146818A table 5 for a 32768 Hz base.
    private long PeriodsAt(long nanoseconds)
    {
        int rate = _memory[RegisterA] & 15;
        if (rate == 0 || !DividerRuns || nanoseconds < 0)
        {
            return 0;
        }

        int shift = rate <= 2 ? rate + 6 : rate - 1;
        return (long)((UInt128)(ulong)nanoseconds * 32_768 / Second) >> shift;
    }

    private void RestartFlags()
    {
        _flagsSeconds = FloorDivide(Nanoseconds, Second);
        _flagsPeriods = PeriodsAt(_scheduler.Now.Nanoseconds);
    }

    // Sets PF, AF and UF for the seconds and periods since they were last looked at.
    private void CollectFlags()
    {
        long periods = PeriodsAt(_scheduler.Now.Nanoseconds);
        if (periods != _flagsPeriods)
        {
            _flags |= 0x40;
            _flagsPeriods = periods;
        }

        long seconds = FloorDivide(Nanoseconds, Second);
        if (seconds != _flagsSeconds)
        {
            if (!Frozen && DividerRuns)
            {
                _flags |= 0x10;
                // No more than a day of seconds can differ in what the alarm compares.
                for (long second = Math.Max(_flagsSeconds + 1, seconds - 86_400); second <= seconds; second++)
                {
                    if (AlarmMatches(ToDateTime(second * Second)))
                    {
                        _flags |= 0x20;
                        break;
                    }
                }
            }

            _flagsSeconds = seconds;
        }
    }

    private bool AlarmMatches(DateTime time) =>
        Matches(_memory[1], Encode(time.Second)) && Matches(_memory[3], Encode(time.Minute)) && Matches(_memory[5], EncodeHour(time.Hour));

    // Alarm bytes of 0xc0 and above match anything.
    private static bool Matches(byte alarm, byte value) => alarm >= 0xc0 || alarm == value;

    private void ArmTimers()
    {
        long now = _scheduler.Now.Nanoseconds;
        int rate = _memory[RegisterA] & 15;
        if ((_memory[RegisterB] & 0x40) != 0 && rate != 0 && DividerRuns)
        {
            int shift = rate <= 2 ? rate + 6 : rate - 1;
            _periodicTimer.Arm(VirtualTime.FromTicks((ulong)(PeriodsAt(now) + 1) << shift, 32_768));
        }
        else
        {
            _periodicTimer.Disarm();
        }

        if ((_memory[RegisterB] & 0x30) != 0 && !Frozen && DividerRuns)
        {
            _updateTimer.Arm(new VirtualTime(((FloorDivide(Nanoseconds, Second) + 1) * Second) - _offset));
        }
        else
        {
            _updateTimer.Disarm();
        }
    }

    private void OnPeriod()
    {
        CollectFlags();
        ArmTimers();
        UpdateInterrupt();
    }

    private void OnUpdate()
    {
        CollectFlags();
        ArmTimers();
        UpdateInterrupt();
    }

    private void UpdateInterrupt() => _interrupt.Set((_flags & _memory[RegisterB] & 0x70) != 0);

    /// <summary>An index and data port pair.</summary>
    private sealed class Bank(Ds1385Rtc owner, byte mask) : IMmioTarget, IStateful
    {
        private byte _index;

        // The index port cannot be read back on this chip.
        public ulong Read(ulong offset, int size) => offset == 0 ? 0xffu : owner.ReadMemory(_index);

        public void Write(ulong offset, ulong value, int size)
        {
            if (offset == 0)
            {
                _index = (byte)((byte)value & mask);
            }
            else
            {
                owner.WriteMemory(_index, (byte)value);
            }
        }

        public void Reset() => _index = 0;

        public void Visit(StateVisitor state) => state.Field("index", ref _index);
    }
}
