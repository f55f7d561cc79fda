using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Boots;

public sealed class NetworkBootTests
{
    [Theory]
    [InlineData(PciSetup.Firmware)]
    [InlineData(PciSetup.Guest)]
    public void A_virtio_card_sends_and_receives(PciSetup setup)
    {
        PingPeer peer = new();
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run("ifconfig eth0 10.0.2.15 up;ping -c 3 10.0.2.2")) with
            {
                Networks = [new NetworkConfiguration { Model = "virtio-net-pci" }],
                PciSetup = setup,
            },
            new HostServices { OpenNetwork = _ => peer });

        Assert.Contains("3 packets received", machine.ToPowerOff(), StringComparison.Ordinal);
        Assert.Equal(3, peer.Pings);
    }

    [Fact]
    public void Random_numbers_come_from_the_seed()
    {
        string[] numbers = new string[2];
        for (int i = 0; i < 2; i++)
        {
            using VirtualMachine machine = VirtualMachine.Create(
                Boot.Kernel(Boot.Builtin, Boot.Run("cat /sys/class/misc/hw_random/rng_current;dd if=/dev/hwrng bs=32 count=1 | sha256sum")) with
                {
                    Devices = [new DeviceConfiguration { Driver = "virtio-rng-pci" }],
                    Seed = (ulong)i,
                });
            string text = machine.ToPowerOff();
            Assert.Contains("virtio_rng", text, StringComparison.Ordinal);
            numbers[i] = text[text.IndexOf("virtio_rng", StringComparison.Ordinal)..].Split('\n').First(static line => line.Contains("  -", StringComparison.Ordinal));
        }

        Assert.NotEqual(numbers[0], numbers[1]);
    }

    /// <summary>10.0.2.2 at 52:55:0a:00:02:02: answers ARP requests and pings, as soon as they are sent.</summary>
    private sealed class PingPeer : INetworkBackend
    {
        private static readonly byte[] Mac = [0x52, 0x55, 0x0a, 0, 2, 2];
        private static readonly byte[] Address = [10, 0, 2, 2];

        private InputChannel? _toGuest;

        public int Pings { get; private set; }

        public void Attach(InputChannel toGuest) => _toGuest = toGuest;

        public void Acknowledge(ReadOnlySpan<byte> frame)
        {
        }

        public void Send(ReadOnlySpan<byte> frame)
        {
            const ushort Arp = 0x0806;
            const ushort Ip = 0x0800;
            byte[] reply = frame.ToArray();
            frame.Slice(6, 6).CopyTo(reply);
            Mac.CopyTo(reply, 6);
            switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
            {
                case Arp when frame[21] == 1 && frame.Slice(38, 4).SequenceEqual(Address):
                    reply[21] = 2;
                    frame.Slice(22, 10).CopyTo(reply.AsSpan(32));
                    Mac.CopyTo(reply, 22);
                    Address.CopyTo(reply, 28);
                    _toGuest?.Post(reply);
                    break;
                case Ip when frame[23] == 1 && frame[34] == 8 && frame.Slice(30, 4).SequenceEqual(Address):
                    Pings++;
                    frame.Slice(26, 4).CopyTo(reply.AsSpan(30));
                    Address.CopyTo(reply, 26);
                    reply[34] = 0;
                    // Type 8 became 0: the ones' complement sum over the message shrinks by 0x0800.
                    int sum = BinaryPrimitives.ReadUInt16BigEndian(frame[36..]) + 0x0800;
                    BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(36), (ushort)((sum & 0xffff) + (sum >> 16)));
                    _toGuest?.Post(reply);
                    break;
            }
        }

        public void Dispose()
        {
        }
    }
}
