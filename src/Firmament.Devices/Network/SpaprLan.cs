using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.Hypercalls;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses.Vio;
using Firmament.DeviceTree;

namespace Firmament.Devices.Network;

/// <summary>
/// The logical LAN adapter of a partition (Linux's ibmveth): the guest registers a receive queue and adds buffers; frames go out by hypercall.
/// Source: LoPAPR 1.1 16.4 (ILLAN). Not modelled: checksum and segmentation offloads, trunk adapters.
/// </summary>
/// <remarks>
/// The switch delivers what is for this address, to all, or to a group the guest asked for. Frames that find no buffer wait, at most
/// <see cref="MostWaiting"/> of them; later ones are dropped and counted in the last 8 bytes of the guest's buffer list.
/// </remarks>
public sealed class SpaprLan : VioDevice
{
    /// <summary>Group addresses the filter holds.</summary>
    public const int MostFilters = 32;

    /// <summary>Frames that wait for a buffer.</summary>
    public const int MostWaiting = 256;

    private const ulong Valid = 1ul << 63;
    private const ulong Toggle = 1ul << 62;
    private const uint PageSize = 4096;
    private const int EntryLength = 16;
    private const int HandleLength = 8;
    private const int DroppedOffset = 4096 - 8;
    private const int MostDescriptors = 6;
    private const int LongestFrame = 65536;
    private const int ShortestFrame = 14;
    private const int AddressLength = 6;

    private const byte ControlToggle = 0x80;
    private const byte ControlValid = 0x40;

    private readonly INetworkBackend _backend;
    private readonly Tracer _tracer;
    private readonly byte[] _permanentMac;
    private readonly byte[] _mac = new byte[AddressLength];
    private readonly byte[] _filters = new byte[MostFilters * AddressLength];
    private readonly byte[] _frame = new byte[LongestFrame];
    private readonly SpaprLanBuffers _buffers = new();
    private readonly Queue<byte[]> _waiting = [];
    private bool _isOpen;
    private ulong _bufferList;
    private ulong _queue;
    private uint _queueNext;
    private int _filterCount;
    private bool _receivesGroups;
    private bool _filtersGroups;

    /// <summary>Makes an adapter and attaches it to its backend.</summary>
    /// <param name="channel">The name of its input channel.</param>
    /// <param name="mac">Six bytes.</param>
    /// <param name="backend">The host end. Stays the caller's to dispose.</param>
    /// <param name="journal">Where frames from the host come in.</param>
    /// <param name="tracer">For guest mistakes.</param>
    public SpaprLan(string channel, ReadOnlySpan<byte> mac, INetworkBackend backend, InputJournal journal, Tracer tracer)
    {
        _backend = backend;
        _tracer = tracer;
        _permanentMac = mac.ToArray();
        mac.CopyTo(_mac);
        backend.Attach(journal.CreateChannel(channel, Receive));
    }

    /// <inheritdoc/>
    public override string NodeName => "l-lan";

    /// <inheritdoc/>
    public override string DeviceType => "network";

    /// <inheritdoc/>
    public override string Compatible => "IBM,l-lan";

    /// <summary>True between H_REGISTER_LOGICAL_LAN and H_FREE_LOGICAL_LAN.</summary>
    public bool IsOpen => _isOpen;

    /// <inheritdoc/>
    protected internal override ulong WindowLength => 256 << 20;

    /// <inheritdoc/>
    protected override ulong SignalMask => 1;

    /// <inheritdoc/>
    public override void Describe(DeviceNode node)
    {
        // Quirk: Linux takes a 6-byte property whose first byte has the low bits 10 for the old 8-byte form, so it always gets 8 bytes.
        node.Set("local-mac-address", (byte[])[0, 0, .. _permanentMac]);
        node.SetCells("ibm,mac-address-filters", MostFilters);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        Close();
        _permanentMac.CopyTo(_mac, 0);
    }

