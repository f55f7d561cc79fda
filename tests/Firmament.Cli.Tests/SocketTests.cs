using System.Net.Sockets;
using System.Text;
using Firmament.Cli.Tests.Scripted;
using Firmament.Machines.Configuration;
using static Firmament.Cli.Tests.Scripted.ScriptedMachine;

namespace Firmament.Cli.Tests;

public sealed class SocketTests
{
    [Fact]
    public void Unix_socket_server_carries_the_console_both_ways_and_removes_its_path()
    {
        using Session session = new(Print("hello"), Expect("bye"), End(StopReason.PowerOff));
        string path = session.FreshPath();
        string got = "";
        Thread peer = new(() =>
        {
            using Socket socket = Connect(path);
            byte[] buffer = new byte[16];
            got = Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
            socket.Send("bye"u8);
            _ = socket.Receive(buffer);
        });
        peer.Start();
        Assert.Equal(0, session.Run("--serial", $"unix:{path},server=on,wait=on", "--timeout", "30"));
        peer.Join();
        Assert.Equal("hello", got);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Monitor_on_a_socket_of_its_own_answers()
    {
        using Session session = new(Idle);
        string path = session.FreshPath();
        StringBuilder got = new();
        Thread peer = new(() =>
        {
            using Socket socket = Connect(path);
            socket.Send("info status\nquit\n"u8);
            byte[] buffer = new byte[256];
            for (int count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
            {
                got.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        });
        peer.Start();
        Assert.Equal(0, session.Run("-serial", "null", "-monitor", $"unix:{path},server", "--timeout", "30"));
        peer.Join();
        Assert.Contains("VM status: running", got.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Socket_nobody_listens_on_is_a_user_error()
    {
        using Session session = new(Idle);
        Assert.Equal(1, session.Run("--serial", $"unix:{session.FreshPath()}"));
        Assert.Contains("start the other side first", session.Streams.Error, StringComparison.Ordinal);
    }

    private static Socket Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        while (true)
        {
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException)
            {
                Thread.Sleep(10);
            }
        }
    }
}
