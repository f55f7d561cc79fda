using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The 82077AA floppy disk controller with no drive on its cable. Source: Intel 82077AA data sheet (290166), ports 0x3f0 to 0x3f7.
/// </summary>
/// <remarks>
/// Commands are parsed in full; seeks and recalibrations end with "equipment check", transfers with "missing address mark".
/// Quirk: a real chip waits for index pulses without end when no drive answers; this one gives its result at once.
/// Not modelled: drives, DMA, tape, perpendicular recording (kept as parameters only).
/// </remarks>
public sealed class I82077 : IMmioTarget, IStateful
{
    private const byte InvalidCommand = 0x80;
    private const byte AbnormalTermination = 0x40;

    private readonly InterruptLine _interrupt;
    private readonly Tracer _tracer;
    private readonly byte[] _command = new byte[10];
    private readonly byte[] _result = new byte[10];
    private readonly byte[] _specify = new byte[5];
    private byte _digitalOutput;
    private byte _dataRate;
    private byte _tape;
    private int _commandLength;
    private int _resultLength;
    private int _resultAt;
    private byte _senseStatus;
    private byte _senseCylinder;
    private int _resetSenses;
    private bool _sensePending;

    /// <summary>Makes a controller.</summary>
    public I82077(InterruptLine interrupt, Tracer tracer)
    {
        _interrupt = interrupt;
        _tracer = tracer;
        Reset();
    }

    private bool InReset => (_digitalOutput & 0x04) == 0;

