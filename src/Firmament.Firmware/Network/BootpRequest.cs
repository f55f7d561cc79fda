using System.Buffers.Binary;
using System.Text;

namespace Firmament.Firmware.Network;

/// <summary>What a station that looks for an address sends. Sources: RFC 951, 2131 section 4.4.1.</summary>
internal sealed class BootpRequest
{
    private const int ShortestMessage = 300;

    // IANA's "PowerPC Open Firmware" among the processor architecture types of RFC 4578.
    private const ushort PowerOpenFirmware = 0x000c;

    private readonly List<byte> _options = [];

    /// <summary>Starts a message.</summary>
    /// <param name="kind"><see cref="DhcpKind.None"/> for BOOTP.</param>
    /// <param name="station">Ours.</param>
    /// <param name="transactionId">`xid`.</param>
    /// <param name="className">What kind of machine asks, option 60.</param>
    public BootpRequest(DhcpKind kind, StationAddress station, uint transactionId, string className)
    {
        const ushort LargestMessage = UdpDatagram.LongestPayload;
        Kind = kind;
        Station = station;
        TransactionId = transactionId;
        if (kind == DhcpKind.None)
        {
            return;
        }

        Add(BootpOption.Kind, [(byte)kind]);
        Add(BootpOption.LargestMessage, [LargestMessage >> 8, LargestMessage & 255]);
        Add(BootpOption.ParameterList,
        [
            BootpOption.SubnetMask, BootpOption.Router, BootpOption.NameServer, BootpOption.HostName, BootpOption.DomainName, BootpOption.RootPath,
            BootpOption.Vendor, BootpOption.LeaseTime, BootpOption.Server, BootpOption.TftpServerName, BootpOption.BootFile,
        ]);
        Add(BootpOption.ClassName, Encoding.Latin1.GetBytes(className.Length > 64 ? className[..64] : className));
        Add(BootpOption.Architecture, [PowerOpenFirmware >> 8, PowerOpenFirmware & 255]);
    }

    public DhcpKind Kind { get; }

    public StationAddress Station { get; }

    public uint TransactionId { get; }

    /// <summary>Adds an option that is an address.</summary>
    public BootpRequest Add(byte code, uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        Add(code, bytes);
        return this;
    }

    /// <summary>The message.</summary>
    /// <param name="seconds">Since the first one.</param>
    public byte[] ToBytes(long seconds)
    {
        byte[] message = new byte[Math.Max(ShortestMessage, BootpMessage.HeadLength + _options.Count + 1)];

        // op 1 request, htype 1 Ethernet. The broadcast flag stays clear: we hear what is sent to our station before we have an address.
        message[0] = 1;
        message[1] = 1;
        message[2] = StationAddress.Length;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), TransactionId);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)Math.Min(seconds, ushort.MaxValue));
        Station.CopyTo(message.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(BootpMessage.FixedLength), BootpMessage.Cookie);
        _options.CopyTo(message, BootpMessage.HeadLength);
        message[BootpMessage.HeadLength + _options.Count] = BootpOption.End;
        return message;
    }

    private void Add(byte code, ReadOnlySpan<byte> bytes)
    {
        _options.Add(code);
        _options.Add((byte)bytes.Length);
        _options.AddRange(bytes);
    }
}
