using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firmament.Core.Internet;
using Firmament.Core.Time;
using Firmament.Firmware.Network;

namespace Firmament.Firmware.Tests.Network;

/// <summary>A host with DHCP and TFTP servers that do as they are told, mistakes included.</summary>
internal sealed class FakeServer
{
    public const uint Address = 0x0a000202;
    public const uint ClientAddress = 0x0a00020f;

    private readonly FakeCard _card;
    private readonly Dictionary<ushort, Transfer> _transfers = [];
    private ushort _nextPort = 3000;

    public FakeServer(FakeCard card)
    {
        _card = card;
        card.Peer = Take;
    }

    public StationAddress Station { get; } = new(0x525500000001);

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>What becomes of a frame on its way to the client: delays of its copies; none loses it.</summary>
    public Func<byte[], IEnumerable<VirtualTime>> Wire { get; set; } = static _ => [default];

    /// <summary>True loses a frame of the client's.</summary>
    public Func<byte[], bool> Loses { get; set; } = static _ => false;

    /// <summary>Answers a request of BOOTP or DHCP; null answers nothing.</summary>
    public Func<FakeServer, byte[], byte[]?> Dhcp { get; set; } = static (server, request) => server.Reply(request);

    public string? BootFile { get; set; } = "boot/grub.elf";

    public bool HasOptions { get; set; } = true;

    /// <summary>Sent in place of the option acknowledgement.</summary>
    public byte[]? Acceptance { get; set; }

    /// <summary>The number after block 65535.</summary>
    public ushort WrapsTo { get; set; }

    /// <summary>Answers an acknowledgement that came twice, as old servers do.</summary>
    public bool IsApprentice { get; set; }

    /// <summary>The block after which nothing is sent.</summary>
    public long DiesAfter { get; set; } = long.MaxValue;

    public int DataSent { get; private set; }

    public List<byte[]> DhcpRequests { get; } = [];

    public List<byte[]> TftpRequests { get; } = [];

    /// <summary>Error messages of the client's, with the port they went to.</summary>
    public List<(ushort Port, byte[] Message)> Errors { get; } = [];

    public static byte Kind(byte[] request) => request[236..240] is [0x63, 0x82, 0x53, 0x63] && request[240] == 53 ? request[242] : (byte)0;

    /// <summary>A well-formed answer: OFFER, ACK, or BOOTP's.</summary>
    public byte[] Reply(byte[] request, byte? kind = null, uint? address = null, byte[]? options = null, bool hasFile = true)
    {
        byte asked = Kind(request);
        byte answer = kind ?? (byte)(asked == 1 ? 2 : asked == 3 ? 5 : 0);
        byte[] message = new byte[300];
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        request.AsSpan(4, 4).CopyTo(message.AsSpan(4));
        request.AsSpan(28, 16).CopyTo(message.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(16), address ?? ClientAddress);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(20), Address);
        if (hasFile)
        {
            Encoding.ASCII.GetBytes(BootFile ?? "").CopyTo(message, 108);
        }

