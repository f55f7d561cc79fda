using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Boots;

public sealed class UserNetworkBootTests
{
    [Fact]
    public void A_guest_gets_its_address_and_fetches_a_file_from_the_host()
    {
        byte[] content = new byte[3_000_000];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = (byte)((i * 31) ^ (i >> 8));
        }

        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        Thread serve = new(() => Serve(server, content)) { IsBackground = true };
        serve.Start();
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run(
                $"ifconfig eth0 up;udhcpc -n -q -i eth0 -s /bin/true;ifconfig eth0 10.0.2.15;wget -q -O - http://10.0.2.2:{port}/file | sha256sum")) with
            {
                Networks = [new NetworkConfiguration { Model = "virtio-net-pci", Kind = NetworkBackendKind.User }],
            },
            new HostServices { OpenNetwork = static _ => new UserNetworkBackend(new UserNetworkOptions()) });
        string text = machine.ToPowerOff();
        Assert.Contains("lease of 10.0.2.15 obtained", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_mounts_a_folder_reads_writes_and_cannot_leave_it()
    {
        string folder = Directory.CreateTempSubdirectory("firmament").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "hello"), "from the host");
            File.CreateSymbolicLink(Path.Combine(folder, "out"), "/etc/hostname");
            using VirtualMachine machine = VirtualMachine.Create(
                Boot.Kernel(Boot.Builtin, Boot.Run(
                    "mkdir /m;mount -t 9p -o trans=virtio,version=9p2000.L,msize=65536 host0 /m;cat /m/hello;ls -la /m;mkdir /m/d;echo guest > /m/d/file;mv /m/d /m/e;"
                    + "dd if=/dev/zero of=/m/big bs=64k count=20;ln -s hello /m/soft;cat /m/soft;rm /m/hello;umount /m")) with
                {
                    Folders = [new FolderConfiguration { Id = "f", Path = folder }],
                    Devices =
                    [
                        new DeviceConfiguration { Driver = "virtio-9p-pci", Properties = new Dictionary<string, string> { ["fsdev"] = "f", ["mount_tag"] = "host0" } },
                        new DeviceConfiguration { Driver = "virtio-balloon-pci" },
                    ],
                });
            string text = machine.ToPowerOff();
            Assert.Contains("from the host", text, StringComparison.Ordinal);
            Assert.Equal("guest\n", File.ReadAllText(Path.Combine(folder, "e/file")));
            Assert.Equal(20 * 65536, new FileInfo(Path.Combine(folder, "big")).Length);
            Assert.False(File.Exists(Path.Combine(folder, "hello")));
            Assert.Equal("hello", new FileInfo(Path.Combine(folder, "soft")).LinkTarget);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Serve(TcpListener server, byte[] content)
    {
        try
        {
            using TcpClient client = server.AcceptTcpClient();
            using NetworkStream stream = client.GetStream();
            byte[] request = new byte[4096];
            _ = stream.Read(request);
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
            stream.Write(content);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The machine ended first; the assertion says so.
        }
    }
}
