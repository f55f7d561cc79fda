using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The SuperIO configuration registers behind index port 0x3f0 and data port 0x3f1: f0 ID, f1 revision, f2 function select (1:0 parallel mode, 3 = off;
/// 2 serial; 4 floppy), f4 serial, f6 parallel, f7 floppy base (port = value × 4). Source: pegasos2.md section 4.
/// </summary>
/// <param name="changed">Called when a base or the function select was written.</param>
internal sealed class Vt8231SuperIo(Action changed) : IMmioTarget, IStateful
{
    private readonly byte[] _registers = new byte[256];
    private byte _index;

    public bool SerialEnabled => (_registers[0xf2] & 0x04) != 0;

    public bool ParallelEnabled => (_registers[0xf2] & 0x03) != 3;

    public bool FloppyEnabled => (_registers[0xf2] & 0x10) != 0;

    public uint SerialPort => (uint)_registers[0xf4] << 2;

    public uint ParallelPort => (uint)_registers[0xf6] << 2;

    public uint FloppyPort => (uint)_registers[0xf7] << 2;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => offset == 0 ? _index : _registers[_index];

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (offset == 0)
        {
            _index = (byte)value;
            return;
        }

        switch (_index)
        {
            case < 0xe0 or (>= 0xe7 and <= 0xf1) or 0xf5 or 0xf8 or 0xfd:
                return; // read only or reserved
            case 0xf2:
                _registers[0xf2] = (byte)(value & 0x17);
                break;
            case 0xf4:
                _registers[0xf4] = (byte)(value & 0xfe);
                break;
            case 0xf7:
                _registers[0xf7] = (byte)(value & 0xfc);
                break;
            default:
                _registers[_index] = (byte)value;
                break;
        }

        changed();
    }

    /// <summary>Power-on values: everything disabled.</summary>
    public void Reset()
    {
        Array.Clear(_registers);
        _index = 0;
        _registers[0xf0] = 0x3c;
        _registers[0xf1] = 0x01;
        _registers[0xf2] = 0x03;
        _registers[0xf4] = 0xfe;
        _registers[0xf6] = 0xde;
        _registers[0xf7] = 0xfc;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("index", ref _index);
        state.Bytes("registers", _registers);
    }
}
