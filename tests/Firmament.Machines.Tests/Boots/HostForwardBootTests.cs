using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;
using static Firmament.Machines.Tests.Boots.PseriesBoot;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Ports of the host that lead to servers in a guest, over the host's own sockets.</summary>
public sealed class HostForwardBootTests
{
    private const int Patience = 30_000;

    [Theory]
    [InlineData("virtio-net-pci", "off")]
    [InlineData("spapr-vlan", "on")]
    public void Forwarded_ports_reach_servers_in_the_guest_both_ways(string model, string restrict)
    {
        byte[] upload = new byte[400_000];
        new Random(2).NextBytes(upload);
        (int web, int sink, int echo) = (FreePort(ProtocolType.Tcp), FreePort(ProtocolType.Tcp), FreePort(ProtocolType.Udp));
        KeyValuePair<string, string>[] parameters =
            [new("hostfwd", $"tcp:127.0.0.1:{web}-:80\ntcp:127.0.0.1:{sink}-10.0.2.15:22\nudp:127.0.0.1:{echo}-:69"), new("restrict", restrict)];
        using VirtualMachine machine = VirtualMachine.Create(
            Linux(
                "ifconfig eth0 up;udhcpc -n -q -i eth0;httpd -h /www;udpsvd 0 69 cat&nc -l -p 22 > /tmp/in&sleep 1;echo LISTENING$((6*7));wait $!;sha256sum /tmp/in") with
            {
                Networks = [new NetworkConfiguration { Model = model, Kind = NetworkBackendKind.User }],
            },
            new HostServices { OpenNetwork = _ => new UserNetworkBackend(UserNetworkOptions.Parse(parameters)) });
        Assert.True(machine.RunUntil("LISTENING42", 120), machine.Tail());
        string page = "", answer = "";
        Exception? failure = null;
        Thread client = new(() =>
        {
            try
            {
                page = Get(web);
                answer = Ask(echo, "a datagram");
                Send(sink, upload);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The guest would wait for ever.
                failure = e;
                machine.Machine.RequestStop();
            }
        });
        client.Start();

        // A guest that waits for the host sleeps through virtual time as fast as the host can.
        StopResult? result = machine.RunToEnd(virtualSeconds: 1_000_000);
        client.Join();

        Assert.Null(failure);
        Assert.Equal(StopReason.PowerOff, result?.Reason);
        Assert.Contains("udhcpc: eth0 10.0.2.15 gw " + (restrict == "on" ? " dns \r" : "10.0.2.2 dns 10.0.2.3\r"), machine.Console.Text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello from the guest\n", page, StringComparison.Ordinal);
        Assert.Equal("a datagram", answer);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(upload)), machine.Console.Text, StringComparison.Ordinal);
    }

    private static string Get(int port)
    {
        using Socket socket = Connect(port);
        socket.Send("GET /index.html HTTP/1.0\r\n\r\n"u8);
        return Encoding.ASCII.GetString(ReadToEnd(socket));
    }

    private static string Ask(int port, string text)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes(text));
        byte[] answer = new byte[100];
        return Encoding.ASCII.GetString(answer, 0, socket.Receive(answer));
    }

    private static void Send(int port, byte[] bytes)
    {
        using Socket socket = Connect(port);
        socket.Send(bytes);
        socket.Shutdown(SocketShutdown.Send);
        ReadToEnd(socket);
    }

    private static Socket Connect(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience, SendTimeout = Patience };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static byte[] ReadToEnd(Socket socket)
    {
        using MemoryStream all = new();
        byte[] chunk = new byte[4096];
        for (int count; (count = socket.Receive(chunk)) > 0;)
        {
            all.Write(chunk, 0, count);
        }

        return all.ToArray();
    }

    private static int FreePort(ProtocolType protocol)
    {
        using Socket socket = new(AddressFamily.InterNetwork, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
