using Firmament.Core.Backends;
using Firmament.Core.Interrupts;
using Firmament.Core.Io;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Serial;

/// <summary>
/// The 16550A UART: eight registers, 16-byte receive FIFO with trigger levels and timeout, modem lines, loopback.
/// Source: National Semiconductor PC16550D data sheet (TL/C/8652).
/// </summary>
/// <remarks>
/// Time: received characters arrive at the line's pace, from the divisor and the frame length, and only while the receiver has room, so
/// pasted input is never lost. A transmitted character takes <see cref="TransmitTime"/> whatever the divisor: a console
/// at 9600 baud would otherwise cost a virtual millisecond, a million instructions, for each letter.
/// Not modelled: DMA mode pins, stick parity errors, a peer that drops its modem lines (DCD, DSR and CTS stay asserted).
/// Example: <c>isa.Map("uart", 0x2f8, 8, new Ns16550("uart", console, isa.ConnectIrq(3, "uart"), scheduler, tracer));</c>
/// </remarks>
public sealed class Ns16550 : IMmioTarget, IStateful
{
    /// <summary>How long one character occupies the transmitter, in virtual time.</summary>
    public static readonly VirtualTime TransmitTime = new(100);

    private const int FifoSize = 16;
    private const byte ModemLinesAsserted = 0xb0; // DCD, DSR, CTS

    private static readonly RegisterMap<Ns16550> Registers = new()
    {
        { 0, "RBR/THR", Access.ReadWrite, 0x00, static u => u.ReadReceiver(), static (u, v) => u.Transmit((byte)v) },
        { 1, "IER", Access.ReadWrite, 0x00, static u => u._interruptEnable, static (u, v) => u.EnableInterrupts((byte)(v & 0x0f)) },
        { 2, "IIR/FCR", Access.ReadWrite, 0x01, static u => u.IdentifyInterrupt(), static (u, v) => u.ControlFifo((byte)v) },
        { 3, "LCR", Access.ReadWrite, 0x00, static u => u._lineControl, static (u, v) => u.ControlLine((byte)v) },
        { 4, "MCR", Access.ReadWrite, 0x00, static u => u._modemControl, static (u, v) => u.ControlModem((byte)(v & 0x1f)) },
        { 5, "LSR", Access.ReadOnly, 0x60, static u => u.ReadLineStatus() },
        { 6, "MSR", Access.ReadOnly, 0xb0, static u => u.ReadModemStatus() },
        { 7, "SCR", Access.ReadWrite, 0x00, static u => u._scratch, static (u, v) => u._scratch = (byte)v },
    };

    private static readonly int[] TriggerLevels = [1, 4, 8, 14];

    private readonly ICharacterBackend _output;
    private readonly InterruptLine _interrupt;
    private readonly Scheduler _scheduler;
    private readonly Tracer _tracer;
    private readonly uint _clock;
    private readonly ScheduledTimer _receiveTimer;
    private readonly ScheduledTimer _timeoutTimer;
    private readonly ScheduledTimer _transmitTimer;
    private readonly Ns16550Fifo _fifo = new();
    private readonly Queue<byte> _waiting = new();
    private byte _interruptEnable;
    private byte _fifoControl;
    private byte _lineControl;
    private byte _lineErrors;
    private byte _modemControl;
    private byte _modemDeltas;
    private byte _modemLines = ModemLinesAsserted;
    private byte _scratch;
    private ushort _divisor;
    private bool _transmitInterrupt;
    private bool _timeoutInterrupt;
    private long _transmitterIdle;

    /// <summary>Makes a UART.</summary>
    /// <param name="name">For traces.</param>
    /// <param name="output">Takes what the guest sends.</param>
    /// <param name="interrupt">Its interrupt wire.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="tracer">For overruns.</param>
    /// <param name="clock">Input clock in hertz; a bit lasts 16 × divisor cycles.</param>
    public Ns16550(string name, ICharacterBackend output, InterruptLine interrupt, Scheduler scheduler, Tracer tracer, uint clock = 1_843_200)
    {
        Name = name;
        _output = output;
        _interrupt = interrupt;
        _scheduler = scheduler;
        _tracer = tracer;
        _clock = clock;
        _receiveTimer = scheduler.CreateTimer("receive", ReceiveNext);
        _timeoutTimer = scheduler.CreateTimer("timeout", OnReceiveTimeout);
        _transmitTimer = scheduler.CreateTimer("transmit", OnTransmitterReady);
        Reset();
    }

    /// <summary>For traces.</summary>
    public string Name { get; }

    /// <summary>Input bytes that wait on the host side for room in the receiver.</summary>
    public int WaitingInput => _waiting.Count;

    private bool FifoEnabled => (_fifoControl & 1) != 0;

    private bool Loopback => (_modemControl & 0x10) != 0;

    private bool DivisorLatch => (_lineControl & 0x80) != 0;

