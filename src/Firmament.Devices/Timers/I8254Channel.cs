using Firmament.Core.State;

namespace Firmament.Devices.Timers;

/// <summary>
/// One counter of the 8254, computed from the clock's tick number instead of counted. Source: Intel 8254 data sheet (231164).
/// </summary>
internal sealed class I8254Channel : IStateful
{
    private byte _control;
    private ushort _reload;
    private byte _lowByte;
    private bool _writeHigh;
    private bool _readHigh;
    private ushort _latch;
    private byte _latchedBytes;
    private byte _latchedStatus;
    private bool _statusIsLatched;
    private bool _nullCount = true;
    private bool _loaded;
    private bool _counting;
    private bool _gate = true;
    private ulong _start;
    private ulong _elapsedAtStop;

    /// <summary>0 to 5.</summary>
    public int Mode
    {
        get
        {
            int mode = (_control >> 1) & 7;
            return mode > 5 ? mode & 3 : mode;
        }
    }

    /// <summary>The GATE pin.</summary>
    public bool Gate => _gate;

    private bool Bcd => (_control & 1) != 0;

    private int Access => (_control >> 4) & 3;

    private uint Period
    {
        get
        {
            uint wrap = Bcd ? 10_000u : 0x1_0000u;
            uint count = Bcd ? FromBcd(_reload) : _reload;
            count = count == 0 ? wrap : count;
            // A count of 1 is illegal in modes 2 and 3 (data sheet, mode definitions); the shortest period answers instead.
            return Mode is 2 or 3 ? Math.Max(count, 2) : count;
        }
    }

    /// <summary>The OUT pin at a tick.</summary>
    public bool Output(ulong now)
    {
        if (!_counting && !(_loaded && Mode is 0 or 4))
        {
            return Mode != 0;
        }

        ulong elapsed = Elapsed(now);
        uint period = Period;
        return Mode switch
        {
            0 => _loaded && elapsed >= period,
            1 => elapsed >= period,
            2 => !_gate || elapsed % period != period - 1,
            3 => !_gate || elapsed % period < (period + 1) / 2,
            _ => elapsed != period,
        };
    }

    /// <summary>The tick of the next change of OUT after <paramref name="now"/>, or null when there is none to come.</summary>
    public ulong? NextChange(ulong now)
    {
        if (!_counting || (!_gate && Mode is 0 or 2 or 3 or 4))
        {
            return null;
        }

        ulong elapsed = Elapsed(now);
        uint period = Period;
        ulong phase = elapsed % period;
        ulong begin = elapsed - phase;
        return Mode switch
        {
            0 or 1 => elapsed < period ? _start + period : null,
            2 => _start + begin + (phase < period - 1 ? period - 1 : period),
            3 => _start + begin + (phase < (period + 1) / 2 ? (period + 1) / 2 : period),
            _ => elapsed < period ? _start + period : elapsed == period ? _start + period + 1 : null,
        };
    }

    /// <summary>Writes the control word (its low six bits); a counter latch command when the access bits are 0.</summary>
    public void Control(byte value, ulong now)
    {
        if (((value >> 4) & 3) == 0)
        {
            LatchCount(now);
            return;
        }

        _control = (byte)(value & 0x3f);
        _writeHigh = _readHigh = false;
        _latchedBytes = 0;
        _statusIsLatched = false;
        _nullCount = true;
        _loaded = _counting = false;
    }

    public void LatchCount(ulong now)
    {
        if (_latchedBytes == 0)
        {
            _latch = Count(now);
            _latchedBytes = (byte)(Access == 3 ? 2 : 1);
        }
    }

    public void LatchStatus(ulong now)
    {
        if (!_statusIsLatched)
        {
            _latchedStatus = (byte)((Output(now) ? 0x80 : 0) | (_nullCount ? 0x40 : 0) | _control);
            _statusIsLatched = true;
        }
    }

    public byte Read(ulong now)
    {
        if (_statusIsLatched)
        {
            _statusIsLatched = false;
            return _latchedStatus;
        }

        ushort count = _latchedBytes > 0 ? _latch : Count(now);
        if (_latchedBytes > 0)
        {
            _latchedBytes--;
        }

        switch (Access)
        {
            case 1:
                return (byte)count;
            case 2:
                return (byte)(count >> 8);
            default:
                bool high = _readHigh;
                _readHigh = !high;
                return (byte)(high ? count >> 8 : count);
        }
    }

