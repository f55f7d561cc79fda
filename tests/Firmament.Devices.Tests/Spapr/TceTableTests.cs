using System.Buffers.Binary;
using Firmament.Core.Hypercalls;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Spapr;

public sealed class TceTableTests : IDisposable
{
    private const uint Liobn = 0x8000_0000;
    private const ulong Window = 0x10_0000;

    private readonly SpaprRig _rig = new();
    private readonly TceTable _table;

    public TceTableTests()
    {
        _table = _rig.Tables.Create(Liobn);
        _table.Enable(0, 12, Window >> 12);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void An_entry_is_set_got_and_moves_data()
    {
        Assert.Equal(PaprStatus.Success, _rig.Tables.Put(Liobn, 0x3008, 0x5003));
        Assert.Equal(PaprStatus.Success, _rig.Tables.Get(Liobn, 0x3fff, out ulong tce));
        Assert.Equal(0x5003ul, tce);
        Assert.True(_table.TryWrite(0x3010, [1, 2, 3]));
        Assert.Equal([1, 2, 3], _rig.Read(0x5010, 3));
        byte[] back = new byte[3];
        Assert.True(_table.TryRead(0x3010, back));
        Assert.Equal([1, 2, 3], back);
    }

    [Fact]
    public void Calls_on_a_bus_that_is_not_there_or_outside_the_window_are_parameter_errors()
    {
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Put(0x1234, 0, 3));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Put(0x1_8000_0000, 0, 3));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Put(Liobn, Window, 3));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Put(Liobn, ulong.MaxValue, 3));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Get(Liobn, Window, out _));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Get(1, 0, out _));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Stuff(1, 0, 0, 1));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(1, 0, 0, 1));
        _table.Disable();
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Put(Liobn, 0, 3));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 257)]
    [InlineData(0xff000, 2)]
    [InlineData(0, -1)]
    public void Stuffing_that_leaves_the_window_sets_nothing(ulong ioba, long count)
    {
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.Stuff(Liobn, ioba, 0x5003, (ulong)count));
        Assert.Equal(PaprStatus.Success, _rig.Tables.Get(Liobn, ioba, out ulong tce));
        Assert.Equal(0ul, tce);
    }

    [Fact]
    public void Stuffing_sets_and_clears_a_range()
    {
        Assert.Equal(PaprStatus.Success, _rig.Tables.Stuff(Liobn, 0x1000, 0x5003, 3));
        Assert.True(_table.TryWrite(0x1000, new byte[3 * 4096]));
        Assert.False(_table.TryWrite(0x1000, new byte[(3 * 4096) + 1]));
        Assert.Equal(PaprStatus.Success, _rig.Tables.Stuff(Liobn, 0, 0, Window >> 12));
        Assert.False(_table.TryWrite(0x1000, [0]));
    }

    [Fact]
    public void An_indirect_list_is_at_most_a_page_of_memory_and_aligned()
    {
        byte[] list = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(list, 0x6003);
        BinaryPrimitives.WriteUInt64BigEndian(list.AsSpan(8), 0x9001);
        _rig.Write(0x2000, list);
        Assert.Equal(PaprStatus.Success, _rig.Tables.PutIndirect(Liobn, 0x4000, 0xc000_0000_0000_2000, 2));
        Assert.Equal(PaprStatus.Success, _rig.Tables.Get(Liobn, 0x5000, out ulong tce));
        Assert.Equal(0x9001ul, tce);
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(Liobn, 0, 0x2008, 1));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(Liobn, 0, 0x2000, 513));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(Liobn, 0, 0x2000, 0));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(Liobn, 0, 0x0fff_f000, 1));
        Assert.Equal(PaprStatus.Parameter, _rig.Tables.PutIndirect(Liobn, Window - 0x1000, 0x2000, 2));
    }

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, false, true)]
    [InlineData(3, true, true)]
    [InlineData(0, false, false)]
    public void Permissions_are_for_the_device(ulong bits, bool mayRead, bool mayWrite)
    {
        _rig.Map(Liobn, 0, 0x5000, 1, bits);
        Assert.Equal(mayRead, _table.TryRead(0, new byte[1]));
        Assert.Equal(mayWrite, _table.TryWrite(0, [1]));
    }

    [Fact]
    public void A_fault_in_the_middle_moves_nothing_and_is_traced()
    {
        _rig.Map(Liobn, 0, 0x5000, 1);
        long before = _rig.Tracer.GuestErrorCount;
        Assert.False(_table.TryWrite(0xff0, [.. Enumerable.Repeat((byte)0xaa, 32)]));
        Assert.Equal(0, _rig.Read(0x5ff0, 1)[0]);
        Assert.True(_rig.Tracer.GuestErrorCount > before);
        _rig.Map(Liobn, 0x1000, 0x1000_0000, 1);
        Assert.False(_table.TryWrite(0xff0, new byte[32]));
        Assert.False(_table.TryRead(ulong.MaxValue - 4, new byte[16]));
    }

    [Fact]
    public void Bypass_reaches_memory_at_its_own_addresses_until_it_is_cleared()
    {
        _table.Bypass = true;
        Assert.True(_table.TryWrite(0x20_0000, [7]));
        Assert.Equal(7, _rig.Read(0x20_0000, 1)[0]);
        Assert.False(_table.TryWrite(16 << 20, [7]));
        _table.Clear();
        Assert.False(_table.TryWrite(0x20_0000, [7]));
    }

    [Fact]
    public void Large_pages_and_windows_elsewhere_work_and_survive_save_and_load()
    {
        _table.Enable(SpaprPhb.DynamicWindowStart, 16, 1 << 20);
        Assert.Equal(PaprStatus.Success, _table.Put(SpaprPhb.DynamicWindowStart + (700ul << 16), 0x4_0003));
        Assert.True(_table.TryWrite(SpaprPhb.DynamicWindowStart + (700ul << 16) + 0x8001, [9]));
        Assert.Equal(9, _rig.Read(0x4_8001, 1)[0]);
        Assert.False(_table.TryRead(0x1000, new byte[1]));
        TceTable fresh = new(Liobn, _rig.Ram, _rig.Tracer);
        SavedState.AssertRoundTrip([_table], [fresh]);
        Assert.True(fresh.TryRead(SpaprPhb.DynamicWindowStart + (700ul << 16), new byte[0x1_0000]));
    }
}
