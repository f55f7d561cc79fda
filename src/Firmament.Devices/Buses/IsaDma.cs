using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses;

/// <summary>The two DMA controllers of a PC and their page registers: ports 0x00–0x0f, 0x80–0x8f, 0xc0–0xdf.</summary>
/// <remarks>Not modelled: transfers (see <see cref="I8237"/>).</remarks>
public sealed class IsaDma : IMmioTarget, IStateful
{
    private readonly I8237 _first = new(1);
    private readonly I8237 _second = new(2);
    private readonly byte[] _pages = new byte[16];

    /// <summary>Claims the ports.</summary>
    public void Map(IsaBus isa)
    {
        isa.Map("dma 0-3", 0x00, 0x10, _first);
        isa.Map("dma page", 0x80, 0x10, this);
        isa.Map("dma 4-7", 0xc0, 0x20, _second);
    }

    /// <summary>A page register; those that no channel uses are plain bytes (0x80 is the POST code).</summary>
    public ulong Read(ulong offset, int size) => _pages[offset & 15];

    /// <summary>Writes a page register.</summary>
    public void Write(ulong offset, ulong value, int size) => _pages[offset & 15] = (byte)value;

    /// <summary>Power-on state.</summary>
    public void Reset()
    {
        _first.Reset();
        _second.Reset();
        Array.Clear(_pages);
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Component("first", _first);
        state.Component("second", _second);
        state.Bytes("pages", _pages);
    }
}
