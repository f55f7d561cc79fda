using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses;

/// <summary>
/// One 8237A DMA controller: all registers behave as the data sheet says. Source: Intel 8237A data sheet (231466).
/// Not modelled: transfers. No device here asserts DREQ, so no channel ever reaches terminal count; software requests are kept and never serviced.
/// </summary>
/// <param name="portStep">Distance of registers in ports: 1 for channels 0 to 3, 2 for channels 4 to 7.</param>
internal sealed class I8237(int portStep) : IMmioTarget, IStateful
{
    private readonly byte[] _base = new byte[16];
    private readonly byte[] _current = new byte[16];
    private readonly byte[] _mode = new byte[4];
    private byte _command;
    private byte _request;
    private byte _mask = 0x0f;
    private bool _highByte;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        int register = (int)offset / portStep;
        if (register < 8)
        {
            int index = (register * 2) + (_highByte ? 1 : 0);
            _highByte = !_highByte;
            return _current[index];
        }

        return register switch
        {
            8 => (uint)_request << 4, // status: requests pending; no channel reached terminal count
            15 => (uint)_mask | 0xf0,
            _ => 0, // 13: temporary register, used by memory-to-memory transfers only
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        int register = (int)offset / portStep;
        byte data = (byte)value;
        int channel = data & 3;
        switch (register)
        {
            case < 8:
                int index = (register * 2) + (_highByte ? 1 : 0);
                _highByte = !_highByte;
                _base[index] = _current[index] = data;
                break;
            case 8:
                _command = data;
                break;
            case 9:
                SetBit(ref _request, channel, (data & 4) != 0);
                break;
            case 10:
                SetBit(ref _mask, channel, (data & 4) != 0);
                break;
            case 11:
                _mode[channel] = data;
                break;
            case 12:
                _highByte = false;
                break;
            case 13:
                Reset();
                break;
            case 14:
                _mask = 0;
                break;
            default:
                _mask = (byte)(data & 0x0f);
                break;
        }
    }

    /// <summary>Master clear: as the RESET pin.</summary>
    public void Reset()
    {
        _command = _request = 0;
        _mask = 0x0f;
        _highByte = false;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("base", _base);
        state.Bytes("current", _current);
        state.Bytes("mode", _mode);
        state.Field("command", ref _command);
        state.Field("request", ref _request);
        state.Field("mask", ref _mask);
        state.Field("highByte", ref _highByte);
    }

    private static void SetBit(ref byte register, int bit, bool set) =>
        register = (byte)(set ? register | (1 << bit) : register & ~(1 << bit));
}
