using Firmament.Core.Time;
using Firmament.Firmware.Drivers;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Drivers;

/// <summary>Every network driver on the real devices of both machines.</summary>
public sealed class NetworkDriverTests
{
    private static readonly byte[] Mac = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
    private static readonly byte[] Peer = [0x52, 0x55, 0x0a, 0x00, 0x02, 0x02];

    public static TheoryData<string> Cards => ["pegasos2 virtio", "pseries virtio", "pseries iommu", "pseries vlan"];

    private static (Machine Machine, INetworkDriver Driver, EchoNetwork Host) Start(string kind)
    {
        EchoNetwork host = new();
        NetworkConfiguration network = new() { Id = "n", Kind = NetworkBackendKind.User };
        MachineConfiguration configuration = DriverBench.Configuration(kind.Split(' ')[0]);
        configuration = kind switch
        {
            "pseries vlan" => configuration with { Networks = [network with { Model = "spapr-vlan" }] },
            "pseries iommu" => configuration with { Networks = [network], Devices = [DriverBench.Device("virtio-net-pci", ("netdev", "n"), ("iommu_platform", "on"))] },
            _ => configuration with { Networks = [network with { Model = "virtio-net-pci" }] },
        };
        Machine machine = MachineFactory.CreateMachine(configuration, new HostServices { OpenNetwork = _ => host });
        return (machine, Assert.Single(machine.FirmwareDevices!.All).Network!, host);
    }

    private static byte[] Frame(int length, byte seed)
    {
        byte[] frame = DriverBench.Pattern(length, seed);
        Peer.CopyTo(frame, 0);
        Mac.CopyTo(frame, 6);
        return frame;
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Frames_go_out_and_come_back(string kind)
    {
        (Machine machine, INetworkDriver driver, EchoNetwork host) = Start(kind);
        using (machine)
        {
            Assert.Equal(Mac, driver.MacAddress.ToArray());
            Assert.True(driver.TryStart());
            byte[] room = new byte[1514];
            Assert.Equal(0, driver.Receive(room));

            // More than any ring or queue has entries, so that all of them wrap.
            for (int i = 0; i < 600; i++)
            {
                byte[] frame = Frame(60 + (i * 7 % 1455), (byte)i);
                Assert.True(driver.TrySend(frame));
                Assert.Equal(frame, host.Sent[^1]);
                Assert.True(machine.WaitInCall(VirtualTime.FromMicroseconds(1)));
                int length = driver.Receive(room);
                Assert.Equal(frame.Length, length);
                Assert.Equal(frame[12..], room[12..length]);
                Assert.Equal(Mac, room[..6]);
            }

            Assert.Equal(0, driver.Receive(room));
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Short_frames_are_padded_and_frames_that_cannot_be_are_refused(string kind)
    {
        (Machine machine, INetworkDriver driver, EchoNetwork host) = Start(kind);
        using (machine)
        {
            Assert.False(driver.TrySend(Frame(60, 1)));
            Assert.True(driver.TryStart());
            Assert.True(driver.TrySend(Frame(1514, 1)));
            Assert.True(driver.TrySend(Frame(42, 2)));

            Assert.Equal([.. Frame(42, 2), .. new byte[18]], host.Sent[1]);
            Assert.False(driver.TrySend(Frame(13, 1)));
            Assert.False(driver.TrySend(Frame(1515, 1)));
            Assert.Equal(2, host.Sent.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_burst_arrives_in_order_and_what_is_too_long_is_left_out(string kind)
    {
        (Machine machine, INetworkDriver driver, EchoNetwork host) = Start(kind);
        using (machine)
        {
            Assert.True(driver.TryStart());
            for (byte i = 0; i < 40; i++)
            {
                byte[] frame = Frame(i == 20 ? 1800 : 100 + i, i);
                Mac.CopyTo(frame, 0);
                host.Post(frame);
            }

            Assert.True(machine.WaitInCall(VirtualTime.FromMicroseconds(1)));
            byte[] room = new byte[1514];
            List<int> lengths = [];
            for (int length = driver.Receive(room); length != 0; length = driver.Receive(room))
            {
                lengths.Add(length);
            }

            Assert.Equal([.. Enumerable.Range(100, 40).Where(static length => length != 120)], lengths);
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Rest_gives_everything_back_and_the_device_is_as_before(string kind)
    {
        (Machine machine, INetworkDriver driver, EchoNetwork host) = Start(kind);
        using (machine)
        {
            Dictionary<string, string> before = FieldVisitor.Fields(machine);
            Assert.True(driver.TryStart());
            Assert.True(driver.TryStart() && driver.TrySend(Frame(60, 1)) && machine.WaitInCall(VirtualTime.FromMicroseconds(1)));
            driver.Stop();
            Assert.NotEqual(0, driver.Receive(new byte[1514]));
            machine.FirmwareDevices!.Quiesce();
            Assert.False(driver.TrySend(Frame(60, 1)));
            host.Post(Frame(60, 1));
            Assert.True(machine.WaitInCall(VirtualTime.FromMicroseconds(1)));
            Assert.Equal(0, driver.Receive(new byte[1514]));

            Dictionary<string, string> after = FieldVisitor.Fields(machine);
            string[] changed = [.. before.Keys.Where(path => before[path] != after.GetValueOrDefault(path)), .. after.Keys.Except(before.Keys)];
            string[] seen = [.. changed.Where(static path => !path.StartsWith("firmware/devices/", StringComparison.Ordinal) && path is not ("clock/now" or "mv64361/config1/address"))];
            Assert.True(seen.Length == 0, string.Join('\n', seen));
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_driver_goes_on_in_a_machine_that_took_over_its_state(string kind)
    {
        (Machine first, INetworkDriver sender, _) = Start(kind);
        (Machine second, INetworkDriver driver, EchoNetwork host) = Start(kind);
        using (first)
        using (second)
        {
            Assert.True(sender.TryStart() && sender.TrySend(Frame(99, 1)) && first.WaitInCall(VirtualTime.FromMicroseconds(1)));
            using MemoryStream state = new();
            first.Save(state);
            state.Position = 0;
            second.Load(state);

            byte[] room = new byte[1514];
            Assert.Equal(99, driver.Receive(room));
            Assert.True(driver.TrySend(Frame(70, 2)));
            Assert.Single(host.Sent);
        }
    }
}