    /// <summary>
    /// H_REGISTER_LOGICAL_LAN. H_RESOURCE when it is open, H_PARAMETER for addresses that are not aligned or not mapped for reading and writing.
    /// </summary>
    /// <param name="bufferList">I/O address of a page for the adapter's own use.</param>
    /// <param name="queue">Descriptor of the receive queue.</param>
    /// <param name="filterList">I/O address of a second page.</param>
    /// <param name="mac">The address to receive for, in the low 48 bits.</param>
    public long Register(ulong bufferList, ulong queue, ulong filterList, ulong mac)
    {
        if (_isOpen)
        {
            return PaprStatus.Resource;
        }

        ulong page = Valid | ((ulong)PageSize << 32);
        bool ok = bufferList <= uint.MaxValue && IsUsable(page | bufferList, PageSize)
            && filterList <= uint.MaxValue && IsUsable(page | filterList, PageSize)
            && (queue & Valid) != 0 && SpaprLanBuffers.LengthOf(queue) != 0 && IsUsable(queue, EntryLength);
        if (!ok)
        {
            return PaprStatus.Parameter;
        }

        _bufferList = bufferList;
        _queue = queue & ~Toggle;
        _queueNext = 0;
        _isOpen = true;
        SignalsArrivals = false;
        SetMac(mac);
        _ = Dma!.TryFill(bufferList, PageSize, 0);
        _ = Dma.TryFill(SpaprLanBuffers.AddressOf(_queue), SpaprLanBuffers.LengthOf(_queue), 0);
        WriteList(0, _queue);
        WriteList(8, page | filterList);
        return PaprStatus.Success;
    }

    /// <summary>H_FREE_LOGICAL_LAN. H_RESOURCE when it is not open.</summary>
    public long Free()
    {
        if (!_isOpen)
        {
            return PaprStatus.Resource;
        }

        Close();
        return PaprStatus.Success;
    }

    /// <summary>H_ADD_LOGICAL_LAN_BUFFER. H_PARAMETER for a buffer not aligned to 4, shorter than 16 bytes or not mapped, H_RESOURCE when there are too many.</summary>
    public long AddBuffer(ulong descriptor)
    {
        const uint ShortestBuffer = 16;
        if ((descriptor & Valid) == 0 || SpaprLanBuffers.LengthOf(descriptor) < ShortestBuffer || !IsUsable(descriptor, 4))
        {
            return PaprStatus.Parameter;
        }

        if (!_isOpen || !_buffers.TryAdd(descriptor))
        {
            return PaprStatus.Resource;
        }

        Deliver();
        return PaprStatus.Success;
    }

    /// <summary>H_FREE_LOGICAL_LAN_BUFFER: takes a buffer of that length back. H_NOT_FOUND when there is none.</summary>
    public long FreeBuffer(ulong length) =>
        !_isOpen ? PaprStatus.Resource
        : length <= uint.MaxValue && _buffers.TakeExactly((uint)length) != 0 ? PaprStatus.Success : PaprStatus.NotFound;

    /// <summary>H_SEND_LOGICAL_LAN: one frame in up to six pieces. H_DROPPED before it is open, H_RESOURCE for a frame that is too long.</summary>
    /// <param name="descriptors">Six; the first that is not valid ends the list.</param>
    /// <param name="token">0, since no call here needs another to go on.</param>
    public long Send(ReadOnlySpan<ulong> descriptors, ulong token)
    {
        if (!_isOpen)
        {
            return PaprStatus.Dropped;
        }

        if (token != 0)
        {
            return PaprStatus.Parameter;
        }

        int length = 0;
        foreach (ulong descriptor in descriptors[..Math.Min(descriptors.Length, MostDescriptors)])
        {
            if ((descriptor & Valid) == 0)
            {
                break;
            }

            uint part = SpaprLanBuffers.LengthOf(descriptor);
            if (part > (uint)(LongestFrame - length))
            {
                return PaprStatus.Resource;
            }

            if (!Dma!.TryRead(SpaprLanBuffers.AddressOf(descriptor), _frame.AsSpan(length, (int)part)))
            {
                return PaprStatus.Parameter;
            }

            length += (int)part;
        }

        if (length >= ShortestFrame)
        {
            _backend.Send(_frame.AsSpan(0, length));
        }
        else if (length != 0)
        {
            _tracer.GuestError(Name, $"frame of {length} bytes cannot be sent");
        }

        return PaprStatus.Success;
    }