    private int Room => (FifoEnabled ? FifoSize : 1) - _fifo.Count;

    /// <summary>The time of one character on the line.</summary>
    private VirtualTime CharacterTime
    {
        get
        {
            int bits = 1 + 5 + (_lineControl & 3) + ((_lineControl & 4) != 0 ? 2 : 1) + ((_lineControl & 8) != 0 ? 1 : 0);
            return VirtualTime.FromTicks((ulong)bits * 16 * Math.Max(_divisor, (ushort)1), _clock);
        }
    }

    /// <summary>Input from the host. Call on the machine's thread; the bytes reach the guest at line pace, none is lost.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _waiting.Enqueue(b);
        }

        ScheduleReceive();
    }

    /// <summary>A break condition from the host: one null character with the break bit.</summary>
    public void ReceiveBreak()
    {
        if (!Loopback)
        {
            Push(0, Ns16550Fifo.Break);
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (DivisorLatch && offset < 2)
        {
            return offset == 0 ? (byte)_divisor : (ulong)(_divisor >> 8);
        }

        return Registers.TryRead(this, (uint)offset, out uint value) ? value : 0xff;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (DivisorLatch && offset < 2)
        {
            _divisor = (ushort)(offset == 0 ? (_divisor & 0xff00) | (byte)value : (_divisor & 0x00ff) | ((byte)value << 8));
            return;
        }

        Registers.TryWrite(this, (uint)offset, (byte)value);
    }

    /// <summary>The MR pin. Input that waits on the host side stays. The divisor, undefined in the data sheet, becomes 12 (9600 baud).</summary>
    public void Reset()
    {
        _interruptEnable = _fifoControl = _lineControl = _lineErrors = _modemControl = _modemDeltas = _scratch = 0;
        _modemLines = ModemLinesAsserted;
        _divisor = 12;
        _transmitInterrupt = _timeoutInterrupt = false;
        _transmitterIdle = 0;
        _fifo.Clear();
        _timeoutTimer.Disarm();
        _transmitTimer.Disarm();
        UpdateInterrupt();
        ScheduleReceive();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("ier", ref _interruptEnable);
        state.Field("fcr", ref _fifoControl);
        state.Field("lcr", ref _lineControl);
        state.Field("errors", ref _lineErrors);
        state.Field("mcr", ref _modemControl);
        state.Field("deltas", ref _modemDeltas);
        state.Field("lines", ref _modemLines);
        state.Field("scr", ref _scratch);
        state.Field("divisor", ref _divisor);
        state.Field("thri", ref _transmitInterrupt);
        state.Field("timeout", ref _timeoutInterrupt);
        state.Field("idle", ref _transmitterIdle);
        state.Component("fifo", _fifo);
        VisitWaiting(state);
        _receiveTimer.Visit(state);
        _timeoutTimer.Visit(state);
        _transmitTimer.Visit(state);
        _interrupt.VisitLevel(state, "interrupt");
    }

    private void VisitWaiting(StateVisitor state)
    {
        int count = _waiting.Count;
        state.Field("waiting", ref count);
        byte[] bytes = state.IsLoading ? new byte[Math.Clamp(count, 0, 1 << 28)] : [.. _waiting];
        state.Bytes("input", bytes);
        if (state.IsLoading)
        {
            _waiting.Clear();
            foreach (byte b in bytes)
            {
                _waiting.Enqueue(b);
            }
        }
    }

    private uint ReadReceiver()
    {
        _timeoutInterrupt = false;
        byte value = _fifo.Pop();
        if (_fifo.Count > 0 && FifoEnabled)
        {
            _timeoutTimer.ArmAfter(FourCharacters());
        }
        else
        {
            _timeoutTimer.Disarm();
        }

        LatchErrors();
        UpdateInterrupt();
        ScheduleReceive();
        return value;
    }

    private void Transmit(byte value)
    {
        _transmitInterrupt = false;
        if (Loopback)
        {
            Push(value, 0);
        }
        else
        {
            _output.Write([value]);
        }

        _transmitterIdle = Math.Max(_transmitterIdle, _scheduler.Now.Nanoseconds) + TransmitTime.Nanoseconds;
        _transmitTimer.Arm(HoldingEmpty());
        UpdateInterrupt();
    }

    // The last character moves to the shift register one character time before the transmitter is idle.
    private VirtualTime HoldingEmpty() => new(_transmitterIdle - TransmitTime.Nanoseconds);

    private void OnTransmitterReady()
    {
        _transmitInterrupt = true;
        UpdateInterrupt();
    }

    private void EnableInterrupts(byte value)
    {
        bool transmitEnabled = (value & ~_interruptEnable & 2) != 0;
        _interruptEnable = value;
        if (transmitEnabled && _scheduler.Now >= HoldingEmpty())
        {
            _transmitInterrupt = true;
        }

        UpdateInterrupt();
    }

    private uint IdentifyInterrupt()
    {
        uint pending = PendingInterrupt();
        if (pending == 2)
        {
            _transmitInterrupt = false;
            UpdateInterrupt();
        }

        return pending | (FifoEnabled ? 0xc0u : 0);
    }

    private uint PendingInterrupt()
    {
        if ((_interruptEnable & 4) != 0 && (_lineErrors & 0x1e) != 0)
        {
            return 6;
        }

        if ((_interruptEnable & 1) != 0)
        {
            if (_fifo.Count >= (FifoEnabled ? TriggerLevels[_fifoControl >> 6] : 1))
            {
                return 4;
            }

            if (_timeoutInterrupt)
            {
                return 12;
            }
        }

        if ((_interruptEnable & 2) != 0 && _transmitInterrupt)
        {
            return 2;
        }

        return (_interruptEnable & 8) != 0 && _modemDeltas != 0 ? 0u : 1u;
    }

    private void ControlFifo(byte value)
    {
        bool toggled = ((value ^ _fifoControl) & 1) != 0;
        if (toggled || (value & 2) != 0)
        {
            _fifo.Clear();
            _timeoutInterrupt = false;
            _timeoutTimer.Disarm();
        }

        // The other bits of FCR take effect only when bit 0 is written as 1.
        _fifoControl = (value & 1) != 0 ? (byte)(value & 0xc9) : (byte)0;
        UpdateInterrupt();
        ScheduleReceive();
    }

    private void ControlLine(byte value)
    {
        bool breakStarts = (value & ~_lineControl & 0x40) != 0;
        _lineControl = value;
        if (breakStarts && Loopback)
        {
            Push(0, Ns16550Fifo.Break);
        }
    }

    private void ControlModem(byte value)
    {
        _modemControl = value;
        byte lines = ModemLinesAsserted;
        if (Loopback)
        {
            // RTS to CTS, DTR to DSR, OUT1 to RI, OUT2 to DCD.
            lines = (byte)(((value & 2) << 3) | ((value & 1) << 5) | ((value & 4) << 4) | ((value & 8) << 4));
        }

        byte changed = (byte)(lines ^ _modemLines);
        // RI counts on its trailing edge only.
        bool ringEnded = (changed & _modemLines & 0x40) != 0;
        _modemDeltas |= (byte)(((changed >> 4) & 0x0b) | (ringEnded ? 4 : 0));
        _modemLines = lines;
        UpdateInterrupt();
        ScheduleReceive();
    }

    private uint ReadLineStatus()
    {
        VirtualTime now = _scheduler.Now;
        uint status = (_fifo.Count > 0 ? 1u : 0) | _lineErrors
            | (now >= HoldingEmpty() ? 0x20u : 0)
            | (now.Nanoseconds >= _transmitterIdle ? 0x40u : 0)
            | (FifoEnabled && _fifo.HasErrors ? 0x80u : 0);
        _lineErrors = 0;
        UpdateInterrupt();
        return status;
    }

    private uint ReadModemStatus()
    {
        uint status = (uint)(_modemLines | _modemDeltas);
        _modemDeltas = 0;
        UpdateInterrupt();
        return status;
    }

    private void ScheduleReceive()
    {
        if (_waiting.Count > 0 && Room > 0 && !Loopback && !_receiveTimer.IsArmed)
        {
            _receiveTimer.ArmAfter(CharacterTime);
        }
    }

    private void ReceiveNext()
    {
        if (_waiting.Count > 0 && Room > 0 && !Loopback)
        {
            Push(_waiting.Dequeue(), 0);
        }

        ScheduleReceive();
    }

    private void Push(byte value, byte errors)
    {
        if (Room <= 0)
        {
            _lineErrors |= Ns16550Fifo.Overrun;
            _tracer.GuestError(Name, "receiver overrun in loopback or by a break");
            if (!FifoEnabled)
            {
                // Without a FIFO the new character replaces the old one; the FIFO keeps what it has.
                _fifo.Clear();
                _fifo.Push(value, errors);
            }
        }
        else
        {
            _fifo.Push(value, errors);
        }

        _timeoutInterrupt = false;
        if (FifoEnabled)
        {
            _timeoutTimer.ArmAfter(FourCharacters());
        }

        LatchErrors();
        UpdateInterrupt();
    }

    // Errors show in LSR when their character is at the head of the FIFO.
    private void LatchErrors() => _lineErrors |= _fifo.TakeHeadErrors();

    private VirtualTime FourCharacters() => new(CharacterTime.Nanoseconds * 4);

    private void OnReceiveTimeout()
    {
        _timeoutInterrupt = _fifo.Count > 0;
        UpdateInterrupt();
    }

    // OUT2 gates the interrupt on PC-style boards; in loopback the pin is inactive only outside the chip, so its bit still counts.
    private void UpdateInterrupt() => _interrupt.Set((_modemControl & 8) != 0 && PendingInterrupt() != 1);
}
