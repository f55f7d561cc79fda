using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Firmware.Drivers.Papr;

/// <summary>The logical LAN adapter: a receive queue that is looked at, and a frame a hypercall. Source: LoPAPR 1.1 16.4.</summary>
public sealed class LogicalLanDriver : CountedDriver, INetworkDriver
{
    private const uint Page = 4096;
    private const uint BufferList = 0;
    private const uint FilterList = Page;
    private const uint Queue = 2 * Page;
    private const uint Transmit = 3 * Page;
    private const uint Buffers = 4 * Page;
    private const uint BufferCount = 16;
    private const uint BufferLength = 2048;
    private const uint EntryLength = 16;
    private const ulong Valid = 1ul << 63;
    private const byte Toggle = 0x80;
    private const byte EntryValid = 0x40;
    private const int ShortestFrame = 60;
    private const int LongestFrame = 1514;

    private readonly DriverHost _host;
    private readonly ILogicalLanAccess _device;
    private readonly DriverMemory _memory;
    private readonly byte[] _mac;
    private ulong _bus;
    private uint _next;
    private byte _toggle;
    private bool _isRegistered;

    /// <summary>Makes a driver at rest.</summary>
    /// <param name="host">The firmware.</param>
    /// <param name="device">The adapter's hypercalls.</param>
    /// <param name="mac">Its address, six bytes.</param>
    public LogicalLanDriver(DriverHost host, ILogicalLanAccess device, ReadOnlySpan<byte> mac)
    {
        _host = host;
        _device = device;
        _memory = new DriverMemory(host);
        _mac = mac.ToArray();
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> MacAddress => _mac;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!IsRunning || frame.Length is < 14 or > LongestFrame)
        {
            return false;
        }

        uint length = (uint)Math.Max(frame.Length, ShortestFrame);
        _memory.Clear(Transmit, length);
        _memory.Write(Transmit, frame);
        long status = _device.Send(Descriptor(Transmit, length));
        if (status != PaprStatus.Success)
        {
            _host.Report(_device.Name, $"a frame is not taken: {status}");
        }

        return status == PaprStatus.Success;
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> frame)
    {
        Span<byte> entry = stackalloc byte[(int)EntryLength];
        while (IsRunning)
        {
            _memory.Read(Queue + _next, entry);
            if ((entry[0] & Toggle) != _toggle)
            {
                return 0;
            }

            _next += EntryLength;
            if (_next == Page)
            {
                // The adapter turns the bit over with each pass through the queue.
                _next = 0;
                _toggle ^= Toggle;
            }

            int length = TakeFrame(entry, frame);
            if (length != 0)
            {
                return length;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Component("memory", _memory);
        state.Bytes("mac", _mac);
        state.Field("bus", ref _bus);
        state.Field("next", ref _next);
        state.Field("toggle", ref _toggle);
        state.Field("registered", ref _isRegistered);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        (_next, _toggle) = (0, Toggle);
        if (!_memory.TryClaim(Buffers + (BufferCount * BufferLength)) || !_device.Dma.TryMap(_memory.Start, _memory.Size, out _bus))
        {
            _host.Report(_device.Name, "no memory for its buffers");
            return false;
        }

        Span<byte> mac = stackalloc byte[8];
        mac.Clear();
        _mac.CopyTo(mac[2..]);
        long status = _device.Register(_bus + BufferList, Descriptor(Queue, Page), _bus + FilterList, BinaryPrimitives.ReadUInt64BigEndian(mac));
        _isRegistered = status == PaprStatus.Success;
        for (uint i = 0; i < BufferCount && status == PaprStatus.Success; i++)
        {
            status = GiveBuffer(i);
        }

        if (status != PaprStatus.Success)
        {
            _host.Report(_device.Name, $"it does not come up: {status}");
        }

        return status == PaprStatus.Success;
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        if (_isRegistered)
        {
            _ = _device.Free();
            _isRegistered = false;
        }

        if (_bus != 0)
        {
            _device.Dma.Unmap(_bus);
            _bus = 0;
        }

        _memory.Release();
    }

    private ulong Descriptor(uint offset, uint length) => Valid | ((ulong)length << 32) | (_bus + offset);

    /// <summary>The first 8 bytes of a buffer come back in the queue's entry: its number here.</summary>
    private long GiveBuffer(uint number)
    {
        uint at = Buffers + (number * BufferLength);
        _memory.Write64(at, number, Endianness.Big);
        return _device.AddBuffer(Descriptor(at, BufferLength));
    }

    /// <summary>Copies the frame of an entry out and gives its buffer back. 0 where there is none, or it is too long.</summary>
    private int TakeFrame(ReadOnlySpan<byte> entry, Span<byte> frame)
    {
        uint offset = BinaryPrimitives.ReadUInt16BigEndian(entry[2..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
        ulong number = BinaryPrimitives.ReadUInt64BigEndian(entry[8..]);
        if (number >= BufferCount)
        {
            return 0;
        }

        bool fits = (entry[0] & EntryValid) != 0 && length <= (uint)frame.Length && offset + (ulong)length <= BufferLength;
        if (fits)
        {
            _memory.Read(Buffers + ((uint)number * BufferLength) + offset, frame[..(int)length]);
        }

        if (GiveBuffer((uint)number) != PaprStatus.Success)
        {
            _host.Report(_device.Name, "a receive buffer is not taken back");
        }

        return fits ? (int)length : 0;
    }
}