    /// <summary>H_MULTICAST_CTRL: which group addresses are received. H_PARAMETER for a bad address, H_CONSTRAINED when the filter is full.</summary>
    /// <param name="flags">Change bits 0x80000 (reception) and 0x40000 (filtering) with their values 0x20000 and 0x10000; table command in the low bits.</param>
    /// <param name="mac">A group address, in the low 48 bits.</param>
    public long ControlGroups(ulong flags, ulong mac)
    {
        const ulong ChangeReception = 0x8_0000;
        const ulong ChangeFiltering = 0x4_0000;
        const ulong EnableReception = 0x2_0000;
        const ulong EnableFiltering = 0x1_0000;
        const ulong TableCommand = 3;
        const int AddFilter = 1;
        const int RemoveFilter = 2;
        const int ClearTable = 3;
        if ((flags & ChangeReception) != 0)
        {
            _receivesGroups = (flags & EnableReception) != 0;
        }

        if ((flags & ChangeFiltering) != 0)
        {
            _filtersGroups = (flags & EnableFiltering) != 0;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac);
        ReadOnlySpan<byte> address = bytes[2..];
        int at = FindFilter(address);
        switch ((int)(flags & TableCommand))
        {
            case AddFilter when (address[0] & 1) == 0:
                return PaprStatus.Parameter;
            case AddFilter when at < 0 && _filterCount == MostFilters:
                return PaprStatus.Constrained;
            case AddFilter when at < 0:
                address.CopyTo(_filters.AsSpan(_filterCount++ * AddressLength));
                break;
            case RemoveFilter when at < 0:
                return PaprStatus.Parameter;
            case RemoveFilter:
                _filterCount--;
                _filters.AsSpan(_filterCount * AddressLength, AddressLength).CopyTo(_filters.AsSpan(at * AddressLength));
                break;
            case ClearTable:
                _filterCount = 0;
                break;
        }

        return PaprStatus.Success;
    }

    /// <summary>H_CHANGE_LOGICAL_LAN_MAC: the address to receive for, in the low 48 bits. H_PARAMETER for a group address.</summary>
    public long ChangeMac(ulong mac) => SetMac(mac) ? PaprStatus.Success : PaprStatus.Parameter;

    /// <summary>H_ILLAN_ATTRIBUTES: no attribute can be set here, so a guest that asks for some is told H_CONSTRAINED.</summary>
    /// <param name="reset">Attributes to clear.</param>
    /// <param name="set">Attributes to set.</param>
    /// <param name="attributes">What they are then: 0.</param>
    public long Attributes(ulong reset, ulong set, out ulong attributes)
    {
        attributes = 0;
        return set != 0 ? PaprStatus.Constrained : PaprStatus.Success;
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("open", ref _isOpen);
        state.Field("buffer-list", ref _bufferList);
        state.Field("queue", ref _queue);
        state.Field("queue-next", ref _queueNext);
        state.Bytes("mac", _mac);
        state.Bytes("filters", _filters);
        state.Field("filter-count", ref _filterCount);
        state.Field("receives-groups", ref _receivesGroups);
        state.Field("filters-groups", ref _filtersGroups);
        state.Component("buffers", _buffers);
        _filterCount = Math.Clamp(_filterCount, 0, MostFilters);
        VisitWaiting(state);
    }

    private void VisitWaiting(StateVisitor state)
    {
        byte[][] frames = [.. _waiting];
        int count = frames.Length;
        state.Field("waiting", ref count);
        if (state.IsLoading)
        {
            _waiting.Clear();
        }

        for (int i = 0; i < Math.Clamp(count, 0, MostWaiting); i++)
        {
            byte[] frame = i < frames.Length ? frames[i] : [];
            int length = frame.Length;
            state.Field($"frame{i}.length", ref length);
            if (state.IsLoading)
            {
                frame = new byte[Math.Clamp(length, 0, LongestFrame)];
                _waiting.Enqueue(frame);
            }

            state.Bytes($"frame{i}", frame);
        }
    }

