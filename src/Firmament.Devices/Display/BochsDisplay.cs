using System.Runtime.InteropServices;
using Firmament.Core.Io;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Display;

/// <summary>
/// The display card of Bochs and QEMU: memory in BAR 0, and in BAR 2 the monitor's EDID, VGA ports, the DISPI mode registers and the byte order of
/// pixels. Source: QEMU's docs/specs/standard-vga; Bochs' VBE display interface.
/// </summary>
/// <remarks>
/// Not modelled: text modes and planes of a VGA, its legacy ports and memory (0x3c0, 0xa0000) on the bus, banks, modes of 4 bits.
/// Quirk: bochs-display has the palette of a VGA here too, so that firmware can draw with 8 bits on both kinds.
/// </remarks>
public sealed partial class BochsDisplay : PciFunction, IMmioTarget, IDisposable
{
    /// <summary>Bytes of a card's memory when nobody says otherwise.</summary>
    public const uint DefaultMemory = 16 << 20;

    private const int RegisterBytes = 4096;
    private const uint FirstVgaPort = 0x400;
    private const uint LastVgaPort = 0x41f;
    private const uint FirstDispi = 0x500;
    private const uint LastDispi = 0x515;

    private readonly GuestMemory _memory;
    private readonly VgaPalette _palette = new();
    private readonly byte[] _edid;
    private readonly bool _startsBigEndian;
    private readonly Tracer _tracer;
    private readonly ushort[] _dispi = new ushort[DispiRegisters];
    private bool _isBigEndian;

    /// <summary>Makes a card.</summary>
    /// <param name="name">For traces and saved state; unique on its bus.</param>
    /// <param name="kind">Which of QEMU's cards it is.</param>
    /// <param name="tracer">For guest mistakes.</param>
    /// <param name="memoryBytes">Bytes of its memory, a power of two from 1 MiB to 256 MiB.</param>
    /// <param name="width">Pixels of the mode its monitor likes best, 320 to 4095.</param>
    /// <param name="height">Rows of it, 200 to 4095.</param>
    public BochsDisplay(string name, BochsDisplayKind kind, Tracer tracer, uint memoryBytes = DefaultMemory, int width = 1280, int height = 800)
        : base(0x1234, 0x1111, kind == BochsDisplayKind.Vga ? 0x03_0000u : 0x03_8000u, 2)
    {
        Name = name;
        _tracer = tracer;
        _memory = new GuestMemory(memoryBytes);
        _edid = Edid.For(width, height);

        // A VGA of QEMU's starts in its target's byte order, which is PowerPC's; the card without legacy starts as PCI is.
        _startsBigEndian = kind != BochsDisplayKind.BochsDisplay;
        Define16(0x2c, 0x1af4, 0);
        Define16(0x2e, 0x1100, 0);
        DefineBar(0, PciSpace.Memory, memoryBytes, new FramebufferMemory(_memory));
        DefineBar(2, PciSpace.Memory, RegisterBytes, this);
        ResetRegisters();
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The registers of BAR 2 that have a name, 16 bits wide up to 0x515, then 32.</summary>
    public static IEnumerable<Register<BochsDisplay>> RegisterRows => Registers;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (int done = 0; done < size;)
        {
            uint at = (uint)offset + (uint)done;
            int step = at is >= FirstDispi and <= LastDispi && at % 2 == 0 && size - done >= 2 ? 2 : at >= LastDispi && at % 4 == 0 && size - done >= 4 ? 4 : 1;
            value |= (ulong)ReadPart(at, step) << (8 * done);
            done += step;
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, ulong value, int size)
    {
        uint at = (uint)offset;
        if (at is >= FirstVgaPort and <= LastVgaPort)
        {
            for (int i = 0; i < size; i++)
            {
                _palette.Write(0x3c0 + (int)(at - FirstVgaPort) + i, (byte)(value >> (8 * i)));
            }
        }
        else if (at is >= FirstDispi and <= LastDispi)
        {
            // Registers have 16 bits; a byte alone goes to its half, as on a bus with byte lanes.
            for (int done = 0; done < size; done += 2)
            {
                uint part = size == 1 ? Merge(at, (byte)value) : (ushort)(value >> (8 * done));
                _ = Registers.TryWrite(this, (at & ~1u) + (uint)done, part);
            }
        }
        else if (!Registers.TryWrite(this, at, (uint)value))
        {
            _tracer.GuestError(Name, $"write of {size} bytes at register 0x{at:x}: there is none");
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _palette.Reset();
        _ = _memory.TryFill(new PhysicalAddress(0), _memory.Size, 0);
        ResetRegisters();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("memory", _memory);
        state.Component("palette", _palette);
        state.Bytes("dispi", MemoryMarshal.AsBytes(_dispi.AsSpan()));
        state.Field("big-endian", ref _isBigEndian);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private uint ReadPart(uint at, int size)
    {
        if (at < Edid.Length)
        {
            return _edid[at];
        }

        if (at is >= FirstVgaPort and <= LastVgaPort)
        {
            return _palette.Read(0x3c0 + (int)(at - FirstVgaPort));
        }

        uint aligned = at >= 0x600 ? at & ~3u : at & ~1u;
        return Registers.TryRead(this, aligned, out uint value) ? value >> (int)(8 * (at - aligned)) & (uint.MaxValue >> (32 - (8 * size))) : 0;
    }

    private uint Merge(uint at, byte value)
    {
        _ = Registers.TryRead(this, at & ~1u, out uint old);
        int shift = (int)(8 * (at & 1));
        return (old & ~(0xffu << shift)) | ((uint)value << shift);
    }
}
