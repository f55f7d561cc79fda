using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Input;

/// <summary>
/// The 8042 keyboard controller of a PS/2, with keyboard and mouse: ports 0x60 (data) and 0x64 (status, command), IRQ 1 and 12.
/// Source: IBM PS/2 Hardware Interface Technical Reference, keyboard and auxiliary device controller.
/// </summary>
/// <remarks>Not modelled: the serial wire's timing (a byte is there as soon as the last was read), passwords, the A20 gate's effect.</remarks>
public sealed class I8042 : IStateful
{
    private const byte OutputFull = 0x01;
    private const byte SystemFlag = 0x04;
    private const byte LastWasCommand = 0x08;
    private const byte NotInhibited = 0x10;
    private const byte AuxiliaryData = 0x20;
    private const byte OutputPortReset = 0xcf;

    private readonly InterruptLine _keyboardInterrupt;
    private readonly InterruptLine _mouseInterrupt;
    private readonly Tracer _tracer;
    private readonly Port _dataPort;
    private readonly Port _commandPort;
    private readonly byte[] _memory = new byte[32];
    private byte _status;
    private byte _output;
    private byte _pendingCommand;
    private byte _outputPort;
    private bool _breakPending;

    /// <summary>Makes a controller with both devices plugged in.</summary>
    public I8042(InterruptLine keyboardInterrupt, InterruptLine mouseInterrupt, Scheduler scheduler, Tracer tracer)
    {
        _keyboardInterrupt = keyboardInterrupt;
        _mouseInterrupt = mouseInterrupt;
        _tracer = tracer;
        _dataPort = new Port(ReadData, WriteData);
        _commandPort = new Port(() => _status, WriteCommand);
        Keyboard = new Ps2Keyboard(scheduler, Fill);
        Mouse = new Ps2Mouse(scheduler, Fill);
        Reset();
    }

    /// <summary>The keyboard.</summary>
    public Ps2Keyboard Keyboard { get; }

    /// <summary>The mouse.</summary>
    public Ps2Mouse Mouse { get; }

    /// <summary>Called when software pulses the reset line (output port bit 0).</summary>
    public Action? ResetRequested { get; set; }

    /// <summary>Called with the level of the A20 gate (output port bit 1) when it changes.</summary>
    public Action<bool>? A20Changed { get; set; }

    private byte CommandByte
    {
        get => _memory[0];
        set => _memory[0] = value;
    }

    private bool KeyboardDisabled => (CommandByte & 0x10) != 0;

    private bool MouseDisabled => (CommandByte & 0x20) != 0;

    private bool Translating => (CommandByte & 0x40) != 0;

    /// <summary>Claims the ports.</summary>
    public void Map(IsaBus isa)
    {
        isa.Map("i8042 data", 0x60, 1, _dataPort);
        isa.Map("i8042 command", 0x64, 1, _commandPort);
    }

    /// <summary>Power-on state: as left by the controller's self test, interrupts on, translating.</summary>
    public void Reset()
    {
        Array.Clear(_memory);
        CommandByte = 0x47;
        _status = SystemFlag | NotInhibited;
        _output = _pendingCommand = 0;
        _outputPort = OutputPortReset;
        _breakPending = false;
        Keyboard.Reset();
        Mouse.Reset();
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("memory", _memory);
        state.Field("status", ref _status);
        state.Field("output", ref _output);
        state.Field("pendingCommand", ref _pendingCommand);
        state.Field("outputPort", ref _outputPort);
        state.Field("breakPending", ref _breakPending);
        state.Component("keyboard", Keyboard);
        state.Component("mouse", Mouse);
        _keyboardInterrupt.VisitLevel(state, "irq1");
        _mouseInterrupt.VisitLevel(state, "irq12");
    }

    private byte ReadData()
    {
        byte value = _output;
        _status &= unchecked((byte)~(OutputFull | AuxiliaryData));
        UpdateInterrupts();
        Fill();
        return value;
    }

    private void WriteData(byte value)
    {
        byte command = _pendingCommand;
        _pendingCommand = 0;
        _status &= unchecked((byte)~LastWasCommand);
        switch (command)
        {
            case 0:
                // Data for the keyboard; the controller switches its clock on.
                CommandByte &= 0xef;
                Keyboard.Command(value);
                break;
            case >= 0x60 and <= 0x7f:
                _memory[command & 0x1f] = value;
                if (command == 0x60)
                {
                    _status = (byte)((_status & ~SystemFlag) | (value & SystemFlag));
                }

                UpdateInterrupts();
                break;
            case 0xd1:
                WriteOutputPort(value);
                break;
            case 0xd2:
                SetOutput(value, auxiliary: false);
                break;
            case 0xd3:
                SetOutput(value, auxiliary: true);
                break;
            default: // 0xd4
                CommandByte &= 0xdf;
                Mouse.Command(value);
                break;
        }

        Fill();
    }