    private void Receive(byte[] frame)
    {
        _backend.Acknowledge(frame);
        if (!_isOpen || frame.Length is < ShortestFrame or > LongestFrame || !Accepts(frame))
        {
            return;
        }

        if (_waiting.Count >= MostWaiting)
        {
            CountDropped();
            return;
        }

        _waiting.Enqueue(frame);
        Deliver();
    }

    private void Deliver()
    {
        bool placed = false;
        while (_buffers.Count != 0 && _waiting.TryDequeue(out byte[]? frame))
        {
            ulong buffer = _buffers.Take((uint)frame.Length + HandleLength);
            if (buffer == 0)
            {
                // None of the guest's buffers is long enough, and waiting would hold up the frames behind it.
                CountDropped();
                continue;
            }

            placed |= TryPlace(frame, buffer);
        }

        if (placed)
        {
            ResponseSent();
        }
    }

    /// <summary>Fills a buffer and says so in the next entry of the receive queue, its control byte last.</summary>
    private bool TryPlace(byte[] frame, ulong buffer)
    {
        uint address = SpaprLanBuffers.AddressOf(buffer);
        Span<byte> entry = stackalloc byte[EntryLength];
        entry.Clear();
        entry[0] = (byte)(ControlValid | ((_queue & Toggle) == 0 ? ControlToggle : 0));
        BinaryPrimitives.WriteUInt16BigEndian(entry[2..], HandleLength);
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], frame.Length);
        ulong place = SpaprLanBuffers.AddressOf(_queue) + (ulong)_queueNext;
        if (!Dma!.TryRead(address, entry[8..]) || !Dma.TryWrite(address + (ulong)HandleLength, frame)
            || !Dma.TryWrite(place + 1, entry[1..]) || !Dma.TryWrite(place, entry[..1]))
        {
            return false;
        }

        _queueNext += EntryLength;
        if (_queueNext >= SpaprLanBuffers.LengthOf(_queue))
        {
            _queueNext = 0;
            _queue ^= Toggle;
            WriteList(0, _queue);
        }

        return true;
    }

    private bool Accepts(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> destination = frame[..AddressLength];
        if ((destination[0] & 1) == 0)
        {
            return destination.SequenceEqual(_mac);
        }

        return destination.IndexOfAnyExcept((byte)0xff) < 0 || (_receivesGroups && (!_filtersGroups || FindFilter(destination) >= 0));
    }

    private int FindFilter(ReadOnlySpan<byte> address)
    {
        for (int i = 0; i < _filterCount; i++)
        {
            if (_filters.AsSpan(i * AddressLength, AddressLength).SequenceEqual(address))
            {
                return i;
            }
        }

        return -1;
    }

    private bool SetMac(ulong mac)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac);
        if ((bytes[2] & 1) != 0)
        {
            return false;
        }

        bytes[2..].CopyTo(_mac);
        return true;
    }

    private bool IsUsable(ulong descriptor, uint alignment)
    {
        (uint address, uint length) = (SpaprLanBuffers.AddressOf(descriptor), SpaprLanBuffers.LengthOf(descriptor));
        return address % alignment == 0 && length % alignment == 0 && Dma!.CanReadAndWrite(address, length);
    }

    private void WriteList(int offset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        _ = Dma!.TryWrite(_bufferList + (ulong)offset, bytes);
    }

    private void CountDropped()
    {
        Span<byte> bytes = stackalloc byte[8];
        if (Dma!.TryRead(_bufferList + DroppedOffset, bytes))
        {
            WriteList(DroppedOffset, BinaryPrimitives.ReadUInt64BigEndian(bytes) + 1);
        }
    }

    private void Close()
    {
        _isOpen = false;
        _bufferList = _queue = 0;
        _queueNext = 0;
        _filterCount = 0;
        _receivesGroups = _filtersGroups = false;
        _buffers.Clear();
        _waiting.Clear();
    }
}
