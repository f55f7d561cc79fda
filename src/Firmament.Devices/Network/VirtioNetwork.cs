using Firmament.Core.Backends;
using Firmament.Core.Memory;
using Firmament.Core.Replay;
using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Network;

/// <summary>
/// The virtio network card: one pair of queues and a control queue, mergeable receive buffers, link status, receive filter.
/// Source: virtio 1.1, 5.1. Not modelled: checksum and segmentation offloads, several queue pairs.
/// </summary>
/// <remarks>
/// Frames that find no receive buffer wait, at most <see cref="MostWaiting"/> of them; later ones are dropped, as on a wire.
/// </remarks>
public sealed class VirtioNetwork : VirtioDevice
{
    private const int ReceiveQueue = 0;
    private const int TransmitQueue = 1;
    private const int ControlQueue = 2;

    private const int MacFeature = 5;
    private const int MergeFeature = 15;
    private const int StatusFeature = 16;
    private const int ControlFeature = 17;
    private const int ControlReceiveFeature = 18;
    private const int ControlVlanFeature = 19;
    private const int ControlReceiveExtraFeature = 20;
    private const int ControlMacFeature = 23;
    private const int Version1Feature = 32;

    private const int MostWaiting = 256;
    private const int ShortestFrame = 14;
    private const int LongestFrame = 65536 + 14;

    private readonly INetworkBackend _backend;
    private readonly Tracer _tracer;
    private readonly VirtioNetworkFilter _filter;
    private readonly Queue<byte[]> _waiting = [];
    private readonly VirtqueueChain _firstBuffer = new();
    private readonly VirtqueueChain _nextBuffer = new();
    private readonly byte[] _buffer = new byte[LongestFrame];
    private bool _linkUp = true;

