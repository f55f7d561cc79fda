using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;
using static Firmament.Machines.Tests.Boots.PseriesBoot;

namespace Firmament.Machines.Tests.Boots;

public sealed class PseriesNetworkBootTests
{
    [Theory]
    [InlineData("virtio-net-pci", "pci=nomsi")]
    [InlineData("spapr-vlan", "")]
    public void A_card_gets_its_address_and_fetches_a_file_from_the_host(string model, string arguments)
    {
        byte[] content = new byte[1_500_000];
        new Random(1).NextBytes(content);
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        new Thread(() => Serve(server, content)) { IsBackground = true }.Start();
        using VirtualMachine machine = VirtualMachine.Create(
            Linux(
                $"ifconfig eth0 up;udhcpc -n -q -i eth0 -s /bin/true;ifconfig eth0 10.0.2.15;wget -q -O - http://10.0.2.2:{port}/file | sha256sum;ping -c 2 10.0.2.2",
                arguments) with
            {
                Networks = [new NetworkConfiguration { Model = model, Kind = NetworkBackendKind.User }],
            },
            new HostServices { OpenNetwork = static _ => new UserNetworkBackend(new UserNetworkOptions()) });

        string text = machine.ToPowerOff();
        Assert.Contains("lease of 10.0.2.15 obtained", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), text, StringComparison.Ordinal);
        Assert.Contains("2 packets received", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_a_console_random_numbers_and_a_second_terminal_work_together()
    {
        string folder = Directory.CreateTempSubdirectory("firmament").FullName;
        Written second = new();
        Written console = new();
        try
        {
            File.WriteAllText(Path.Combine(folder, "hello"), "from the host");
            using VirtualMachine machine = VirtualMachine.Create(
                Linux(
                    "mkdir /m;mount -t 9p -o trans=virtio,version=9p2000.L host0 /m;cat /m/hello;echo guest > /m/file;umount /m;echo second > /dev/hvc1;echo virtual > /dev/hvc2;"
                    + "cat /sys/class/misc/hw_random/rng_available;dd if=/dev/hwrng bs=32 count=1 | wc -c;sleep 1") with
                {
                    Folders = [new FolderConfiguration { Id = "f", Path = folder }],
                    Devices =
                    [
                        Device("virtio-9p-pci", ("fsdev", "f"), ("mount_tag", "host0")), Device("virtconsole", ("chardev", "c")), Device("virtio-rng-pci"),
                        Device("virtio-balloon-pci"), Device("spapr-rng"),
                    ],
                },
                new HostServices { SerialPorts = [null, second], CharacterDevices = new Dictionary<string, ICharacterBackend> { ["c"] = console } });

            string text = machine.ToPowerOff();
            Assert.Contains("from the host", text, StringComparison.Ordinal);
            Assert.Contains("virtio_rng.0", text, StringComparison.Ordinal);
            Assert.Contains("pseries_rng", text, StringComparison.Ordinal);
            Assert.Equal("guest\n", File.ReadAllText(Path.Combine(folder, "file")));
            Assert.Equal("second\r\n", second.Text);
            Assert.Equal("virtual\r\n", console.Text);
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

    private sealed class Written : ICharacterBackend
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public void Write(ReadOnlySpan<byte> bytes) => _text.Append(Encoding.ASCII.GetString(bytes));
    }
}
