using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Debian's own kernel with the drivers of its installer, which are modules and little-endian.</summary>
public sealed class DebianModulesBootTests
{
    // In the order in which they need each other.
    private static readonly string[] Network =
        ["virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover", "virtio_net", "ibmveth"];

    [Theory]
    [InlineData("power9", "virtio-net-pci")]
    [InlineData("power9", "spapr-vlan")]
    [InlineData("power8", "virtio-net-pci")]
    public void A_card_gets_its_address_and_fetches_a_file_from_the_host(string cpu, string model)
    {
        byte[] content = new byte[1_000_000];
        new Random(3).NextBytes(content);
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        new Thread(() => Serve(server, content)) { IsBackground = true }.Start();
        string folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/firmament/debian-12-ppc64el");
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "vmlinux")), "Debian's kernel is not in the cache: fetch it with firmament boot debian.");
        using VirtualMachine machine = VirtualMachine.Create(
            new MachineConfiguration
            {
                Machine = "pseries",
                Cpu = cpu,
                Kernel = GuestImage.FromFile(Path.Combine(folder, "vmlinux")),
                Initrd = GuestImage.FromBytes(
                    "initramfs with modules", CpioArchive.Join(File.ReadAllBytes(Guests.Path("ppc64le/initramfs.cpio.gz")), Modules(Path.Combine(folder, "initrd.gz")))),
                CommandLine = "console=hvc0 quiet " + Boot.Run(
                    $"for m in /mnt/*.ko;do insmod $m;done;ifconfig eth0 up;udhcpc -n -q -i eth0 -s /usr/share/udhcpc/default.script;wget -q -O - http://10.0.2.2:{port}/file | sha256sum"),
                Networks = [new NetworkConfiguration { Model = model, Kind = NetworkBackendKind.User }],
            },
            new HostServices { OpenNetwork = static _ => new UserNetworkBackend(new UserNetworkOptions()) });

        string text = machine.ToPowerOff();

        Assert.Contains("udhcpc: eth0 10.0.2.15 gw 10.0.2.2 dns 10.0.2.3", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), text, StringComparison.Ordinal);
    }

    /// <summary>An archive of the modules the test needs, named in the order to load them.</summary>
    private static byte[] Modules(string installer)
    {
        Dictionary<string, byte[]> files = CpioArchive.ReadFiles(File.ReadAllBytes(installer));
        return CpioArchive.Write(Network.Select((module, i) => ($"mnt/{i:d2}-{module}.ko", files.Single(file => file.Key.EndsWith($"/{module}.ko", StringComparison.Ordinal)).Value)));
    }

    private static void Serve(TcpListener server, byte[] content)
    {
        try
        {
            using TcpClient client = server.AcceptTcpClient();
            using NetworkStream stream = client.GetStream();
            _ = stream.Read(new byte[4096]);
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
            stream.Write(content);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The machine ended first; the assertion says so.
        }
    }
}
