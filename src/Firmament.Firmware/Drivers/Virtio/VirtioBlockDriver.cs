using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>The virtio block device. Source: virtio 1.1, 5.2. FLUSH is not agreed on, so every write is durable when it ends (5.2.6.2).</summary>
public sealed class VirtioBlockDriver : CountedDriver, IBlockDriver
{
    private const int SectorSize = 512;
    private const uint LargestTransfer = 1 << 20;
    private const int SizeMax = 1;
    private const int ReadOnly = 5;
    private const int BlockSizeKnown = 6;
    private const uint Capacity = 0;
    private const uint LargestSegment = 8;
    private const uint LogicalBlock = 0x14;
    private const uint In = 0;
    private const uint Out = 1;
    private const uint HeaderLength = 16;

    private readonly DriverHost _host;
    private readonly VirtioLink _link;
    private readonly VirtioRing _ring;
    private int _blockSize = SectorSize;
    private ulong _blockCount;
    private uint _maxTransfer = LargestTransfer;

    /// <summary>Makes a driver at rest.</summary>
    /// <param name="host">The firmware.</param>
    /// <param name="function">The device's PCI function.</param>
    /// <param name="guestOrder">Byte order of a legacy device.</param>
    public VirtioBlockDriver(DriverHost host, IPciFunctionAccess function, Endianness guestOrder)
    {
        _host = host;
        _link = new VirtioLink(host, function, guestOrder);
        _ring = new VirtioRing(_link, 0);
    }

    /// <inheritdoc/>
    public int BlockSize => _blockSize;

    /// <inheritdoc/>
    public ulong BlockCount => _blockCount;

    /// <inheritdoc/>
    public uint MaxTransfer => _maxTransfer;

    /// <inheritdoc/>
    public bool IsReadOnly => _link.Has(ReadOnly);

    /// <inheritdoc/>
    public bool TryRead(ulong block, uint count, ulong address) => TryMove(In, block, count, address);

    /// <inheritdoc/>
    public bool TryWrite(ulong block, uint count, ulong address) => !IsReadOnly && TryMove(Out, block, count, address);

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("link", _link);
        state.Component("ring", _ring);
        state.Field("block-size", ref _blockSize);
        state.Field("blocks", ref _blockCount);
        state.Field("most", ref _maxTransfer);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        const ushort Entries = 8;
        if (!_link.TryStart((1ul << SizeMax) | (1ul << ReadOnly) | (1ul << BlockSizeKnown)) || !_ring.TryPlace(Entries, HeaderLength + 1))
        {
            return false;
        }

        _link.Begin();
        return TryMeasure();
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        _link.Reset();
        _ring.Release();
        _link.Stop();
    }

    private bool TryMeasure()
    {
        uint size = _link.Has(BlockSizeKnown) ? _link.Port.ReadConfiguration(LogicalBlock, 4) : SectorSize;
        if (size is < SectorSize or > 65536 || (size & (size - 1)) != 0)
        {
            _host.Report(_link.Name, $"blocks of {size} bytes are not possible");
            return false;
        }

        uint segment = _link.Has(SizeMax) ? _link.Port.ReadConfiguration(LargestSegment, 4) : LargestTransfer;
        _blockSize = (int)size;
        _blockCount = _link.ReadConfiguration64(Capacity) / (size / SectorSize);
        _maxTransfer = Math.Max(Math.Min(segment, LargestTransfer) & ~(size - 1), size);
        return true;
    }

    private bool TryMove(uint type, ulong block, uint count, ulong address)
    {
        if (!IsRunning || block > _blockCount || count > _blockCount - block || (ulong)count * (uint)_blockSize > _maxTransfer)
        {
            _host.Report(_link.Name, $"{count} blocks from {block}: outside its {(IsRunning ? _blockCount : 0)} blocks, or too many at once");
            return false;
        }

        uint length = count * (uint)_blockSize;
        if (length == 0)
        {
            return true;
        }

        if (!_link.Dma.TryMap(address, length, out ulong bus))
        {
            _host.Report(_link.Name, "no room in its DMA window");
            return false;
        }

        bool ok = TryRequest(type, block * (uint)(_blockSize / SectorSize), bus, length);
        _link.Dma.Unmap(bus);
        return ok;
    }

    private bool TryRequest(uint type, ulong sector, ulong bus, uint length)
    {
        const byte NotWritten = 0xff;
        uint header = _ring.Extra;
        uint status = header + HeaderLength;
        Endianness order = _link.Port.Order;
        _ring.Memory.Write32(header, type, order);
        _ring.Memory.Write32(header + 4, 0, order);
        _ring.Memory.Write64(header + 8, sector, order);
        _ring.Memory.Write(status, [NotWritten]);
        bool returned = _ring.TryRun(
        [
            new VirtioBuffer(_ring.Bus(header), HeaderLength, false),
            new VirtioBuffer(bus, length, type == In),
            new VirtioBuffer(_ring.Bus(status), 1, true),
        ]);
        if (!returned)
        {
            _host.Report(_link.Name, $"request at sector {sector}: no answer");
            Restart();
            return false;
        }

        Span<byte> answer = stackalloc byte[1];
        _ring.Memory.Read(status, answer);
        if (answer[0] != 0)
        {
            _host.Report(_link.Name, $"request at sector {sector}: status {answer[0]}");
        }

        return answer[0] == 0;
    }
}
