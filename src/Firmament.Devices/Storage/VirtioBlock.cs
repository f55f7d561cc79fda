using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Storage;

/// <summary>
/// The virtio block device: read, write, flush, get ID, discard, write zeroes. Source: virtio 1.1, 5.2. Not modelled: several queues, the driver's
/// choice of cache mode (CONFIG_WCE).
/// </summary>
/// <remarks>
/// Requests are served when the driver notifies, on the machine's thread. After <see cref="MostBytesAtOnce"/> the rest waits for a timer, so
/// that a full queue of the largest requests does not keep the machine from its console.
/// </remarks>
public sealed class VirtioBlock : VirtioDevice
{
    private const int SectorSize = DiskImage.SectorSize;
    private const ulong MostBytesAtOnce = 64 << 20;
    private const ulong LargestRequest = 128 << 20;
    private const uint MostZeroSectors = 32768;
    private const int MostZeroSegments = 8;
    private const uint MostSegments = 126;
    private const uint LargestSegment = 1 << 20;

    private const int SizeMax = 1;
    private const int SegMax = 2;
    private const int Geometry = 4;
    private const int ReadOnly = 5;
    private const int BlockSizeKnown = 6;
    private const int Flush = 9;
    private const int Topology = 10;
    private const int Discard = 13;
    private const int WriteZeroes = 14;

    private const uint TypeIn = 0;
    private const uint TypeOut = 1;
    private const uint TypeFlush = 4;
    private const uint TypeGetId = 8;
    private const uint TypeDiscard = 11;
    private const uint TypeWriteZeroes = 13;
    private const int HeaderLength = 16;
    private const int IdLength = 20;

    private const byte StatusOk = 0;
    private const byte StatusIoError = 1;
    private const byte StatusUnsupported = 2;

    private readonly IBlockBackend _disk;
    private readonly string _serial;
    private readonly ScheduledTimer _continue;
    private readonly byte[] _buffer = new byte[65536];
    private ulong _served;

    /// <summary>Makes the device.</summary>
    /// <param name="name">Unique on its bus.</param>
    /// <param name="disk">The image; a read-only one makes a read-only device. Stays the caller's to dispose.</param>
    /// <param name="scheduler">The machine's clock.</param>
    /// <param name="serial">What get ID answers; at most 20 ASCII characters count.</param>
    public VirtioBlock(string name, IBlockBackend disk, Scheduler scheduler, string serial = "firmament")
        : base(2, 0x010000, 256)
    {
        Name = name;
        _disk = disk;
        _serial = serial;
        _continue = scheduler.CreateTimer("continue", () => Process(0));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => (1ul << SizeMax) | (1ul << SegMax) | (1ul << Geometry) | (1ul << BlockSizeKnown) | (1ul << Flush)
        | (1ul << Topology) | (_disk.IsReadOnly ? 1ul << ReadOnly : (1ul << Discard) | (1ul << WriteZeroes));

    /// <inheritdoc/>
    public override int ConfigurationLength => 60;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        ulong sectors = (ulong)_disk.Length / SectorSize;
        Put64(configuration, 0x00, sectors, order);
        Put32(configuration, 0x08, LargestSegment, order);
        Put32(configuration, 0x0c, MostSegments, order);
        Put16(configuration, 0x10, (ushort)Math.Clamp(sectors / (16 * 63), 1, 16383), order);
        configuration[0x12] = 16;
        configuration[0x13] = 63;
        Put32(configuration, 0x14, SectorSize, order);
        Put16(configuration, 0x1a, 1, order);
        Put16(configuration, 0x22, 1, order);
        if (!_disk.IsReadOnly)
        {
            Put32(configuration, 0x24, MostZeroSectors, order);
            Put32(configuration, 0x28, MostZeroSegments, order);
            Put32(configuration, 0x2c, 1, order);
            Put32(configuration, 0x30, MostZeroSectors, order);
            Put32(configuration, 0x34, MostZeroSegments, order);
            configuration[0x38] = 1;
        }
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        ulong budget = MostBytesAtOnce;
        while (Next(0) is { } chain)
        {
            _served = 0;
            uint written = Serve(chain, out byte status, out bool hasStatus);
            if (!hasStatus || !chain.TryWrite(Transport.Dma, chain.WritableLength - 1, [status]))
            {
                Transport.Break("request without a status byte in memory");
                return;
            }

            Return(0, chain, written + 1);
            ulong size = _served + chain.ReadableLength + chain.WritableLength;
            if (size >= budget)
            {
                _continue.ArmAfter(VirtualTime.FromMicroseconds(1));
                break;
            }

            budget -= size;
        }

        Signal(0);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _continue.Disarm();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        _continue.Visit(state);
    }

