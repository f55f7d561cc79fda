using System.Buffers.Binary;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Devices.Buses;

/// <summary>
/// One function of a PCI device: a 256-byte configuration space with its write masks, up to six BARs, one interrupt pin.
/// Source: PCI Local Bus Specification 2.2, chapter 6.
/// </summary>
public abstract class PciFunction : IStateful
{
    private readonly byte[] _config = new byte[256];
    private readonly byte[] _writable = new byte[256];
    private readonly byte[] _writeOneToClear = new byte[256];
    private readonly byte[] _reset = new byte[256];
    private readonly PciBar?[] _bars = new PciBar?[6];
    private int _lastCapabilityLink = 0x34;
    private MsixTable? _msix;
    private MsiCapability? _msi;
    private PciBar? _rom;

    /// <summary>Fills the fixed part of the header.</summary>
    /// <param name="vendor">Vendor ID.</param>
    /// <param name="device">Device ID.</param>
    /// <param name="classCode">24 bits: base class, sub-class, programming interface.</param>
    /// <param name="revision">Revision ID.</param>
    protected PciFunction(ushort vendor, ushort device, uint classCode, byte revision)
    {
        Define16(0x00, vendor, 0);
        Define16(0x02, device, 0);
        Define16(0x04, 0, 0x0547);
        Define16(0x06, 0, 0, writeOneToClear: 0xf900);
        Define8(0x08, revision, 0);
        Define8(0x09, (byte)classCode, 0);
        Define8(0x0a, (byte)(classCode >> 8), 0);
        Define8(0x0b, (byte)(classCode >> 16), 0);
        Define8(0x0c, 0, 0xff);
        Define8(0x0d, 0, 0xf8);
        Define8(0x3c, 0, 0xff);
    }

    /// <summary>For traces and saved state; unique on its bus.</summary>
    public abstract string Name { get; }

    /// <summary>The bus it was placed on.</summary>
    public PciBus? Bus { get; internal set; }

    /// <summary>Device number × 8 + function number.</summary>
    public int DevFn { get; internal set; }

    /// <summary>The raw configuration space.</summary>
    public ReadOnlySpan<byte> Config => _config;

    /// <summary>The BARs, by index 0 to 5; null where there is none.</summary>
    public IReadOnlyList<PciBar?> Bars => _bars;

    /// <summary>The expansion ROM, or null where there is none. It shares nothing with <see cref="Bars"/> but the way it is placed.</summary>
    public PciBar? Rom => _rom;

    /// <summary>0 = no interrupt pin, 1 = INTA … 4 = INTD (register 0x3d).</summary>
    public int InterruptPin => _config[0x3d];

    /// <summary>The wire of the interrupt pin; set when the function is placed on a bus.</summary>
    public InterruptLine Interrupt { get; internal set; } = InterruptLine.Unconnected;

    /// <summary>The function's MSI-X table, or null when it has none.</summary>
    public MsixTable? Msix => _msix;

    /// <summary>The function's MSI capability, or null when it has none.</summary>
    public MsiCapability? Msi => _msi;

    /// <summary>System memory for bus mastering; accesses fail while the command register's master bit is clear.</summary>
    public IDmaSpace Dma => new MasterDma(this, null);

    /// <summary>The command register.</summary>
    public ushort Command => BinaryPrimitives.ReadUInt16LittleEndian(_config.AsSpan(4));

    /// <summary>Reads configuration space. <paramref name="size"/> is 1, 2 or 4; the value is little-endian numbered.</summary>
    public virtual uint ReadConfig(int offset, int size)
    {
        uint value = 0;
        for (int i = 0; i < size && offset + i < 256; i++)
        {
            value |= (uint)_config[offset + i] << (8 * i);
        }

        return value;
    }

    /// <summary>Writes configuration space through the write masks; BAR and command changes remap at once.</summary>
    public virtual void WriteConfig(int offset, uint value, int size)
    {
        for (int i = 0; i < size && offset + i < 256; i++)
        {
            int at = offset + i;
            byte b = (byte)(value >> (8 * i));
            _config[at] = (byte)((_config[at] & ~_writable[at]) | (b & _writable[at]));
            _config[at] &= (byte)~(b & _writeOneToClear[at]);
        }

        if ((offset < 0x28 && offset + size > 0x04) || (_rom != null && offset < PciBar.RomRegister + 4 && offset + size > PciBar.RomRegister))
        {
            Bus?.Remap(this);
        }

        _msix?.ControlChanged();
    }

    /// <summary>Puts configuration space and device registers to their power-on values.</summary>
    public virtual void Reset()
    {
        _reset.CopyTo(_config, 0);
        _msix?.Reset();
        Interrupt.Lower();
        Bus?.Remap(this);
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Bytes("config", _config);
        if (_msix != null)
        {
            state.Component("msix", _msix);
        }

        bool level = Interrupt.Level;
        state.Field("interrupt", ref level);
        if (state.IsLoading)
        {
            Interrupt.Restore(level);
            Bus?.Remap(this);
        }
    }

    /// <summary>Declares a BAR. Call from the constructor.</summary>
    /// <param name="index">0 to 5.</param>
    /// <param name="space">I/O or memory.</param>
    /// <param name="size">Bytes, a power of two; at least 4 for I/O and 16 for memory.</param>
    /// <param name="target">Answers accesses; offsets are relative to the BAR; little-endian.</param>
    /// <param name="is64Bit">A memory BAR that also takes the next register, for addresses above 4 GiB; prefetchable.</param>
    protected PciBar DefineBar(int index, PciSpace space, uint size, IMmioTarget target, bool is64Bit = false)
    {
        const uint Prefetchable64 = 0xc;
        PciBar bar = new(this, index, space, size, target, is64Bit);
        _bars[index] = bar;
        uint mask = ~(size - 1);
        if (is64Bit)
        {
            Define32(0x10 + (4 * index), Prefetchable64, mask & 0xffff_fff0);
            Define32(0x14 + (4 * index), 0, uint.MaxValue);
            return bar;
        }

        Define32(0x10 + (4 * index), space == PciSpace.Io ? 1u : 0u, space == PciSpace.Io ? mask & 0xffff_fffc : mask & 0xffff_fff0);
        return bar;
    }

