using System.Diagnostics.CodeAnalysis;
using Firmament.Core.Internet;

namespace Firmament.Firmware.Network;

/// <summary>What a server answered, read out of its message.</summary>
internal sealed record BootpReply
{
    /// <summary><see cref="DhcpKind.None"/> from a server that knows only BOOTP.</summary>
    public required DhcpKind Kind { get; init; }

    /// <summary>The address for us; 0 in a refusal.</summary>
    public required uint Address { get; init; }

    /// <summary>Who gave it.</summary>
    public required uint Server { get; init; }

    public uint Mask { get; init; }

    public uint Gateway { get; init; }

    /// <summary>Who serves the file; 0 when the server does not say.</summary>
    public uint FileServer { get; init; }

    public string? File { get; init; }

    /// <summary>The message from its BOOTP header on.</summary>
    public required byte[] Message { get; init; }

    /// <summary>The message with Ethernet, IPv4 and UDP headers before it, 42 bytes.</summary>
    public required byte[] Frame { get; init; }

    /// <summary>Reads a datagram. False when it is no reply to this station's transaction.</summary>
    public static bool TryParse(in UdpDatagram datagram, StationAddress station, uint transactionId, [NotNullWhen(true)] out BootpReply? reply)
    {
        reply = null;
        if (datagram.SourcePort != DhcpClient.ServerPort || !BootpMessage.TryParse(datagram.Payload, out BootpMessage message)
            || message.TransactionId != transactionId || message.Client != station)
        {
            return false;
        }

        uint server = message.Address(BootpOption.Server);
        string? serverName = message.Text(BootpOption.TftpServerName) ?? message.ServerName;
        uint named = Ipv4Address.TryParse(serverName, out uint number) ? number : 0;
        reply = new BootpReply
        {
            Kind = message.Option(BootpOption.Kind) is [byte kind] ? (DhcpKind)kind : DhcpKind.None,
            Address = message.YourAddress,
            Server = server != 0 ? server : message.NextServer != 0 ? message.NextServer : datagram.Source,
            Mask = message.Address(BootpOption.SubnetMask),
            Gateway = message.Address(BootpOption.Router),
            FileServer = message.NextServer != 0 ? message.NextServer : named,
            File = message.Text(BootpOption.BootFile) ?? message.File,
            Message = datagram.Payload.ToArray(),
            Frame = UdpDatagram.ToFrame(
                station, datagram.Station, datagram.Source, datagram.SourcePort, datagram.Destination, datagram.DestinationPort, 0, datagram.Payload),
        };
        return true;
    }

    /// <summary>True for an address a station can have.</summary>
    public bool IsUsable => Address != 0 && Address >> 24 is not (0 or 127) && Address >> 28 < 0xe && (Mask == 0 || (~Mask & (~Mask + 1)) == 0);
}