    private uint Serve(VirtqueueChain chain, out byte status, out bool hasStatus)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        status = StatusIoError;
        hasStatus = chain.WritableLength != 0 && chain.TryRead(Transport.Dma, 0, header);
        if (!hasStatus)
        {
            return 0;
        }

        uint type = Get32(header);
        ulong sector = Get64(header[8..]);
        ulong toWrite = chain.ReadableLength - HeaderLength;
        ulong toRead = chain.WritableLength - 1;
        uint written = 0;
        switch (type)
        {
            case TypeIn:
                status = InRange(sector, toRead) && TryRead(chain, sector, toRead, out written) ? StatusOk : StatusIoError;
                break;
            case TypeOut:
                status = !_disk.IsReadOnly && InRange(sector, toWrite) && TryWrite(chain, sector, toWrite) ? StatusOk : StatusIoError;
                break;
            case TypeFlush:
                status = _disk.TryFlush() ? StatusOk : StatusIoError;
                break;
            case TypeGetId:
                status = TryGetId(chain, toRead, out written) ? StatusOk : StatusIoError;
                break;
            case TypeDiscard when Has(Discard):
            case TypeWriteZeroes when Has(WriteZeroes):
                status = Zero(chain, type, toWrite);
                break;
            default:
                status = StatusUnsupported;
                break;
        }

        return written;
    }

    private bool InRange(ulong sector, ulong length)
    {
        ulong sectors = (ulong)_disk.Length / SectorSize;
        return length % SectorSize == 0 && length <= LargestRequest && sector <= sectors && length / SectorSize <= sectors - sector;
    }

    private bool TryRead(VirtqueueChain chain, ulong sector, ulong length, out uint written)
    {
        written = 0;
        while (written < length)
        {
            Span<byte> part = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, length - written));
            if (!_disk.TryRead((long)(sector * SectorSize) + written, part) || !chain.TryWrite(Transport.Dma, written, part))
            {
                return false;
            }

            written += (uint)part.Length;
        }

        return true;
    }

    private bool TryWrite(VirtqueueChain chain, ulong sector, ulong length)
    {
        for (ulong done = 0; done < length;)
        {
            Span<byte> part = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, length - done));
            if (!chain.TryRead(Transport.Dma, HeaderLength + done, part) || !_disk.TryWrite((long)((sector * SectorSize) + done), part))
            {
                return false;
            }

            done += (ulong)part.Length;
        }

        return TryWriteThrough();
    }

    // 5.2.6.2: a driver that did not accept FLUSH cannot ask for durability, so every write has it.
    private bool TryWriteThrough() => Has(Flush) || _disk.TryFlush();

    private bool TryGetId(VirtqueueChain chain, ulong length, out uint written)
    {
        Span<byte> id = stackalloc byte[IdLength];
        id.Clear();
        for (int i = 0; i < Math.Min(_serial.Length, IdLength); i++)
        {
            id[i] = _serial[i] < 0x80 ? (byte)_serial[i] : (byte)'?';
        }

        written = (uint)Math.Min(length, IdLength);
        return chain.TryWrite(Transport.Dma, 0, id[..(int)written]);
    }

    /// <summary>Discard and write zeroes: a list of ranges, all checked before the first is served (5.2.6). A discarded range reads as zeros.</summary>
    private byte Zero(VirtqueueChain chain, uint type, ulong length)
    {
        const int SegmentLength = 16;
        const uint Unmap = 1;
        if (length is 0 or > MostZeroSegments * SegmentLength || length % SegmentLength != 0)
        {
            return StatusIoError;
        }

        Span<byte> list = stackalloc byte[(int)length];
        if (!chain.TryRead(Transport.Dma, HeaderLength, list))
        {
            return StatusIoError;
        }

        for (int at = 0; at < list.Length; at += SegmentLength)
        {
            ReadOnlySpan<byte> segment = list[at..];
            uint flags = Get32(segment[12..]);
            uint count = Get32(segment[8..]);
            if ((flags & ~Unmap) != 0 || (type == TypeDiscard && flags != 0))
            {
                return StatusUnsupported;
            }

            if (count > MostZeroSectors || !InRange(Get64(segment), (ulong)count * SectorSize))
            {
                return StatusIoError;
            }
        }

        for (int at = 0; at < list.Length; at += SegmentLength)
        {
            ReadOnlySpan<byte> segment = list[at..];
            bool deallocate = type == TypeDiscard || Get32(segment[12..]) != 0;
            if (!_disk.TryZero((long)Get64(segment) * SectorSize, (long)Get32(segment[8..]) * SectorSize, deallocate))
            {
                return StatusIoError;
            }

            _served += Get32(segment[8..]) * (ulong)SectorSize;
        }

        return TryWriteThrough() ? StatusOk : StatusIoError;
    }
}
