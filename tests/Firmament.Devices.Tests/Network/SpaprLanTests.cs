using System.Buffers.Binary;
using Firmament.Core.Backends;
using Firmament.Core.Hypercalls;
using Firmament.Core.Replay;
using Firmament.Devices.Network;
using Firmament.Devices.Tests.Shared;
using Firmament.Devices.Tests.Spapr;

namespace Firmament.Devices.Tests.Network;

public sealed class SpaprLanTests : IDisposable
{
    private const ulong Valid = 1ul << 63;
    private const ulong Ram = 0x20_0000;
    private const ulong List = 0x0000;
    private const ulong Filter = 0x1000;
    private const ulong QueueAt = 0x2000;
    private const ulong QueueLength = 64;
    private const ulong Buffers = 0x4000;
    private const ulong MacNumber = 0x5254_0000_0001;
    private static readonly byte[] Mac = [0x52, 0x54, 0, 0, 0, 1];

    private readonly SpaprRig _rig = new();
    private readonly NetworkHub _hub = new();
    private readonly INetworkBackend _peer;
    private readonly InputJournal _peerJournal = new();
    private readonly List<byte[]> _atPeer = [];
    private readonly SpaprLan _lan;

    public SpaprLanTests()
    {
        _lan = _rig.Bus.Place(new SpaprLan("lan", Mac, _hub.CreatePort(), _rig.Journal, _rig.Tracer));
        _peer = _hub.CreatePort();
        _peer.Attach(_peerJournal.CreateChannel("peer", frame =>
        {
            _peer.Acknowledge(frame);
            _atPeer.Add(frame);
        }));
        _rig.Map(_lan.Reg, 0, Ram, 64);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Registering_checks_every_address_and_happens_once()
    {
        ulong queue = Descriptor(QueueAt, QueueLength);
        Assert.Equal(PaprStatus.Parameter, _lan.Register(8, queue, Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(0x1000_0000, queue, Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(1ul << 40, queue, Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(List, queue, 12, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(List, queue & ~Valid, Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(List, Descriptor(QueueAt, 72), Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(List, Descriptor(QueueAt, 0), Filter, MacNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.Register(List, Descriptor(QueueAt, 0x10_0000), Filter, MacNumber));
        Assert.Equal(PaprStatus.Resource, _lan.Free());
        Assert.Equal(PaprStatus.Success, _lan.Register(List, queue, Filter, MacNumber));
        Assert.Equal(PaprStatus.Resource, _lan.Register(List, queue, Filter, MacNumber));
        Assert.Equal(queue, _rig.Read64(Ram));
        Assert.Equal(PaprStatus.Success, _lan.Free());
        Assert.False(_lan.IsOpen);
    }

    [Fact]
    public void A_frame_fills_the_shortest_buffer_that_fits_and_the_next_queue_entry()
    {
        Open();
        Add(0, 2048, 0xaaaa);
        Add(1, 256, 0xbbbb);
        _lan.Signal(1);
        byte[] frame = Frame(Mac, 100);
        Arrive(frame);
        Assert.Equal(new byte[] { 0xc0, 0, 0, 8, 0, 0, 0, 100 }, _rig.Read(Ram + QueueAt, 8));
        Assert.Equal(0xbbbbul, _rig.Read64(Ram + QueueAt + 8));
        Assert.Equal(frame, _rig.Read(Ram + Buffers + 0x1000 + 8, 100));
        Assert.Equal(1, _rig.Rises[0x1100]);
    }

    [Fact]
    public void The_toggle_flips_each_time_the_queue_wraps()
    {
        Open();
        for (int i = 0; i < 9; i++)
        {
            Add(i, 256, (ulong)i);
        }

        for (int i = 0; i < 9; i++)
        {
            Arrive(Frame(Mac, 60));
        }

        // Four entries: the first place holds frame 8, the others 5 to 7.
        Assert.Equal([0xc0, 0x40, 0x40, 0x40], Enumerable.Range(0, 4).Select(i => _rig.Read(Ram + QueueAt + (ulong)(16 * i), 1)[0]));
        Assert.Equal([8ul, 5ul, 6ul, 7ul], Enumerable.Range(0, 4).Select(i => _rig.Read64(Ram + QueueAt + (ulong)(16 * i) + 8)));
        Assert.Equal(Descriptor(QueueAt, QueueLength), _rig.Read64(Ram));
    }

    [Fact]
    public void Frames_wait_for_buffers_and_then_are_dropped_and_counted()
    {
        Open();
        for (int i = 0; i < SpaprLan.MostWaiting + 3; i++)
        {
            Arrive(Frame(Mac, 60));
        }

        Assert.Equal(3ul, _rig.Read64(Ram + 4096 - 8));
        Add(0, 256, 1);
        Assert.Equal(0xc0, _rig.Read(Ram + QueueAt, 1)[0]);
        Assert.Equal(0, _rig.Read(Ram + QueueAt + 16, 1)[0]);
    }

    [Fact]
    public void A_frame_that_no_buffer_can_hold_is_lost_and_the_next_goes_on()
    {
        Open();
        Add(0, 256, 7);
        Arrive(Frame(Mac, 1500));
        Arrive(Frame(Mac, 60));
        Assert.Equal(1ul, _rig.Read64(Ram + 4096 - 8));
        Assert.Equal(7ul, _rig.Read64(Ram + QueueAt + 8));
    }

    [Fact]
    public void Buffers_are_checked_counted_and_taken_back_by_length()
    {
        Assert.Equal(PaprStatus.Resource, _lan.AddBuffer(Descriptor(Buffers, 256)));
        Open();
        Assert.Equal(PaprStatus.Parameter, _lan.AddBuffer(Descriptor(Buffers, 256) & ~Valid));
        Assert.Equal(PaprStatus.Parameter, _lan.AddBuffer(Descriptor(Buffers, 12)));
        Assert.Equal(PaprStatus.Parameter, _lan.AddBuffer(Descriptor(Buffers + 2, 256)));
        Assert.Equal(PaprStatus.Parameter, _lan.AddBuffer(Descriptor(0x100_0000, 256)));
        for (int i = 0; i < 4096; i++)
        {
            Assert.Equal(PaprStatus.Success, _lan.AddBuffer(Descriptor(Buffers, (ulong)(256 + (4 * (i % 3))))));
        }

        Assert.Equal(PaprStatus.Resource, _lan.AddBuffer(Descriptor(Buffers, 256)));
        Assert.Equal(PaprStatus.Success, _lan.FreeBuffer(260));
        Assert.Equal(PaprStatus.NotFound, _lan.FreeBuffer(258));
        Assert.Equal(PaprStatus.Success, _lan.AddBuffer(Descriptor(Buffers, 256)));
    }

    [Fact]
    public void A_frame_is_sent_from_up_to_six_pieces()
    {
        ulong[] pieces = [Descriptor(Buffers, 6), Descriptor(Buffers + 0x100, 54), 0, Descriptor(Buffers, 5), 0, 0];
        Assert.Equal(PaprStatus.Dropped, _lan.Send(pieces, 0));
        Open();
        _rig.Write(Ram + Buffers, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        _rig.Write(Ram + Buffers + 0x100, Mac);
        Assert.Equal(PaprStatus.Success, _lan.Send(pieces, 0));
        _peerJournal.Drain();
        byte[] sent = Assert.Single(_atPeer);
        Assert.Equal(60, sent.Length);
        Assert.Equal(Mac, sent[6..12]);
        Assert.Equal(PaprStatus.Parameter, _lan.Send(pieces, 1));
        Assert.Equal(PaprStatus.Parameter, _lan.Send([Descriptor(0x100_0000, 60), 0, 0, 0, 0, 0], 0));
        Assert.Equal(PaprStatus.Resource, _lan.Send([Descriptor(Buffers, 0x1_0001), 0, 0, 0, 0, 0], 0));
        Assert.Equal(PaprStatus.Success, _lan.Send([Descriptor(Buffers, 5), 0, 0, 0, 0, 0], 0));
        Assert.Equal(PaprStatus.Success, _lan.Send([0, 0, 0, 0, 0, 0], 0));
    }

    [Fact]
    public void Only_what_is_addressed_to_the_card_or_a_wanted_group_is_received()
    {
        Open();
        for (int i = 0; i < 8; i++)
        {
            Add(i, 256, (ulong)i);
        }

        byte[] group = [1, 0, 0x5e, 0, 0, 1];
        const ulong GroupNumber = 0x0100_5e00_0001;
        Arrive(Frame([2, 0, 0, 0, 0, 9], 60));
        Arrive(Frame(group, 60));
        Assert.Equal(0, Received());
        Arrive(Frame([0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 60));
        Assert.Equal(1, Received());
        Assert.Equal(PaprStatus.Success, _lan.ControlGroups(0x8_0000 | 0x2_0000 | 0x4_0000, 0));
        Arrive(Frame(group, 60));
        Assert.Equal(2, Received());
        Assert.Equal(PaprStatus.Success, _lan.ControlGroups(0x4_0000 | 0x1_0000, 0));
        Arrive(Frame(group, 60));
        Assert.Equal(2, Received());
        Assert.Equal(PaprStatus.Success, _lan.ControlGroups(1, GroupNumber));
        Arrive(Frame(group, 60));
        Assert.Equal(3, Received());
        Assert.Equal(PaprStatus.Success, _lan.ControlGroups(2, GroupNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.ControlGroups(2, GroupNumber));
        Assert.Equal(PaprStatus.Parameter, _lan.ControlGroups(1, MacNumber));
        for (ulong i = 0; i < SpaprLan.MostFilters; i++)
        {
            Assert.Equal(PaprStatus.Success, _lan.ControlGroups(1, GroupNumber + i));
        }

        Assert.Equal(PaprStatus.Constrained, _lan.ControlGroups(1, GroupNumber + 100));
        Assert.Equal(PaprStatus.Success, _lan.ControlGroups(3, 0));
        Assert.Equal(PaprStatus.Success, _lan.ChangeMac(0x0200_0000_0009));
        Assert.Equal(PaprStatus.Parameter, _lan.ChangeMac(GroupNumber));
        Arrive(Frame([2, 0, 0, 0, 0, 9], 60));
        Assert.Equal(4, Received());
    }

    [Fact]
    public void No_attribute_can_be_set()
    {
        Assert.Equal(PaprStatus.Success, _lan.Attributes(0, 0, out ulong attributes));
        Assert.Equal(0ul, attributes);
        Assert.Equal(PaprStatus.Constrained, _lan.Attributes(0, 2, out _));
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        Open();
        Arrive(Frame(Mac, 99));
        _lan.ControlGroups(1, 0x0100_5e00_0001);
        using SpaprRig rig = new();
        SpaprLan fresh = rig.Bus.Place(new SpaprLan("lan", Mac, new NetworkHub().CreatePort(), rig.Journal, rig.Tracer));
        SavedState.AssertRoundTrip([_lan], [fresh]);
        Assert.True(fresh.IsOpen);
    }

    private static ulong Descriptor(ulong address, ulong length) => Valid | (length << 32) | address;

    private static byte[] Frame(byte[] to, int length)
    {
        byte[] frame = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        to.CopyTo(frame, 0);
        return frame;
    }

    private int Received() => Enumerable.Range(0, 4).Count(i => (_rig.Read(Ram + QueueAt + (ulong)(16 * i), 1)[0] & 0x40) != 0);

    private void Open() => Assert.Equal(PaprStatus.Success, _lan.Register(List, Descriptor(QueueAt, QueueLength), Filter, MacNumber));

    private void Add(int page, ulong length, ulong handle)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, handle);
        ulong at = Buffers + (ulong)(0x1000 * page);
        _rig.Write(Ram + at, bytes);
        Assert.Equal(PaprStatus.Success, _lan.AddBuffer(Descriptor(at, length)));
    }

    private void Arrive(byte[] frame)
    {
        _peer.Send(frame);
        _rig.Journal.Drain();
    }
}
