using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The PC parallel port (SPP) with nothing plugged in: data, status, control. Source: IBM PC/AT Technical Reference, printer adapter.
/// </summary>
/// <remarks>Not modelled: a printer, EPP and ECP modes. The status lines are pulled up, so BUSY (inverted) reads 0 and the interrupt never comes.</remarks>
public sealed class ParallelPort : IMmioTarget, IStateful
{
    private byte _data;
    private byte _control;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => offset switch
    {
        // With the direction bit set the data lines float high.
        0 => (_control & 0x20) != 0 ? 0xffu : _data,
        1 => 0x7f,
        2 => (uint)_control | 0xc0,
        _ => 0xff,
    };

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        if (offset == 0)
        {
            _data = (byte)value;
        }
        else if (offset == 2)
        {
            _control = (byte)(value & 0x3f);
        }
    }

    /// <summary>Power-on state.</summary>
    public void Reset()
    {
        _data = 0;
        _control = 0x0c;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("data", ref _data);
        state.Field("control", ref _control);
    }
}