    public void Write(byte value, ulong now)
    {
        switch (Access)
        {
            case 1:
                Load(value, now);
                break;
            case 2:
                Load((ushort)(value << 8), now);
                break;
            default:
                if (!_writeHigh)
                {
                    _lowByte = value;
                    _writeHigh = true;
                    if (Mode == 0)
                    {
                        // Mode 0: the first byte stops the count.
                        Stop(now);
                    }
                }
                else
                {
                    _writeHigh = false;
                    Load((ushort)(_lowByte | (value << 8)), now);
                }

                break;
        }
    }

    /// <summary>Drives the GATE pin.</summary>
    public void SetGate(bool level, ulong now)
    {
        if (level == _gate)
        {
            return;
        }

        if (level)
        {
            _gate = true;
            if (Mode is 0 or 4)
            {
                if (_loaded)
                {
                    _start = now - _elapsedAtStop;
                    _counting = true;
                }
            }
            else if (_loaded)
            {
                // A rising edge triggers modes 1 and 5, and reloads modes 2 and 3.
                Begin(now);
            }
        }
        else
        {
            if (Mode is 0 or 4)
            {
                Stop(now);
            }

            _gate = false;
        }
    }

    /// <summary>Power-on: undefined in the data sheet; mode 0, nothing loaded.</summary>
    public void Reset(bool gate)
    {
        _control = 0x30;
        _reload = 0;
        _lowByte = _latchedBytes = _latchedStatus = 0;
        _latch = 0;
        _writeHigh = _readHigh = _statusIsLatched = _loaded = _counting = false;
        _nullCount = true;
        _gate = gate;
        _start = _elapsedAtStop = 0;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("control", ref _control);
        state.Field("reload", ref _reload);
        state.Field("low", ref _lowByte);
        state.Field("writeHigh", ref _writeHigh);
        state.Field("readHigh", ref _readHigh);
        state.Field("latch", ref _latch);
        state.Field("latchedBytes", ref _latchedBytes);
        state.Field("latchedStatus", ref _latchedStatus);
        state.Field("statusIsLatched", ref _statusIsLatched);
        state.Field("nullCount", ref _nullCount);
        state.Field("loaded", ref _loaded);
        state.Field("counting", ref _counting);
        state.Field("gate", ref _gate);
        state.Field("start", ref _start);
        state.Field("stopped", ref _elapsedAtStop);
    }

    private static uint FromBcd(ushort value) =>
        (uint)(((value >> 12) * 1000) + (((value >> 8) & 15) * 100) + (((value >> 4) & 15) * 10) + (value & 15));

    private static ushort ToBcd(uint value) =>
        (ushort)(((value / 1000 % 10) << 12) | ((value / 100 % 10) << 8) | ((value / 10 % 10) << 4) | (value % 10));

    private ulong Elapsed(ulong now) => _counting ? now - _start : _elapsedAtStop;

    private void Load(ushort value, ulong now)
    {
        bool wasLoaded = _loaded;
        // Modes 2 and 3: a new count takes effect at the end of the running period; here at once, which only a reader between the two sees.
        _reload = value;
        _loaded = true;
        _nullCount = Mode is 1 or 5;
        switch (Mode)
        {
            case 0 or 4:
                _elapsedAtStop = 0;
                _counting = _gate;
                _start = now;
                break;
            case 2 or 3 when !wasLoaded || !_counting:
                Begin(now);
                break;
            default:
                break;
        }
    }

    private void Begin(ulong now)
    {
        _start = now;
        _counting = true;
        _nullCount = false;
    }

    private void Stop(ulong now)
    {
        _elapsedAtStop = Elapsed(now);
        _counting = false;
    }

    private ushort Count(ulong now)
    {
        uint wrap = Bcd ? 10_000u : 0x1_0000u;
        uint period = Period;
        if (!_loaded)
        {
            return 0;
        }

        ulong elapsed = Elapsed(now);
        uint count = Mode switch
        {
            2 => period - (uint)(elapsed % period),
            // Mode 3 counts down by two, twice a period.
            3 => period - (uint)(elapsed * 2 % period),
            _ => (uint)((period + wrap - (elapsed % wrap)) % wrap),
        };
        return Bcd ? ToBcd(count % 10_000) : (ushort)count;
    }
}
