using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Virtio;

/// <summary>The virtio network card: one queue each way, no offloads. Source: virtio 1.1, 5.1.</summary>
public sealed class VirtioNetworkDriver : CountedDriver, INetworkDriver
{
    private const int MacKnown = 5;
    private const int AnyLayout = 27;
    private const int Version1 = 32;
    private const ushort ReceiveBuffers = 16;
    private const uint BufferLength = 2048;
    private const int ShortestFrame = 60;
    private const int LongestFrame = 1514;

    private readonly DriverHost _host;
    private readonly VirtioLink _link;
    private readonly VirtioRing _receive;
    private readonly VirtioRing _transmit;
    private readonly byte[] _mac;

    /// <summary>Makes a driver at rest.</summary>
    /// <param name="host">The firmware.</param>
    /// <param name="function">The card's PCI function.</param>
    /// <param name="guestOrder">Byte order of a legacy device.</param>
    /// <param name="mac">Its address, six bytes.</param>
    public VirtioNetworkDriver(DriverHost host, IPciFunctionAccess function, Endianness guestOrder, ReadOnlySpan<byte> mac)
    {
        _host = host;
        _mac = mac.ToArray();
        _link = new VirtioLink(host, function, guestOrder);
        _receive = new VirtioRing(_link, 0);
        _transmit = new VirtioRing(_link, 1);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> MacAddress => _mac;

    private uint HeaderLength => _link.Has(Version1) ? 12u : 10u;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!IsRunning || frame.Length is < 14 or > LongestFrame)
        {
            return false;
        }

        uint at = _transmit.Extra;
        uint length = HeaderLength + (uint)Math.Max(frame.Length, ShortestFrame);
        _transmit.Memory.Clear(at, length);
        _transmit.Memory.Write(at + HeaderLength, frame);
        if (_transmit.TryRun([new VirtioBuffer(_transmit.Bus(at), length, false)]))
        {
            return true;
        }

        _host.Report(_link.Name, "a frame is not taken");
        Restart();
        return false;
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> frame)
    {
        // A frame that does not fit is of no use; there may be another behind it.
        while (IsRunning && _receive.TryTake(out ushort head, out uint written))
        {
            int length = (int)written - (int)HeaderLength;
            bool fits = head < ReceiveBuffers && length > 0 && length <= frame.Length && written <= BufferLength;
            if (fits)
            {
                _receive.Memory.Read(BufferOf(head) + HeaderLength, frame[..length]);
            }

            if (head < ReceiveBuffers)
            {
                PostBuffer(head);
                _receive.Notify();
            }

            if (fits)
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
        state.Component("link", _link);
        state.Component("receive", _receive);
        state.Component("transmit", _transmit);
        state.Bytes("mac", _mac);
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        const ushort TransmitEntries = 8;
        if (!_link.TryStart((1ul << MacKnown) | (1ul << AnyLayout))
            || !_receive.TryPlace(ReceiveBuffers, ReceiveBuffers * BufferLength) || !_transmit.TryPlace(TransmitEntries, BufferLength))
        {
            return false;
        }

        if (_receive.Size < ReceiveBuffers)
        {
            _host.Report(_link.Name, $"a receive queue of {_receive.Size} entries is too short");
            return false;
        }

        for (ushort i = 0; i < ReceiveBuffers; i++)
        {
            PostBuffer(i);
        }

        _link.Begin();
        _receive.Notify();
        return true;
    }

    /// <inheritdoc/>
    protected override void StopDevice()
    {
        _link.Reset();
        _receive.Release();
        _transmit.Release();
        _link.Stop();
    }

    private uint BufferOf(ushort head) => _receive.Extra + (head * BufferLength);

    private void PostBuffer(ushort head) => _receive.Post(head, [new VirtioBuffer(_receive.Bus(BufferOf(head)), BufferLength, true)]);
}