    private void WriteCommand(byte command)
    {
        _status |= LastWasCommand;
        _pendingCommand = 0;
        switch (command)
        {
            case <= 0x1f:
                // Aliases of 0x20 to 0x3f on the PS/2 controller.
                SetOutput(_memory[command], auxiliary: false);
                break;
            case <= 0x3f:
                SetOutput(_memory[command & 0x1f], auxiliary: false);
                break;
            case <= 0x5f:
                _tracer.GuestError("i8042", $"command 0x{command:x2} is not modelled");
                break;
            case <= 0x7f:
                _pendingCommand = command;
                break;
            case 0xa4:
                SetOutput(0xf1, auxiliary: false); // no password installed
                break;
            case 0xa7:
                CommandByte |= 0x20;
                break;
            case 0xa8:
                CommandByte &= 0xdf;
                break;
            case 0xa9 or 0xab:
                SetOutput(0x00, auxiliary: false); // the port's lines are good
                break;
            case 0xaa:
                _status |= SystemFlag;
                SetOutput(0x55, auxiliary: false);
                break;
            case 0xad:
                CommandByte |= 0x10;
                break;
            case 0xae:
                CommandByte &= 0xef;
                break;
            case 0xc0:
                SetOutput(0x80, auxiliary: false); // input port: keyboard not locked
                break;
            case 0xd0:
                SetOutput(OutputPort(), auxiliary: false);
                break;
            case 0xd1 or 0xd2 or 0xd3 or 0xd4:
                _pendingCommand = command;
                break;
            case 0xdd:
                WriteOutputPort((byte)(_outputPort & 0xfd));
                break;
            case 0xdf:
                WriteOutputPort((byte)(_outputPort | 0x02));
                break;
            case 0xe0:
                SetOutput(0x03, auxiliary: false); // test inputs: both clocks high
                break;
            case >= 0xf0:
                // Pulses output port bits 3:0 whose command bits are 0; bit 0 is the reset line.
                if ((command & 1) == 0)
                {
                    ResetRequested?.Invoke();
                }

                break;
            default:
                _tracer.GuestError("i8042", $"command 0x{command:x2} is not modelled");
                break;
        }

        Fill();
    }

    private byte OutputPort() =>
        (byte)((_outputPort & 0xcf) | (_keyboardInterrupt.Level ? 0x10 : 0) | (_mouseInterrupt.Level ? 0x20 : 0));

    private void WriteOutputPort(byte value)
    {
        byte changed = (byte)(value ^ _outputPort);
        _outputPort = value;
        if ((changed & 2) != 0)
        {
            A20Changed?.Invoke((value & 2) != 0);
        }

        if ((value & 1) == 0)
        {
            ResetRequested?.Invoke();
        }
    }

    private void SetOutput(byte value, bool auxiliary)
    {
        // The edge the controller's input needs: an answer that replaces an unread byte lowers the line first.
        _status &= unchecked((byte)~(OutputFull | AuxiliaryData));
        UpdateInterrupts();
        _output = value;
        _status |= auxiliary ? (byte)(OutputFull | AuxiliaryData) : OutputFull;
        UpdateInterrupts();
    }

    // Moves the next byte of a device into the output register when that is empty. The keyboard goes first.
    private void Fill()
    {
        while ((_status & OutputFull) == 0 && Keyboard.HasByte && !KeyboardDisabled)
        {
            byte value = Keyboard.TakeByte();
            if (!Translating)
            {
                SetOutput(value, auxiliary: false);
            }
            else if (ScanCodes.Translate(value, ref _breakPending) is { } translated)
            {
                SetOutput(translated, auxiliary: false);
            }
        }

        if ((_status & OutputFull) == 0 && Mouse.HasByte && !MouseDisabled)
        {
            SetOutput(Mouse.TakeByte(), auxiliary: true);
        }
    }

    private void UpdateInterrupts()
    {
        bool full = (_status & OutputFull) != 0;
        bool auxiliary = (_status & AuxiliaryData) != 0;
        _keyboardInterrupt.Set(full && !auxiliary && (CommandByte & 1) != 0);
        _mouseInterrupt.Set(full && auxiliary && (CommandByte & 2) != 0);
    }

    /// <summary>One 8-bit port.</summary>
    private sealed class Port(Func<byte> read, Action<byte> write) : IMmioTarget
    {
        public ulong Read(ulong offset, int size) => read();

        public void Write(ulong offset, ulong value, int size) => write((byte)value);
    }
}
