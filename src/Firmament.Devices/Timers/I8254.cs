using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Timers;

/// <summary>
/// The 8254 programmable interval timer of a PC: ports 0x40–0x43, counter 0 on IRQ 0, counter 1 the refresh, counter 2 the
/// speaker, and port 0x61 that gates it. Sources: Intel 8254 data sheet (231164); port 0x61 as in the VT82C686B data sheet.
/// </summary>
/// <remarks>Not modelled: sound; the speaker's level is in port 0x61 only.</remarks>
public sealed class I8254 : IMmioTarget, IStateful
{
    /// <summary>Hertz.</summary>
    public const uint Frequency = 1_193_182;

    private readonly I8254Channel[] _channels = [new(), new(), new()];
    private readonly InterruptLine _interrupt;
    private readonly Scheduler _scheduler;
    private readonly ScheduledTimer _timer;
    private readonly SystemControlPort _systemControl;

    /// <summary>Makes a timer.</summary>
    /// <param name="interrupt">The OUT pin of counter 0: IRQ 0.</param>
    /// <param name="scheduler">The clock.</param>
    public I8254(InterruptLine interrupt, Scheduler scheduler)
    {
        _interrupt = interrupt;
        _scheduler = scheduler;
        _timer = scheduler.CreateTimer("counter0", UpdateOutput);
        _systemControl = new SystemControlPort(this);
        Reset();
    }

    private ulong Now => _scheduler.Now.ToTicks(Frequency);

    /// <summary>Claims the ports.</summary>
    public void Map(IsaBus isa)
    {
        isa.Map("pit", 0x40, 4, this);
        isa.Map("system control b", 0x61, 1, _systemControl);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => offset < 3 ? _channels[offset].Read(Now) : 0xfful;

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        ulong now = Now;
        byte data = (byte)value;
        if (offset < 3)
        {
            _channels[offset].Write(data, now);
        }
        else if (data >> 6 == 3)
        {
            ReadBack(data, now);
        }
        else
        {
            _channels[data >> 6].Control((byte)(data & 0x3f), now);
        }

        UpdateOutput();
    }

    /// <summary>Power-on state.</summary>
    public void Reset()
    {
        _channels[0].Reset(gate: true);
        _channels[1].Reset(gate: true);
        _channels[2].Reset(gate: false);
        _systemControl.Reset();
        UpdateOutput();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("channel0", _channels[0]);
        state.Component("channel1", _channels[1]);
        state.Component("channel2", _channels[2]);
        state.Component("port61", _systemControl);
        _timer.Visit(state);
        _interrupt.VisitLevel(state, "interrupt");
    }

    private void ReadBack(byte data, ulong now)
    {
        for (int i = 0; i < 3; i++)
        {
            if ((data & (2 << i)) != 0)
            {
                if ((data & 0x20) == 0)
                {
                    _channels[i].LatchCount(now);
                }

                if ((data & 0x10) == 0)
                {
                    _channels[i].LatchStatus(now);
                }
            }
        }
    }

    private void UpdateOutput()
    {
        ulong now = Now;
        _interrupt.Set(_channels[0].Output(now));
        if (_channels[0].NextChange(now) is { } tick)
        {
            _timer.Arm(VirtualTime.FromTicks(tick, Frequency));
        }
        else
        {
            _timer.Disarm();
        }
    }

    /// <summary>Port 0x61: gate and data of the speaker, its output, the refresh toggle.</summary>
    private sealed class SystemControlPort(I8254 owner) : IMmioTarget, IStateful
    {
        private const long RefreshNanoseconds = 15_085;

        private byte _control;

        public ulong Read(ulong offset, int size) =>
            (ulong)_control
            | (owner._scheduler.Now.Nanoseconds / RefreshNanoseconds % 2 != 0 ? 0x10ul : 0)
            | (owner._channels[2].Output(owner.Now) ? 0x20ul : 0);

        public void Write(ulong offset, ulong value, int size)
        {
            _control = (byte)(value & 0x0f);
            owner._channels[2].SetGate((value & 1) != 0, owner.Now);
        }

        public void Reset() => _control = 0;

        public void Visit(StateVisitor state) => state.Field("control", ref _control);
    }
}
