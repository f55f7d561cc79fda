using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;

namespace Firmament.Devices.Bridges;

/// <summary>
/// Function 4 of the south bridge: ACPI power management registers (base 0x48, enabled by 0x41 bit 7) and the SMBus host (base 0x90,
/// enabled by 0xd2 bit 0). Sources: VIA VT82C686B data sheet, function 4; ACPI 1.0 chapter 4.7.
/// </summary>
/// <remarks>Not modelled: throttling, general purpose timers and pins, hardware monitoring, SMI; their registers keep what is written.</remarks>
public sealed class Vt8231PowerManagement : Vt8231Function, IMmioTarget
{
    private const int BlockSize = 128;
    private const uint TimerFrequency = 3_579_545;
    private const ushort TimerStatus = 0x0001;
    private const ushort PowerButtonStatus = 0x0100;
    private const ushort StatusBits = 0x8d31;
    private const ushort EnableBits = 0x0521;
    private const ushort SleepEnable = 0x2000;
    private const int SoftOff = 2;

    private readonly Scheduler _scheduler;
    private readonly Tracer _tracer;
    private readonly ScheduledTimer _timer;
    private readonly ViaSmbus _smbus;
    private readonly byte[] _other = new byte[BlockSize];
    private ushort _status;
    private ushort _enable;
    private ushort _control;
    private ulong _timerHalf;
    private uint _powerBase;
    private uint _smbusBase;

    internal Vt8231PowerManagement(ulong ramBytes, Scheduler scheduler, Tracer tracer)
        : base(0x8235, 0x068000, 0x40, interruptPin: 0)
    {
        _scheduler = scheduler;
        _tracer = tracer;
        _timer = scheduler.CreateTimer("pmtimer", Update);
        _smbus = new ViaSmbus(SpdEeprom.Create(ramBytes));
        for (int offset = 0x40; offset < 0x100; offset++)
        {
            Define8(offset, 0, 0xff);
        }

        Define32(0x48, 0x0000_0001, 0x0000_ff80);
        Define32(0x90, 0x0000_0001, 0x0000_fff0);
        Reset();
    }

    /// <inheritdoc/>
    public override string Name => "pm";

    /// <summary>Called when software enters soft off (S5) through PM1_CNT.</summary>
    public Action? PowerOff { get; set; }

    /// <summary>The IRQ of the system control interrupt, register 0x42 bits 3:0; 0 = none.</summary>
    internal int SystemControlIrq => (int)ReadConfig(0x42, 1) & 15;

    internal bool SystemControlLevel => (_control & 1) != 0 && (_status & _enable & EnableBits) != 0;

    internal Action? SystemControlChanged { get; set; }

    // Bit 3 of 0x41 chooses a 32-bit timer; its top bit's changes set the status bit.
    private int TimerBits => (ReadConfig(0x41, 1) & 8) != 0 ? 32 : 24;

    private ulong TimerTicks => _scheduler.Now.ToTicks(TimerFrequency);

    /// <summary>The power button, pressed and let go.</summary>
    public void PressPowerButton()
    {
        Collect();
        _status |= PowerButtonStatus;
        Update();
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (size > 1)
        {
            ulong value = 0;
            ulong timer = TimerValue();
            for (int i = 0; i < size; i++)
            {
                ulong at = offset + (ulong)i;
                ulong part = at is >= 8 and < 12 ? (byte)(timer >> (8 * (int)(at - 8))) : Read(at, 1);
                value |= part << (8 * i);
            }

            return value;
        }

        Collect();
        return offset switch
        {
            0 => (byte)_status,
            1 => (ulong)(_status >> 8),
            2 => (byte)_enable,
            3 => (ulong)(_enable >> 8),
            4 => (byte)_control,
            5 => (ulong)(_control >> 8),
            >= 8 and < 12 => (byte)(TimerValue() >> (8 * (int)(offset - 8))),
            _ => _other[offset & (BlockSize - 1)],
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        Collect();
        for (int i = 0; i < size; i++)
        {
            WriteByte((int)offset + i, (byte)(value >> (8 * i)));
        }

        Update();
        if ((_control & SleepEnable) != 0)
        {
            Sleep();
        }
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, uint value, int size)
    {
        base.WriteConfig(offset, value, size);
        UpdateMappings();
        Update();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _status = _enable = _control = 0;
        Array.Clear(_other);
        _timerHalf = TimerTicks >> (TimerBits - 1);
        _smbus.Reset();
        UpdateMappings();
        Update();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Bytes("other", _other);
        state.Field("status", ref _status);
        state.Field("enable", ref _enable);
        state.Field("control", ref _control);
        state.Field("timerHalf", ref _timerHalf);
        state.Component("smbus", _smbus);
        _timer.Visit(state);
        if (state.IsLoading)
        {
            UpdateMappings();
        }
    }

    /// <summary>Called when the function was placed on its bus.</summary>
    internal void Attach() => UpdateMappings();

    private void WriteByte(int offset, byte data)
    {
        switch (offset)
        {
            case 0:
                _status &= (ushort)~(data & StatusBits);
                break;
            case 1:
                _status &= (ushort)~((data << 8) & StatusBits);
                break;
            case 2:
                _enable = (ushort)((_enable & 0xff00) | (data & EnableBits));
                break;
            case 3:
                _enable = (ushort)((_enable & 0x00ff) | ((data << 8) & EnableBits));
                break;
            case 4:
                _control = (ushort)((_control & 0xff00) | (data & 0x07));
                break;
            case 5:
                _control = (ushort)((_control & 0x00ff) | ((data & 0x3c) << 8));
                break;
            case >= 8 and < 12:
                break;
            default:
                _other[offset & (BlockSize - 1)] = data;
                break;
        }
    }

    private void Sleep()
    {
        // SLP_EN reads as 0.
        _control &= unchecked((ushort)~SleepEnable);
        int type = (_control >> 10) & 7;
        if (type == SoftOff)
        {
            PowerOff?.Invoke();
        }
        else
        {
            _tracer.GuestError(Name, $"PM1_CNT sleep type {type}: only soft off (2) is modelled");
        }
    }

    private uint TimerValue() => (uint)(TimerTicks & ((1ul << TimerBits) - 1));

    private void Collect()
    {
        ulong half = TimerTicks >> (TimerBits - 1);
        if (half != _timerHalf)
        {
            _timerHalf = half;
            _status |= TimerStatus;
        }
    }

    private void Update()
    {
        Collect();
        if ((_enable & TimerStatus) != 0)
        {
            _timer.Arm(VirtualTime.FromTicks((_timerHalf + 1) << (TimerBits - 1), TimerFrequency));
        }
        else
        {
            _timer.Disarm();
        }

        SystemControlChanged?.Invoke();
    }

    private void UpdateMappings()
    {
        if (Bus == null)
        {
            return;
        }

        uint power = (ReadConfig(0x41, 1) & 0x80) != 0 ? ReadConfig(0x48, 2) & 0xff80 : 0;
        uint smbus = (ReadConfig(0xd2, 1) & 1) != 0 ? ReadConfig(0x90, 2) & 0xfff0 : 0;
        if (power != _powerBase)
        {
            _powerBase = power;
            Bus.Io.RemoveFixed(this);
            if (power != 0)
            {
                Bus.Io.AddFixed(power, BlockSize, this);
            }
        }

        if (smbus != _smbusBase)
        {
            _smbusBase = smbus;
            Bus.Io.RemoveFixed(_smbus);
            if (smbus != 0)
            {
                Bus.Io.AddFixed(smbus, 16, _smbus);
            }
        }
    }
}
