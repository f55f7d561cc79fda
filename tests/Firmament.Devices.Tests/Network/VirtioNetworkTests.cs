using Firmament.Core.Backends;
using Firmament.Core.Replay;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Network;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests.Network;

public sealed class VirtioNetworkTests : IDisposable
{
    private const ulong Merge = 1ul << 15;
    private const ulong Control = (1ul << 17) | (1ul << 18) | (1ul << 20) | (1ul << 23);
    private const ulong Buffer = VirtioDriver.Buffers;
    private static readonly byte[] Mac = [0x52, 0x54, 0, 0, 0, 1];

    private readonly PciRig _rig = new();
    private readonly NetworkHub _hub = new();
    private readonly INetworkBackend _peer;
    private readonly InputJournal _peerJournal = new();
    private readonly List<byte[]> _atPeer = [];
    private readonly VirtioNetwork _card;

    public VirtioNetworkTests()
    {
        _card = new VirtioNetwork("net", Mac, _hub.CreatePort(), _rig.Journal, _rig.Tracer);
        _peer = _hub.CreatePort();
        _peer.Attach(_peerJournal.CreateChannel("peer", frame =>
        {
            _peer.Acknowledge(frame);
            _atPeer.Add(frame);
        }));
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(DriverKind.Modern, 0ul, 12)]
    [InlineData(DriverKind.Modern, Merge, 12)]
    [InlineData(DriverKind.LegacyBig, 0ul, 10)]
    [InlineData(DriverKind.LegacyBig, Merge, 12)]
    public void Frames_go_both_ways(DriverKind kind, ulong features, int header)
    {
        VirtioDriver driver = new(_rig, _card, kind, features);
        byte[] frame = Frame(Mac, 100);
        _rig.Write(Buffer + (ulong)header, frame);
        driver.Send(1, (Buffer, (uint)header, false), (Buffer + (ulong)header, 100, false));
        _peerJournal.Drain();
        Assert.Equal(frame, Assert.Single(_atPeer));

        driver.Add(0, (Buffer + 0x1000, 2048, true));
        driver.Notify(0);
        _peer.Send(frame);
        _rig.Journal.Drain();
        Assert.Equal((0u, (uint)(100 + header)), driver.Used(0, 0));
        Assert.Equal(frame, _rig.Read(Buffer + 0x1000 + (ulong)header, 100));
        if (header == 12)
        {
            Assert.Equal(1, driver.Get16(Buffer + 0x1000 + 10));
        }

        Assert.True(_rig.InterruptLevel);
        Assert.Equal(Mac, driver.Configuration(6));
    }