    /// <summary>Gives the card an expansion ROM (PCI 2.2 6.2.5.2). Call before the machine's first reset.</summary>
    /// <param name="contents">1 byte to <see cref="PciRom.MostBytes"/>; the register covers the next power of two.</param>
    public void PlugRom(ReadOnlyMemory<byte> contents)
    {
        PciRom rom = new(contents);
        _rom = new PciBar(this, PciBar.RomIndex, PciSpace.Memory, rom.Length, rom, is64Bit: false);
        Define32(PciBar.RomRegister, 0, ~(rom.Length - 1) | 1);
    }

    /// <summary>Appends a capability to the function's list (PCI 2.2 6.7), read-only. Call from the constructor.</summary>
    /// <param name="offset">Where it goes: 0x40 or above, a multiple of 4.</param>
    /// <param name="id">Capability ID.</param>
    /// <param name="body">The bytes after the ID and the link.</param>
    protected void DefineCapability(int offset, byte id, ReadOnlySpan<byte> body)
    {
        _reset[0x06] |= 0x10;
        _config[0x06] |= 0x10;
        Define8(_lastCapabilityLink, (byte)offset, 0);
        Define8(offset, id, 0);
        Define8(offset + 1, 0, 0);
        for (int i = 0; i < body.Length; i++)
        {
            Define8(offset + 2 + i, body[i], 0);
        }

        _lastCapabilityLink = offset + 1;
    }

    /// <summary>Declares an MSI-X capability with its table and pending bits in a memory BAR of their own. Call from the constructor.</summary>
    /// <param name="offset">Where the capability goes, 12 bytes.</param>
    /// <param name="bar">The BAR, 0 to 5.</param>
    /// <param name="vectors">1 to <see cref="MsixTable.MostVectors"/>.</param>
    protected MsixTable DefineMsix(int offset, int bar, int vectors)
    {
        _msix = new MsixTable(this, offset, vectors);
        DefineBar(bar, PciSpace.Memory, MsixTable.Length, _msix);
        DefineCapability(
            offset, MsixTable.CapabilityId, [(byte)(vectors - 1), 0, (byte)bar, 0, 0, 0, (byte)bar, (byte)(MsixTable.PendingOffset >> 8), 0, 0]);
        Define16(offset + 2, (ushort)(vectors - 1), 0xc000);
        return _msix;
    }

    /// <summary>Declares an MSI capability. Call from the constructor.</summary>
    /// <param name="offset">Where the capability goes, 14 bytes.</param>
    /// <param name="vectors">1, 2, 4, 8, 16 or 32.</param>
    protected MsiCapability DefineMsi(int offset, int vectors)
    {
        _msi = new MsiCapability(this, offset, vectors);
        DefineCapability(offset, MsiCapability.CapabilityId, new byte[MsiCapability.BodyLength]);
        Define16(offset + 2, MsiCapability.InitialControl(vectors), MsiCapability.WritableControl);
        Define32(offset + 4, 0, 0xffff_fffc);
        Define32(offset + 8, 0, uint.MaxValue);
        Define16(offset + 12, 0, ushort.MaxValue);
        return _msi;
    }

    /// <summary>Declares a byte of configuration space: power-on value and which bits software can write.</summary>
    protected void Define8(int offset, byte reset, byte writable, byte writeOneToClear = 0)
    {
        _config[offset] = _reset[offset] = reset;
        _writable[offset] = writable;
        _writeOneToClear[offset] = writeOneToClear;
    }

    /// <summary>Declares a little-endian 16-bit register of configuration space.</summary>
    protected void Define16(int offset, ushort reset, ushort writable, ushort writeOneToClear = 0)
    {
        Define8(offset, (byte)reset, (byte)writable, (byte)writeOneToClear);
        Define8(offset + 1, (byte)(reset >> 8), (byte)(writable >> 8), (byte)(writeOneToClear >> 8));
    }

    /// <summary>Declares a little-endian 32-bit register of configuration space.</summary>
    protected void Define32(int offset, uint reset, uint writable)
    {
        Define16(offset, (ushort)reset, (ushort)writable);
        Define16(offset + 2, (ushort)(reset >> 16), (ushort)(writable >> 16));
    }

    /// <summary>Sets bytes of configuration space past the write masks (status bits, hardware-owned registers).</summary>
    protected internal void Poke(int offset, uint value, int size)
    {
        for (int i = 0; i < size; i++)
        {
            _config[offset + i] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>Memory other than the bus's own as a bus master reaches it.</summary>
    protected IDmaSpace Master(IDmaSpace memory) => new MasterDma(this, memory);

    private sealed class MasterDma(PciFunction owner, IDmaSpace? memory) : IDmaSpace
    {
        private const ushort BusMaster = 4;

        private IDmaSpace? Memory => (owner.Command & BusMaster) == 0 ? null : memory ?? owner.Bus?.SystemMemory;

        public bool TryRead(ulong address, Span<byte> destination) => Memory?.TryRead(address, destination) == true;

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => Memory?.TryWrite(address, source) == true;
    }
}
