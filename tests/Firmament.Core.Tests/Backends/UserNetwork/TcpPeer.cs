using System.Buffers.Binary;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Core.Internet;

namespace Firmament.Core.Tests.Backends.UserNetwork;

/// <summary>The guest's end of one TCP connection, segment by segment.</summary>
internal sealed class TcpPeer(Wire wire, uint to = Wire.Host, ushort port = 80, ushort ownPort = 1234)
{
    public uint Next { get; set; } = 1000;

    public uint Expected { get; set; }

    public ushort Window { get; set; } = 64000;

    public ushort Port { get; set; } = port;

    public void Send(TcpFlags flags, ReadOnlySpan<byte> data = default, ReadOnlySpan<byte> options = default, uint? sequence = null)
    {
        byte[] segment = TcpSegment.Build(ownPort, Port, sequence ?? Next, (flags & TcpFlags.Ack) != 0 ? Expected : 0, flags, Window, options, data.Length);
        data.CopyTo(segment.AsSpan(segment.Length - data.Length));
        TcpSegment.Seal(segment, Wire.Guest, to);
        if (sequence == null)
        {
            Next += (uint)data.Length + ((flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0);
        }

        wire.Send(Wire.Ip(6, to, segment));
    }

    /// <summary>The next segment from the network, its checksum checked.</summary>
    public (TcpFlags Flags, uint Sequence, uint Acknowledgement, int Window, byte[] Data) Take()
    {
        (byte protocol, uint from, uint guest, byte[] bytes) = wire.Take();
        Assert.Equal(6, protocol);
        Assert.Equal(to, from);
        Assert.Equal(0, InternetChecksum.OfTransport(from, guest, 6, bytes));
        Assert.Equal(ownPort, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)));
        int header = (bytes[12] >> 4) * 4;
        return ((TcpFlags)bytes[13], BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)),
            BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(14)), bytes[header..]);
    }

    /// <summary>Takes data in order and everything else that is under way; returns the data.</summary>
    public byte[] TakeData(bool acknowledge = true)
    {
        List<byte> all = [];
        while (wire.Frames.Count != 0)
        {
            (TcpFlags flags, uint sequence, _, _, byte[] data) = Take();
            if (sequence == Expected)
            {
                all.AddRange(data);
                Expected += (uint)data.Length + ((flags & TcpFlags.Fin) != 0 ? 1u : 0);
            }

            if (acknowledge && wire.Frames.Count == 0 && (data.Length != 0 || (flags & TcpFlags.Fin) != 0))
            {
                Send(TcpFlags.Ack);
            }
        }

        return [.. all];
    }

    /// <summary>Connects; the host's side agrees.</summary>
    public FakeStream Connect()
    {
        Send(TcpFlags.Syn, options: [2, 4, 5, 0xb4]);
        FakeStream stream = wire.Sockets.Streams[^1];
        Assert.Empty(wire.Frames);
        stream.Owner!.Connected();
        (TcpFlags flags, uint sequence, uint acknowledgement, _, _) = Take();
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, flags);
        Assert.Equal(Next, acknowledgement);
        Expected = sequence + 1;
        Send(TcpFlags.Ack);
        Assert.Empty(wire.Frames);
        return stream;
    }
}
