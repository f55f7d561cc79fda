using Firmament.Core.State;

namespace Firmament.Devices.Display;

/// <summary>
/// The palette of a VGA (ports 0x3c6 to 0x3c9) and the screen's switch in the attribute controller (0x3c0, 0x3da). Components have six bits, or
/// eight when the DISPI enable register says so. Source: IBM PS/2 Hardware Interface Technical Reference, video subsystem.
/// </summary>
internal sealed class VgaPalette : IStateful
{
    private const byte ScreenOn = 0x20;

    private readonly byte[] _colors = new byte[256 * 3];
    private byte _mask = 0xff;
    private byte _attributeIndex = ScreenOn;
    private bool _attributeData;
    private bool _reading;
    private int _next;

    /// <summary>True while the attribute controller lets the picture through.</summary>
    public bool IsScreenOn => (_attributeIndex & ScreenOn) != 0;

    /// <summary>The colour of a pixel's value: red, green, blue, eight bits each.</summary>
    public (byte Red, byte Green, byte Blue) Color(byte pixel, bool hasEightBits)
    {
        int at = (pixel & _mask) * 3;
        return (Level(_colors[at], hasEightBits), Level(_colors[at + 1], hasEightBits), Level(_colors[at + 2], hasEightBits));
    }

    /// <summary>Reads a port from 0x3c0 to 0x3df.</summary>
    public byte Read(int port)
    {
        switch (port)
        {
            case 0x3c0:
                return _attributeIndex;
            case 0x3c6:
                return _mask;
            case 0x3c7:
                return (byte)(_reading ? 3 : 0);
            case 0x3c8:
                return (byte)(_next / 3);
            case 0x3c9:
                return Take();
            case 0x3da:
                _attributeData = false;
                return 0;
            default:
                return 0;
        }
    }

    /// <summary>Writes such a port.</summary>
    public void Write(int port, byte value)
    {
        switch (port)
        {
            case 0x3c0:
                // Index and data take turns; of the attributes only the switch in the index matters without text modes.
                _attributeIndex = _attributeData ? _attributeIndex : value;
                _attributeData = !_attributeData;
                break;
            case 0x3c6:
                _mask = value;
                break;
            case 0x3c7:
                (_next, _reading) = (value * 3, true);
                break;
            case 0x3c8:
                (_next, _reading) = (value * 3, false);
                break;
            case 0x3c9:
                _colors[_next] = value;
                _next = (_next + 1) % _colors.Length;
                break;
        }
    }

    /// <summary>As after power-on; the colours are the guest's to set.</summary>
    public void Reset()
    {
        Array.Clear(_colors);
        (_mask, _attributeIndex, _attributeData, _reading, _next) = (0xff, ScreenOn, false, false, 0);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Bytes("colors", _colors);
        state.Field("mask", ref _mask);
        state.Field("attribute-index", ref _attributeIndex);
        state.Field("attribute-data", ref _attributeData);
        state.Field("reading", ref _reading);
        state.Field("next", ref _next);
        _next = Math.Clamp(_next, 0, _colors.Length - 1);
    }

    private byte Take()
    {
        byte value = _colors[_next];
        _next = (_next + 1) % _colors.Length;
        return value;
    }

    private static byte Level(byte value, bool hasEightBits) => hasEightBits ? value : (byte)(((value & 0x3f) << 2) | ((value & 0x3f) >> 4));
}
