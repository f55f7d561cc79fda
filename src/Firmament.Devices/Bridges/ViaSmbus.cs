using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The SMBus host controller of function 4: 16 ports. One slave answers: an EEPROM (SPD) at address 0x57. Source: VIA VT82C686B data sheet, SMBus I/O space.
/// </summary>
/// <remarks>Commands complete at once. Not modelled: the slave controller, interrupts, a block length above 32.</remarks>
internal sealed class ViaSmbus(byte[] eeprom) : IMmioTarget, IStateful
{
    private const int EepromAddress = 0x57;
    private const byte Done = 0x02;
    private const byte DeviceError = 0x04;

    private readonly byte[] _block = new byte[32];
    private byte _status;
    private byte _control;
    private byte _command;
    private byte _address;
    private byte _data0;
    private byte _data1;
    private byte _blockAt;
    private byte _eepromAt;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        switch (offset)
        {
            case 0:
                return _status;
            case 2:
                _blockAt = 0; // reading the control register rewinds the block pointer
                return _control;
            case 3:
                return _command;
            case 4:
                return _address;
            case 5:
                return _data0;
            case 6:
                return _data1;
            case 7:
                return _block[_blockAt++ & 31];
            default:
                return 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        byte data = (byte)value;
        switch (offset)
        {
            case 0:
                _status &= (byte)~(data & 0x1e);
                break;
            case 2:
                _control = (byte)(data & 0x1f);
                if ((data & 0x40) != 0)
                {
                    _status |= Execute() ? Done : DeviceError;
                }

                break;
            case 3:
                _command = data;
                break;
            case 4:
                _address = data;
                break;
            case 5:
                _data0 = data;
                break;
            case 6:
                _data1 = data;
                break;
            case 7:
                _block[_blockAt++ & 31] = data;
                break;
            default:
                break;
        }
    }

    public void Reset()
    {
        _status = _control = _command = _address = _data0 = _data1 = _blockAt = _eepromAt = 0;
        Array.Clear(_block);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("block", _block);
        state.Field("status", ref _status);
        state.Field("control", ref _control);
        state.Field("command", ref _command);
        state.Field("address", ref _address);
        state.Field("data0", ref _data0);
        state.Field("data1", ref _data1);
        state.Field("blockAt", ref _blockAt);
        state.Field("eepromAt", ref _eepromAt);
    }

    // False when no slave acknowledges. The EEPROM is write protected: it takes data and keeps none.
    private bool Execute()
    {
        if (_address >> 1 != EepromAddress)
        {
            return false;
        }

        bool read = (_address & 1) != 0;
        switch ((_control >> 2) & 7)
        {
            case 0: // quick
                return true;
            case 1: // byte: sends the address, or receives the byte there
                if (read)
                {
                    _data0 = eeprom[_eepromAt++];
                }
                else
                {
                    _eepromAt = _command;
                }

                return true;
            case 2: // byte data
                if (read)
                {
                    _data0 = eeprom[_command];
                }

                return true;
            case 3: // word data
                if (read)
                {
                    _data0 = eeprom[_command];
                    _data1 = eeprom[(byte)(_command + 1)];
                }

                return true;
            case 5: // block
                if (read)
                {
                    _data0 = 32;
                    for (int i = 0; i < 32; i++)
                    {
                        _block[i] = eeprom[(byte)(_command + i)];
                    }

                    _blockAt = 0;
                }

                return true;
            default:
                return false;
        }
    }
}