        byte[] head = answer == 0 ? [] : [53, 1, answer, 54, 4, 10, 0, 2, 2];
        byte[] all = [0x63, 0x82, 0x53, 0x63, .. head, .. options ?? [1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 2, 2], 255];
        all.CopyTo(message, 236);
        return message;
    }

    public byte[] Frame(ushort fromPort, ushort toPort, ReadOnlySpan<byte> payload, uint from = Address, uint to = ClientAddress) =>
        UdpDatagram.ToFrame(StationAddress.From(FakeCard.Station), Station, from, fromPort, to, toPort, 7, payload);

    public void Send(byte[] frame)
    {
        foreach (VirtualTime delay in Wire(frame))
        {
            _card.Deliver(frame, delay);
        }
    }

    private void Take(byte[] frame)
    {
        if (Loses(frame))
        {
            return;
        }

        ReadOnlySpan<byte> payload = frame.AsSpan(14);
        if (EthernetFrame.Type(frame) == EthernetFrame.Arp)
        {
            if (ArpPacket.TryParse(payload, out ArpPacket arp) && arp is { Operation: ArpPacket.Request, Target: Address })
            {
                Send(new ArpPacket(ArpPacket.Reply, Station, Address, arp.SenderStation, arp.Sender).ToFrame(arp.SenderStation));
            }

            return;
        }

        if (Ipv4Packet.TryParse(payload, out Ipv4Packet packet) && packet.Protocol == Ipv4Packet.Udp
            && UdpDatagram.TryParse(default, packet.Source, packet.Destination, packet.Payload, out UdpDatagram datagram))
        {
            Take(datagram);
        }
    }

    private void Take(UdpDatagram datagram)
    {
        byte[] message = datagram.Payload.ToArray();
        ushort client = datagram.SourcePort;
        if (datagram.DestinationPort == 67)
        {
            DhcpRequests.Add(message);
            if (Dhcp(this, message) is { } reply)
            {
                Send(Frame(67, 68, reply));
            }
        }
        else if (message[1] == 5)
        {
            Errors.Add((datagram.DestinationPort, message));
            _transfers.Remove(datagram.DestinationPort);
        }
        else if (datagram is { DestinationPort: 69, Destination: Address } && message[1] == 1)
        {
            TftpRequests.Add(message);
            Start(client, message);
        }
        else if (_transfers.TryGetValue(datagram.DestinationPort, out Transfer? transfer) && message[1] == 4)
        {
            Acknowledge(transfer, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2)));
        }
    }

    private void Start(ushort client, byte[] request)
    {
        string[] words = Encoding.Latin1.GetString(request, 2, request.Length - 3).Split('\0');
        ushort port = _nextPort++;
        if (!Files.TryGetValue(words[0], out byte[]? file))
        {
            Send(Frame(port, client, [0, 5, 0, 1, .. "no such file"u8, 0]));
            return;
        }

        int at = Array.IndexOf(words, "blksize");
        bool accepts = HasOptions && at >= 0;
        int blockSize = accepts ? int.Parse(words[at + 1], CultureInfo.InvariantCulture) : 512;
        Transfer transfer = new(port, client, file, blockSize) { AwaitsOptions = accepts };
        _transfers.Add(port, transfer);
        transfer.Last = accepts
            ? Acceptance ?? [0, 6, .. Encoding.ASCII.GetBytes($"BlkSize\0{blockSize}\0tsize\0{file.Length}\0timeout\0" + "1\0")]
            : Data(transfer);
        SendLast(transfer);
    }

    private void Acknowledge(Transfer transfer, ushort number)
    {
        bool isExpected = transfer.AwaitsOptions ? number == 0 : number == transfer.Number;
        if (isExpected)
        {
            if (!transfer.AwaitsOptions && transfer.IsLast)
            {
                _transfers.Remove(transfer.Port);
                return;
            }

            transfer.Block += transfer.AwaitsOptions ? 0 : 1;
            transfer.Number = transfer.AwaitsOptions ? (ushort)1 : transfer.Number == 65535 ? WrapsTo : (ushort)(transfer.Number + 1);
            transfer.AwaitsOptions = false;
            transfer.Last = Data(transfer);
            SendLast(transfer);
        }
        else if (IsApprentice && number == (ushort)(transfer.Number - 1))
        {
            SendLast(transfer);
        }
    }

    private static byte[] Data(Transfer transfer)
    {
        int start = (int)(transfer.Block * transfer.BlockSize);
        int count = Math.Min(transfer.BlockSize, transfer.File.Length - start);
        return [0, 3, (byte)(transfer.Number >> 8), (byte)transfer.Number, .. transfer.File.AsSpan(start, count)];
    }

    private void SendLast(Transfer transfer)
    {
        if (transfer.Block >= DiesAfter)
        {
            return;
        }

        DataSent += transfer.Last[1] == 3 ? 1 : 0;
        Send(Frame(transfer.Port, transfer.Client, transfer.Last));
        byte[] sent = transfer.Last;
        int attempt = ++transfer.Attempts;
        _card.At(VirtualTime.FromSeconds(1), () =>
        {
            bool isStill = _transfers.ContainsKey(transfer.Port) && transfer.Last == sent && transfer.Attempts == attempt;
            if (isStill && ++transfer.Repeats < 1000)
            {
                SendLast(transfer);
            }
        });
    }

    private sealed class Transfer(ushort port, ushort client, byte[] file, int blockSize)
    {
        public ushort Port => port;

        public ushort Client => client;

        public byte[] File => file;

        public int BlockSize => blockSize;

        public bool AwaitsOptions { get; set; }

        /// <summary>Blocks sent before; 0 for the first.</summary>
        public long Block { get; set; }

        public ushort Number { get; set; } = 1;

        public byte[] Last { get; set; } = [];

        public int Attempts { get; set; }

        public int Repeats { get; set; }

        public bool IsLast => (Block + 1) * blockSize > file.Length;
    }
}