    private bool InterruptsEnabled => (_digitalOutput & 0x08) != 0;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => offset switch
    {
        0 => (_interrupt.Level ? 0x80u : 0) | 0x40, // SRA: interrupt pending; no second drive
        1 => 0xc0, // SRB
        2 => _digitalOutput,
        3 => _tape,
        4 => InReset ? 0u : 0x80u | (_resultAt < _resultLength ? 0x50u : 0) | (_commandLength > 0 ? 0x10u : 0),
        5 => ReadResult(),
        7 => 0x80, // DIR: disk changed; nothing is in the drive
        _ => 0xff,
    };

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        byte data = (byte)value;
        switch (offset)
        {
            case 2:
                WriteDigitalOutput(data);
                break;
            case 3:
                _tape = (byte)(data & 3);
                break;
            case 4:
                _dataRate = (byte)(data & 0x7f);
                if ((data & 0x80) != 0)
                {
                    EndReset();
                }

                break;
            case 5:
                WriteCommand(data);
                break;
            case 7:
                _dataRate = (byte)((_dataRate & 0xfc) | (data & 3));
                break;
            default:
                break;
        }
    }

    /// <summary>Power-on state: the chip is held in reset until DOR bit 2 is set.</summary>
    public void Reset()
    {
        _digitalOutput = 0;
        _tape = 0;
        _dataRate = 2;
        Array.Clear(_specify);
        _commandLength = _resultLength = _resultAt = _resetSenses = 0;
        _senseStatus = _senseCylinder = 0;
        _sensePending = false;
        _interrupt.Lower();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("command", _command);
        state.Bytes("result", _result);
        state.Bytes("specify", _specify);
        state.Field("dor", ref _digitalOutput);
        state.Field("rate", ref _dataRate);
        state.Field("tape", ref _tape);
        state.Field("commandLength", ref _commandLength);
        state.Field("resultLength", ref _resultLength);
        state.Field("resultAt", ref _resultAt);
        state.Field("senseStatus", ref _senseStatus);
        state.Field("senseCylinder", ref _senseCylinder);
        state.Field("resetSenses", ref _resetSenses);
        state.Field("sensePending", ref _sensePending);
        _interrupt.VisitLevel(state, "interrupt");
        _commandLength = Math.Clamp(_commandLength, 0, _command.Length - 1);
        _resultLength = Math.Clamp(_resultLength, 0, _result.Length);
        _resultAt = Math.Clamp(_resultAt, 0, _resultLength);
    }

    // The number of bytes after the opcode (82077AA data sheet, table 5-1).
    private static int ParameterCount(int opcode) => opcode switch
    {
        0x03 => 2, // specify
        0x04 => 1, // sense drive status
        0x07 => 1, // recalibrate
        0x0a => 1, // read ID
        0x0d => 5, // format track
        0x0f => 2, // seek
        0x12 => 1, // perpendicular mode
        0x13 => 3, // configure
        0x02 or 0x05 or 0x06 or 0x09 or 0x0c or 0x11 or 0x16 or 0x19 or 0x1d => 8, // read, write, verify, scan
        _ => 0, // sense interrupt, dump registers, version, lock, invalid
    };

    private void WriteDigitalOutput(byte data)
    {
        bool wasInReset = InReset;
        _digitalOutput = data;
        if (InReset)
        {
            _commandLength = _resultLength = _resultAt = 0;
            _interrupt.Lower();
        }
        else if (wasInReset)
        {
            EndReset();
        }

        if (!InterruptsEnabled)
        {
            _interrupt.Lower();
        }
    }

    // After reset the chip polls its four drives and has an interrupt for each (data sheet 4.3, "drive polling").
    private void EndReset()
    {
        _commandLength = _resultLength = _resultAt = 0;
        _resetSenses = 4;
        RaiseInterrupt();
    }

    private void RaiseInterrupt()
    {
        if (InterruptsEnabled)
        {
            _interrupt.Raise();
        }
    }

    private void WriteCommand(byte data)
    {
        if (InReset || _resultAt < _resultLength)
        {
            return;
        }

        _command[_commandLength++] = data;
        int opcode = _command[0] & 0x1f;
        if (_commandLength > ParameterCount(opcode))
        {
            _commandLength = 0;
            Execute(opcode);
        }
    }

    private void Execute(int opcode)
    {
        byte drive = (byte)(_command[1] & 7);
        switch (opcode)
        {
            case 0x03:
                _specify[0] = _command[1];
                _specify[1] = _command[2];
                break;
            case 0x04:
                Result((byte)(0x28 | drive)); // ST3: two bits that always read 1; track 0 not seen
                break;
            case 0x07:
                // Seek end, abnormal termination, equipment check: no track 0 signal after 80 steps.
                Seek((byte)(0x70 | (drive & 3)), 0);
                break;
            case 0x08:
                SenseInterrupt();
                break;
            case 0x0e:
                Result(0, 0, 0, 0, _specify[0], _specify[1], 0, _specify[2], _specify[3], _specify[4]);
                break;
            case 0x0f:
                Seek((byte)(0x20 | drive), _command[2]);
                break;
            case 0x10:
                Result(0x90); // version: 82077 or enhanced
                break;
            case 0x12:
                break;
            case 0x13:
                _specify[3] = _command[2];
                _specify[4] = _command[3];
                break;
            case 0x14:
                Result((byte)((_command[0] & 0x80) != 0 ? 0x10 : 0)); // lock
                break;
            case 0x0a or 0x0d or 0x02 or 0x05 or 0x06 or 0x09 or 0x0c or 0x11 or 0x16 or 0x19 or 0x1d:
                _tracer.GuestError("floppy", $"command 0x{opcode:x2} to drive {drive & 3}: no drive is connected");
                Result((byte)(AbnormalTermination | drive), 0x01, 0, _command[2], _command[3], _command[4], _command[5]);
                RaiseInterrupt();
                break;
            default:
                Result(InvalidCommand);
                break;
        }
    }

    private void Seek(byte status, byte cylinder)
    {
        _senseStatus = status;
        _senseCylinder = cylinder;
        _sensePending = true;
        RaiseInterrupt();
    }

    private void SenseInterrupt()
    {
        _interrupt.Lower();
        if (_resetSenses > 0)
        {
            Result((byte)(0xc0 | (4 - _resetSenses--)), 0);
        }
        else if (_sensePending)
        {
            _sensePending = false;
            Result(_senseStatus, _senseCylinder);
        }
        else
        {
            Result(InvalidCommand);
        }
    }

    private void Result(params ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_result);
        _resultLength = bytes.Length;
        _resultAt = 0;
    }

    private byte ReadResult()
    {
        if (_resultAt >= _resultLength)
        {
            return 0;
        }

        _interrupt.Lower();
        return _result[_resultAt++];
    }
}
