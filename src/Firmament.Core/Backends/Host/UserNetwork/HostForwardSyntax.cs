using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>QEMU's spelling of a forward: [tcp|udp]:[HOSTADDRESS]:HOSTPORT-[GUESTADDRESS]:GUESTPORT.</summary>
internal static class HostForwardSyntax
{
    public static HostForward Parse(string text)
    {
        int first = text.IndexOf(':', StringComparison.Ordinal);
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (first < 0 || dash < first)
        {
            throw Malformed(text);
        }

        bool isDatagram = text[..first] switch
        {
            "tcp" or "" => false,
            "udp" => true,
            _ => throw Malformed(text),
        };
        (string hostAddress, int hostPort) = Split(text, text[(first + 1)..dash], 0);
        (string guestAddress, int guestPort) = Split(text, text[(dash + 1)..], 1);
        return new HostForward(
            isDatagram,
            new IPEndPoint(hostAddress.Length == 0 ? IPAddress.Any : Address(text, hostAddress), hostPort),
            guestAddress.Length == 0 ? null : Address(text, guestAddress),
            (ushort)guestPort);
    }

    private static (string Address, int Port) Split(string whole, string part, int least)
    {
        int colon = part.LastIndexOf(':');
        return colon >= 0 && int.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= least && port <= 65535
            ? (part[..colon], port)
            : throw Malformed(whole);
    }

    private static IPAddress Address(string whole, string text) =>
        IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw Malformed(whole);

    private static BackendException Malformed(string text) =>
        new($"hostfwd={text} is no forward; give hostfwd=tcp:[HOSTADDRESS]:HOSTPORT-[GUESTADDRESS]:GUESTPORT, for example tcp::2222-:22");
}