    /// <summary>Makes the card and attaches it to its backend.</summary>
    /// <param name="name">Unique on its bus, and the name of its input channel.</param>
    /// <param name="mac">Six bytes.</param>
    /// <param name="backend">The host end. Stays the caller's to dispose.</param>
    /// <param name="journal">Where frames from the host come in.</param>
    /// <param name="tracer">For guest mistakes.</param>
    public VirtioNetwork(string name, ReadOnlySpan<byte> mac, INetworkBackend backend, InputJournal journal, Tracer tracer)
        : base(1, 0x020000, 256, 256, 64)
    {
        Name = name;
        _backend = backend;
        _tracer = tracer;
        _filter = new VirtioNetworkFilter(mac);
        backend.Attach(journal.CreateChannel(name, Receive));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Frames dropped because the guest offered no buffer for them, or too small a one.</summary>
    public long DroppedFrames { get; private set; }

    /// <inheritdoc/>
    public override ulong OfferedFeatures => (1ul << MacFeature) | (1ul << MergeFeature) | (1ul << StatusFeature) | (1ul << ControlFeature)
        | (1ul << ControlReceiveFeature) | (1ul << ControlVlanFeature) | (1ul << ControlReceiveExtraFeature) | (1ul << ControlMacFeature);

    /// <inheritdoc/>
    public override int ConfigurationLength => 8;

    private int HeaderLength => Has(MergeFeature) || Has(Version1Feature) ? 12 : 10;

    /// <inheritdoc/>
    public override void GetConfiguration(Span<byte> configuration, Endianness order)
    {
        _filter.Mac.CopyTo(configuration);
        Put16(configuration, 6, _linkUp ? (ushort)1 : (ushort)0, order);
    }

    /// <inheritdoc/>
    public override void SetConfiguration(int offset, ReadOnlySpan<byte> bytes, Endianness order)
    {
        // 5.1.4.2: a legacy driver sets its address here; a 1.x driver must use the control queue.
        if (!Has(Version1Feature) && offset < 6)
        {
            _filter.SetMacBytes(offset, bytes);
        }
    }

    /// <summary>Plugs or unplugs the cable. Call on the machine's thread.</summary>
    public void SetLink(bool isUp)
    {
        if (_linkUp != isUp)
        {
            _linkUp = isUp;
            Transport.InterruptConfiguration();
        }
    }

    /// <inheritdoc/>
    public override void Process(int queue)
    {
        switch (queue)
        {
            case ReceiveQueue:
                Deliver();
                break;
            case TransmitQueue:
                Transmit();
                break;
            case ControlQueue:
                Control();
                break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _waiting.Clear();
        _filter.Reset();
    }

    /// <inheritdoc/>
    public override void Visit(StateVisitor state)
    {
        base.Visit(state);
        state.Field("link", ref _linkUp);
        state.Component("filter", _filter);
        byte[][] frames = [.. _waiting];
        int count = frames.Length;
        state.Field("waiting", ref count);
        count = Math.Clamp(count, 0, MostWaiting);
        if (state.IsLoading)
        {
            _waiting.Clear();
        }

        for (int i = 0; i < count; i++)
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
        if (!_linkUp || !Transport.IsRunning || frame.Length is < ShortestFrame or > LongestFrame || !_filter.Accepts(frame, Has(ControlVlanFeature)))
        {
            return;
        }

        if (_waiting.Count >= MostWaiting)
        {
            DroppedFrames++;
            return;
        }

        _waiting.Enqueue(frame);
        Deliver();
    }

    private void Deliver()
    {
        while (_waiting.TryPeek(out byte[]? frame) && TryPlace(frame))
        {
            _waiting.Dequeue();
        }

        Signal(ReceiveQueue);
    }

    /// <summary>Puts one frame into as many buffers as it needs. False, with nothing used, when there are too few.</summary>
    private bool TryPlace(byte[] frame)
    {
        Virtqueue queue = Queues[ReceiveQueue];
        bool merges = Has(MergeFeature);
        int header = HeaderLength;
        int placed = 0;
        int used = 0;
        while (placed < frame.Length)
        {
            VirtqueueChain chain = used == 0 ? _firstBuffer : _nextBuffer;
            if (!TryNext(ReceiveQueue, chain))
            {
                for (; used > 0; used--)
                {
                    queue.Unpop();
                }

                return false;
            }

            int skip = used == 0 ? header : 0;
            if (chain.WritableLength <= (ulong)skip)
            {
                Transport.Break($"receive buffer of {chain.WritableLength} bytes is too small for its header");
                return false;
            }

            if (!merges && chain.WritableLength - (ulong)skip < (ulong)frame.Length)
            {
                // 5.1.6.3.1 wants buffers that hold a whole frame; one that does not is given back empty, and the frame is lost.
                _tracer.GuestError(Name, $"receive buffer of {chain.WritableLength} bytes cannot hold a frame of {frame.Length}");
                DroppedFrames++;
                Return(ReceiveQueue, chain, 0);
                return true;
            }

            int count = (int)Math.Min((ulong)(frame.Length - placed), chain.WritableLength - (ulong)skip);
            if (!chain.TryWrite(Transport.Dma, (ulong)skip, frame.AsSpan(placed, count))
                || !queue.Fill(Transport.Dma, used, chain.Head, (uint)(skip + count)))
            {
                Transport.Break("receive buffer or used ring outside memory");
                return false;
            }

            placed += count;
            used++;
        }

        Span<byte> bytes = stackalloc byte[12];
        bytes.Clear();
        Put16(bytes, 10, (ushort)used, Transport.Order);
        if (!_firstBuffer.TryWrite(Transport.Dma, 0, bytes[..header]) || !queue.Publish(Transport.Dma, used))
        {
            Transport.Break("receive buffer or used ring outside memory");
            return false;
        }

        return true;
    }

    private void Transmit()
    {
        int header = HeaderLength;
        while (Next(TransmitQueue) is { } chain)
        {
            ulong length = chain.ReadableLength - (ulong)header;
            if (chain.ReadableLength < (ulong)header || length is < ShortestFrame or > LongestFrame)
            {
                _tracer.GuestError(Name, $"frame of {chain.ReadableLength} bytes with its header cannot be sent");
            }
            else
            {
                Span<byte> frame = _buffer.AsSpan(0, (int)length);
                if (!chain.TryRead(Transport.Dma, (ulong)header, frame))
                {
                    Transport.Break("transmit buffer outside memory");
                    return;
                }

                if (_linkUp)
                {
                    _backend.Send(frame);
                }
            }

            Return(TransmitQueue, chain, 0);
        }

        Signal(TransmitQueue);
    }

    private void Control()
    {
        const byte Ok = 0;
        const byte Error = 1;
        while (Next(ControlQueue) is { } chain)
        {
            int length = (int)Math.Min(chain.ReadableLength, (ulong)_buffer.Length);
            Span<byte> command = _buffer.AsSpan(0, length);
            if (chain.WritableLength == 0 || !chain.TryRead(Transport.Dma, 0, command))
            {
                Transport.Break("control command without an acknowledgement byte, or outside memory");
                return;
            }

            byte answer = _filter.Execute(command, Transport.Order) ? Ok : Error;
            if (!chain.TryWrite(Transport.Dma, 0, [answer]))
            {
                Transport.Break("control acknowledgement outside memory");
                return;
            }

            Return(ControlQueue, chain, 1);
        }

        Signal(ControlQueue);
    }
}