    [Fact]
    public void A_long_frame_is_merged_over_several_buffers_and_waits_until_there_are_enough()
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.LegacyBig, Merge | (1ul << 29));
        byte[] frame = Frame(Mac, 1000);
        for (int i = 0; i < 3; i++)
        {
            driver.Add(0, (Buffer + (ulong)(0x1000 * i), 300, true));
        }

        driver.Notify(0);
        _peer.Send(frame);
        _rig.Journal.Drain();
        Assert.Equal(0, driver.UsedIndex(0));
        driver.Add(0, (Buffer + 0x3000, 300, true));
        driver.Notify(0);
        Assert.Equal(4, driver.UsedIndex(0));
        Assert.Equal(4, driver.Get16(Buffer + 10));
        byte[] received = [.. _rig.Read(Buffer + 12, 288), .. _rig.Read(Buffer + 0x1000, 300), .. _rig.Read(Buffer + 0x2000, 300), .. _rig.Read(Buffer + 0x3000, 112)];
        Assert.Equal(frame, received);
    }

    [Fact]
    public void Frames_nobody_takes_are_bounded_and_too_small_a_buffer_costs_the_frame()
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.LegacyBig, 0);
        for (int i = 0; i < 300; i++)
        {
            _peer.Send(Frame(Mac, 100));
            _rig.Journal.Drain();
        }

        Assert.Equal(300 - 256, _card.DroppedFrames);
        driver.Add(0, (Buffer, 50, true));
        driver.Notify(0);
        Assert.Equal((0u, 0u), driver.Used(0, 0));
        Assert.Equal(300 - 255, _card.DroppedFrames);
        driver.Add(0, (Buffer, 110, true));
        driver.Notify(0);
        Assert.Equal((1u, 110u), driver.Used(0, 1));
    }

    [Fact]
    public void The_control_queue_sets_the_filter()
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.Modern, Control);
        byte[] other = [0x52, 0x54, 0, 0, 0, 9];
        byte[] group = [0x01, 0, 0x5e, 0, 0, 1];
        for (int i = 0; i < 8; i++)
        {
            driver.Add(0, (Buffer + 0x8000 + (ulong)(0x1000 * i), 2048, true));
        }

        Assert.Equal(1, Delivered(other));
        Assert.Equal(0, Command(0, 0, [0]));
        Assert.Equal(0, Delivered(other));
        Assert.Equal(1, Delivered(Mac));
        Assert.Equal(0, Delivered(group));
        Assert.Equal(0, Command(1, 0, [.. driver.Number32(1), .. other, .. driver.Number32(1), .. group]));
        Assert.Equal(1, Delivered(other));
        Assert.Equal(1, Delivered(group));
        Assert.Equal(0, Command(1, 1, [0x52, 0x54, 0, 0, 0, 2]));
        Assert.Equal(0, Delivered(Mac));
        Assert.Equal(1, Command(1, 0, [.. driver.Number32(0x1000_0000)]));
        Assert.Equal(1, Command(9, 9, [0]));

        int Delivered(byte[] to)
        {
            int before = driver.UsedIndex(0);
            _peer.Send(Frame(to, 60));
            _rig.Journal.Drain();
            return driver.UsedIndex(0) - before;
        }

        byte Command(byte kind, byte command, byte[] parameters)
        {
            _rig.Write(Buffer, [kind, command, .. parameters]);
            driver.Send(2, (Buffer, 2, false), (Buffer + 2, (uint)parameters.Length, false), (Buffer + 0x800, 1, true));
            return _rig.Read(Buffer + 0x800, 1)[0];
        }
    }

    [Theory]
    [InlineData(5u)] // shorter than its header
    [InlineData(20u)] // shorter than an Ethernet header
    [InlineData(200000u)]
    public void A_frame_of_impossible_length_is_dropped(uint length)
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.Modern, 0);
        driver.Send(1, (Buffer, length, false));
        _peerJournal.Drain();
        Assert.Empty(_atPeer);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Buffers_outside_memory_need_a_reset(int queue)
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.Modern, Control);
        driver.Add(queue, (0x4000_0000, 100, queue == 0));
        driver.Notify(queue);
        _peer.Send(Frame(Mac, 60));
        _rig.Journal.Drain();
        Assert.NotEqual(0, driver.Status & 64);
    }

    [Fact]
    public void Link_changes_interrupt_and_a_downed_link_carries_nothing()
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.LegacyBig, 1 << 16);
        Assert.Equal([0, 1], driver.Configuration(8)[6..]);
        _card.SetLink(false);
        Assert.Equal([0, 0], driver.Configuration(8)[6..]);
        Assert.Equal(2, driver.TakeIsr());
        driver.Send(1, (Buffer, 100, false));
        _peerJournal.Drain();
        Assert.Empty(_atPeer);
    }

    [Fact]
    public void Waiting_frames_survive_save_and_load()
    {
        VirtioDriver driver = new(_rig, _card, DriverKind.LegacyBig, Merge);
        _peer.Send(Frame(Mac, 77));
        _rig.Journal.Drain();
        VirtioPciFunction copy = new(
            new VirtioNetwork("net", Mac, _hub.CreatePort(), new InputJournal(), _rig.Tracer), Core.Memory.Endianness.Big, _rig.Tracer);
        string before = FieldList.Hash(driver.Function);
        FieldList.Copy(driver.Function, copy);
        Assert.Equal(before, FieldList.Hash(copy));
        driver.Stop();
        Assert.NotEqual(before, FieldList.Hash(driver.Function));
    }

    private static byte[] Frame(byte[] to, int length)
    {
        byte[] frame = new byte[length];
        to.CopyTo(frame, 0);
        for (int i = 12; i < length; i++)
        {
            frame[i] = (byte)i;
        }

        return frame;
    }
}
