using Firmament.Core.Hypercalls;
using Firmament.Core.Time;
using Firmament.Firmware;

namespace Firmament.Machines.Tests.Pseries;

public sealed class ProcessorHypercallTests : IDisposable
{
    private const ulong Area = 0x0030_0000;
    private const ulong RegisterArea = 1UL << 45;
    private const ulong RegisterLog = 2UL << 45;
    private const ulong RegisterShadow = 3UL << 45;
    private const ulong Deregister = 4UL << 45;
    private const ulong AlternateLocation = 3UL << 23;
    private const ulong LittleEndian = 1UL << 25;

    private readonly PartitionBench _of = new(random: static () => 0x0123456789abcdef);

    public void Dispose() => _of.Dispose();

    [Fact]
    public void Sprg0_is_set()
    {
        Assert.Equal(0, _of.Call(0x24, 0x1234_5678_9abc_def0));
        Assert.Equal(0x1234_5678_9abc_def0u, _of.Cpus[0].Sprs[272]);
    }

    [Theory]
    [InlineData(0x28ul, 0x1007ul, 0ul, 0x73ul)]
    [InlineData(0x28ul, 0x1001ul, 0ul, 0x23ul)]
    [InlineData(0x134ul, 0x1002ul, 1ul, 0x41ul)]
    [InlineData(0x134ul, 0x1006ul, 0xaul, 0x5aul)]
    public void Dabr_is_done_by_dawr(ulong call, ulong dabr, ulong dabrx, ulong dawrx)
    {
        Assert.Equal(0, _of.Call(call, dabr, dabrx));
        Assert.Equal((0x1000u, dawrx), (_of.Cpus[0].Sprs[180], _of.Cpus[0].Sprs[188]));
    }

    [Fact]
    public void Dabr_never_watches_the_hypervisor_or_nobody()
    {
        Assert.Equal(PaprStatus.Parameter, _of.Call(0x134, 0x1007, 4));
        Assert.Equal(PaprStatus.Parameter, _of.Call(0x134, 0x1007, 0));
        Assert.Equal(PaprStatus.Parameter, _of.Call(0x134, 0x1007, 0x13));
        Assert.Equal(0u, _of.Cpus[0].Sprs[180]);
        _of.Cpus[0].Sprs.Remove(180);
        Assert.Equal(PaprStatus.Hardware, _of.Call(0x28, 0x1007));
    }

    [Fact]
    public void Cede_enables_interrupts_and_waits()
    {
        Assert.Equal(0, _of.Call(0xe0));
        Assert.True(_of.Cpus[0].IsCeded);
        Assert.NotEqual(0u, _of.Cpus[0].Msr & 0x8000);
    }

    [Fact]
    public void Prod_wakes_a_CPU_and_refuses_one_that_is_not_there()
    {
        Assert.Equal(0, _of.Call(0xe8, 2));
        Assert.Equal(1, _of.Cpus[2].Prods);
        Assert.Equal(PaprStatus.Parameter, _of.Call(0xe8, 4));
        Assert.Equal(PaprStatus.Parameter, _of.Call(0xe8, ulong.MaxValue));
    }

    [Fact]
    public void Confer_gives_the_slice_to_a_CPU_that_waits_at_the_given_count()
    {
        RegisterAreaOf(1);
        _of.Partition.Areas.Preempted(1);
        Assert.True(_of.Partition.Areas.TryGetDispatchCount(1, out uint count));
        Assert.Equal(1u, count);

        Assert.Equal(0, _of.Call(0xe4, 1, count));
        Assert.Equal(0, _of.Call(0xe4, 1, count + 2));
        Assert.Equal(0, _of.Call(0xe4, 1, 0));
        Assert.Equal(0, _of.Call(0xe4, 2, 1));
        Assert.Equal([(0, 1)], _of.Conferred);
    }

    [Fact]
    public void Confer_to_all_or_to_oneself_gives_the_slice_to_any()
    {
        Assert.Equal(0, _of.Call(0xe4, ulong.MaxValue, 0));
        Assert.Equal(0, _of.Call(0xe4, 0, 0));
        Assert.Equal([(0, null), (0, null)], _of.Conferred);
        Assert.Equal(PaprStatus.Parameter, _of.Call(0xe4, 4, 1));
    }

    [Fact]
    public void Join_needs_interrupts_off()
    {
        _of.Cpus[0].Msr |= 0x8000;
        Assert.Equal(PaprStatus.BadMode, _of.Call(0x298));
    }

    [Fact]
    public void The_last_CPU_to_join_goes_on_and_its_prod_wakes_the_others_where_they_were()
    {
        _of.Cpus[1].IsStopped = false;
        (_of.Cpus[1].Pc, _of.Cpus[1].Msr) = (0xc000_0000_0000_1234, FakePartitionProcessor.Supervisor | 0x31);
        Assert.Equal(0, _of.CallOn(1, 0x298));
        Assert.True(_of.Cpus[1].IsStopped);
        Assert.Equal(PaprStatus.Continue, _of.Call(0x298));

        Assert.Equal(0, _of.Call(0xe8, 1));
        Assert.False(_of.Cpus[1].IsStopped);
        Assert.Equal((0xc000_0000_0000_1234u, FakePartitionProcessor.Supervisor | 0x31), (_of.Cpus[1].Pc, _of.Cpus[1].Msr));
        Assert.Equal(0u, _of.Cpus[1].ReadGpr(3));
    }

    [Fact]
    public void A_CPU_that_has_joined_is_not_one_that_can_be_started()
    {
        _of.Cpus[1].IsStopped = false;
        Assert.Equal(0, _of.CallOn(1, 0x298));
        Assert.Equal(0, _of.Rtas(0x2005, 2, 1));
        Assert.Equal(2u, _of.Results[1]);
        Assert.Equal(-1, _of.Rtas(0x2006, 1, 1, 0x100, 0));
    }

    [Fact]
    public void A_system_reset_reaches_one_all_or_all_others_that_run()
    {
        _of.Cpus[1].IsStopped = false;
        Assert.Equal(0, _of.Call(0x380, 1));
        Assert.Equal(0, _of.Call(0x380, ulong.MaxValue));
        Assert.Equal(0, _of.Call(0x380, ulong.MaxValue - 1));
        Assert.Equal([1, 3, 0, 0], _of.Cpus.Select(static cpu => cpu.Resets));
        Assert.Equal(PaprStatus.Parameter, _of.Call(0x380, 4));
    }

    [Fact]
    public void Characteristics_say_that_nothing_is_speculated()
    {
        Assert.Equal(0, _of.Call(0x1c8));
        Assert.Equal(0x4400_0000_0000_0000u, _of.Cpus[0].ReadGpr(4));
        Assert.Equal(0x81c0_0000_0000_0000u, _of.Cpus[0].ReadGpr(5));
    }

    [Fact]
    public void The_home_node_is_packed_and_filled_with_ones()
    {
        Assert.Equal(0, _of.Call(0x2ec, 1, 3));
        Assert.Equal([0u, 0u, 0x3_ffff_ffffu, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue], Enumerable.Range(4, 6).Select(_of.Cpus[0].ReadGpr));
        Assert.Equal(PaprStatus.Function, _of.Call(0x2ec, 2, 0));
        Assert.Equal(PaprStatus.Parameter2, _of.Call(0x2ec, 1, 4));
    }

    [Fact]
    public void Random_numbers_need_a_source()
    {
        Assert.Equal(0, _of.Call(0x300));
        Assert.Equal(0x0123456789abcdefu, _of.Cpus[0].ReadGpr(4));
        using PartitionBench without = new();
        Assert.Equal(PaprStatus.Function, without.Call(0x300));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    public void The_interrupt_location_is_set_on_all_CPUs(ulong location)
    {
        Assert.Equal(0, _of.Call(0x31c, location, 3));
        Assert.All(_of.Cpus, cpu => Assert.Equal(location << 23, cpu.Lpcr & AlternateLocation));
    }

    [Fact]
    public void The_byte_order_is_set_on_all_CPUs_and_devices_hear_of_it()
    {
        Assert.Equal(0, _of.Call(0x31c, 1, 4));
        Assert.All(_of.Cpus, static cpu => Assert.Equal(LittleEndian, cpu.Lpcr));
        Assert.Equal(0, _of.Call(0x31c, 0, 4));
        Assert.All(_of.Cpus, static cpu => Assert.Equal(0u, cpu.Lpcr));
        Assert.Equal([true, false], _of.ByteOrders);
    }

    [Fact]
    public void Breakpoints_are_the_callers_and_never_the_hypervisors()
    {
        Assert.Equal(0, _of.Call(0x31c, 0, 1, 0xc000_0000_0000_1001, 0));
        Assert.Equal(0xc000_0000_0000_1001u, _of.Cpus[0].Sprs[187]);
        Assert.Equal(PaprStatus.Parameter3, _of.Call(0x31c, 0, 1, 0x1003, 0));
        Assert.Equal(PaprStatus.Parameter4, _of.Call(0x31c, 0, 1, 0x1000, 1));
        Assert.Equal(0, _of.Call(0x31c, 0, 2, 0x2000, 0x1b));
        Assert.Equal((0x2000u, 0x1bu), (_of.Cpus[0].Sprs[180], _of.Cpus[0].Sprs[188]));
        Assert.Equal(PaprStatus.Parameter4, _of.Call(0x31c, 0, 2, 0x2000, 0x1f));
        _of.Cpus[0].Sprs.Remove(180);
        Assert.Equal(PaprStatus.Parameter2, _of.Call(0x31c, 0, 2, 0x2000, 0x1b));
    }

    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(0ul, 5ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(1ul, 3ul, 0ul, 0ul, PaprStatus.UnsupportedFlag)]
    [InlineData(4ul, 3ul, 0ul, 0ul, PaprStatus.UnsupportedFlag)]
    [InlineData(2ul, 4ul, 0ul, 0ul, PaprStatus.UnsupportedFlag)]
    [InlineData(1ul, 4ul, 1ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(1ul, 4ul, 0ul, 1ul, PaprStatus.Parameter4)]
    [InlineData(3ul, 3ul, 1ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(1ul, 1ul, 0ul, 0ul, PaprStatus.UnsupportedFlag)]
    [InlineData(1ul, 2ul, 0ul, 0ul, PaprStatus.UnsupportedFlag)]
    public void A_mode_that_is_wrong_changes_nothing(ulong flags, ulong resource, ulong value1, ulong value2, long status)
    {
        Assert.Equal(status, _of.Call(0x31c, flags, resource, value1, value2));
        Assert.All(_of.Cpus, static cpu => Assert.Equal(0u, cpu.Lpcr));
    }

    [Fact]
    public void An_area_is_registered_and_counts_dispatches()
    {
        RegisterAreaOf(0);
        Assert.Equal(0x02, _of.Bytes((uint)Area + 9, 1)[0]);
        _of.Partition.Areas.Preempted(0);
        _of.Partition.Areas.Preempted(0);
        Assert.Equal([0, 0, 0, 1], _of.Bytes((uint)Area + 0x100, 4));
        _of.Partition.Areas.Dispatched(_of.Cpus[0], ceded: false);
        _of.Partition.Areas.Dispatched(_of.Cpus[0], ceded: false);
        Assert.Equal([0, 0, 0, 2], _of.Bytes((uint)Area + 0x100, 4));
        Assert.Equal(0, _of.Call(0xdc, RegisterArea | Deregister, 0, 0));
        _of.Partition.Areas.Preempted(0);
        Assert.Equal([0, 0, 0, 2], _of.Bytes((uint)Area + 0x100, 4));
    }

    [Theory]
    [InlineData(RegisterArea, 4ul, Area, 640u, PaprStatus.Parameter)]
    [InlineData(0ul, 0ul, Area, 640u, PaprStatus.Parameter)]
    [InlineData(4UL << 45, 0ul, Area, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterArea | 1, 0ul, Area, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterArea, 0ul, 0ul, 640u, PaprStatus.Hardware)]
    [InlineData(RegisterArea, 0ul, Area + 64, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterArea, 0ul, Area, 639u, PaprStatus.Parameter)]
    [InlineData(RegisterArea, 0ul, Area + 4096 - 512, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterArea, 0ul, 0x0100_0000ul, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterArea, 0ul, 0xffff_ffff_ffff_ff80ul, 640u, PaprStatus.Parameter)]
    [InlineData(RegisterShadow, 0ul, Area, 256u, PaprStatus.Resource)]
    [InlineData(RegisterShadow, 0ul, Area, 7u, PaprStatus.Parameter)]
    [InlineData(RegisterShadow, 0ul, 0ul, 256u, PaprStatus.Hardware)]
    [InlineData(RegisterShadow, 0ul, Area + 4000, 256u, PaprStatus.Parameter)]
    [InlineData(RegisterLog, 0ul, Area, 4096u, PaprStatus.Resource)]
    [InlineData(RegisterLog, 0ul, Area, 47u, PaprStatus.Parameter)]
    [InlineData(RegisterLog, 0ul, Area, 0xffff_ffffu, PaprStatus.Parameter)]
    [InlineData(RegisterLog, 0ul, 0ul, 4096u, PaprStatus.Hardware)]
    public void An_area_that_is_wrong_is_not_registered(ulong flags, ulong cpu, ulong address, uint size, long status)
    {
        if (address is > 0 and < 0x0100_0000)
        {
            // The area itself has 16 bits of size, the others 32.
            Assert.True(flags is RegisterShadow or RegisterLog
                ? _of.Ram.TryWriteUInt32(new(address + 4), size)
                : _of.Ram.TryWriteUInt16(new(address + 4), (ushort)size));
        }

        Assert.Equal(status, _of.Call(0xdc, flags, cpu, address));
        Assert.False(_of.Partition.Areas.TryGetDispatchCount(0, out _));
    }

    [Fact]
    public void An_area_stays_while_others_depend_on_it()
    {
        RegisterAreaOf(0);
        Assert.True(_of.Ram.TryWriteUInt32(new(Area + 0x1004), 0x100));
        Assert.Equal(0, _of.Call(0xdc, RegisterShadow, 0, Area + 0x1000));
        Assert.Equal(PaprStatus.Resource, _of.Call(0xdc, RegisterArea | Deregister, 0, 0));
        Assert.Equal(0, _of.Call(0xdc, RegisterShadow | Deregister, 0, 0));
        Assert.Equal(0, _of.Call(0xdc, RegisterLog, 0, Area + 0x1000));
        Assert.Equal(PaprStatus.Resource, _of.Call(0xdc, RegisterArea | Deregister, 0, 0));
        Assert.Equal(0, _of.Call(0xdc, RegisterLog | Deregister, 0, 0));
        Assert.Equal(0, _of.Call(0xdc, RegisterArea | Deregister, 0, 0));
    }

    [Fact]
    public void The_trace_log_gets_an_entry_a_dispatch_and_wraps()
    {
        RegisterAreaOf(0);
        Assert.True(_of.Ram.TryWriteUInt32(new(Area + 0x1004), 100));
        Assert.Equal(0, _of.Call(0xdc, RegisterLog, 0, Area + 0x1000));
        Assert.True(_of.Ram.TryWriteUInt8(new(Area + 0xb8), 0x02));
        _of.Cpus[0].Pc = 0xc000_0000_0000_4321;
        for (int i = 0; i < 3; i++)
        {
            _of.Partition.Areas.Preempted(0);
            _of.Partition.Areas.Dispatched(_of.Cpus[0], ceded: false);
            _of.Partition.Areas.Preempted(0);
            _of.Partition.Areas.Dispatched(_of.Cpus[0], ceded: true);
        }

        Assert.True(_of.Ram.TryReadUInt64(new(Area + 0x218), out ulong index));
        Assert.Equal(3u, index);
        Assert.True(_of.Ram.TryReadUInt64(new(Area + 0x1000 + 48 + 32), out ulong pc));
        Assert.Equal(0xc000_0000_0000_4321u, pc);
        Assert.Equal(0, _of.Bytes((uint)Area + 0x1000 + 96, 1)[0]);
    }

    [Theory]
    [InlineData(1, PlatformRequest.PowerOff)]
    [InlineData(2, PlatformRequest.Reset)]
    public void A_watchdog_that_is_not_restarted_acts_once(byte action, PlatformRequest request)
    {
        Assert.Equal(0, _of.Call(0x45c, 0x100u | action, 1, 100));
        _of.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(90));
        Assert.Equal(0, _of.Call(0x45c, 0x100u | action, 1, 100));
        _of.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(189));
        Assert.Empty(_of.Requests);
        _of.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(1000));
        Assert.Equal([(request, "")], _of.Requests);
    }

    [Fact]
    public void A_watchdog_can_interrupt_the_guest_to_make_a_dump()
    {
        Assert.Equal(0, _of.Call(0x45c, 0x103, 4, 5));
        _of.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(5));
        Assert.Equal([1, 0, 0, 0], _of.Cpus.Select(static cpu => cpu.Resets));
    }

    [Fact]
    public void A_watchdog_stops_the_others_unless_told_to_leave_them()
    {
        Assert.Equal(0, _of.Call(0x45c, 0x1_0103, 1, 5));
        Assert.Equal(0, _of.Call(0x45c, 0x103, 2, 6));
        Assert.Equal(0, _of.Call(0x45c, 0x101, 3, 7));
        _of.Scheduler.AdvanceTo(VirtualTime.FromMilliseconds(20));
        Assert.Equal(2, _of.Cpus[0].Resets);
        Assert.Empty(_of.Requests);
    }

    [Fact]
    public void Watchdogs_stop_and_are_asked_about()
    {
        Assert.Equal(0, _of.Call(0x45c, 0x101, 1, 5));
        Assert.Equal(0, _of.Call(0x45c, 0x200, 1));
        Assert.Equal(PaprStatus.NoOperation, _of.Call(0x45c, 0x200, 1));
        Assert.Equal(PaprStatus.NoOperation, _of.Call(0x45c, 0x200, ulong.MaxValue));
        Assert.Equal(0, _of.Call(0x45c, 0x101, 2, ulong.MaxValue));
        Assert.Equal(0, _of.Call(0x45c, 0x300));
        Assert.Equal(0x0001_0004_0000_0000u, _of.Cpus[0].ReadGpr(4));
        Assert.Equal(0, _of.Call(0x45c, 0x400, 4));
        Assert.Equal(2u, _of.Cpus[0].ReadGpr(4));
    }

    [Theory]
    [InlineData(0x101ul, 0ul, 5ul, PaprStatus.Parameter2)]
    [InlineData(0x101ul, 5ul, 5ul, PaprStatus.Parameter2)]
    [InlineData(0x101ul, 1ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(0x100ul, 1ul, 5ul, PaprStatus.Parameter)]
    [InlineData(0x104ul, 1ul, 5ul, PaprStatus.Parameter)]
    [InlineData(0x2_0101ul, 1ul, 5ul, PaprStatus.Parameter)]
    [InlineData(0x500ul, 1ul, 5ul, PaprStatus.Parameter)]
    [InlineData(0x000ul, 1ul, 5ul, PaprStatus.Parameter)]
    [InlineData(0x200ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(0x200ul, 5ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(0x400ul, 0ul, 0ul, PaprStatus.Parameter2)]
    public void A_watchdog_call_that_is_wrong_starts_nothing(ulong flags, ulong number, ulong milliseconds, long status)
    {
        Assert.Equal(status, _of.Call(0x45c, flags, number, milliseconds));
        Assert.Equal(VirtualTime.Never, _of.Scheduler.NextDeadline);
    }

    [Fact]
    public void Reset_forgets_areas_watchdogs_and_joins()
    {
        RegisterAreaOf(0);
        _of.Call(0x45c, 0x101, 1, 5);
        _of.Cpus[1].IsStopped = false;
        _of.CallOn(1, 0x298);
        _of.Partition.Reset();
        Assert.False(_of.Partition.Areas.TryGetDispatchCount(0, out _));
        Assert.Equal(VirtualTime.Never, _of.Scheduler.NextDeadline);
        Assert.Equal(0, _of.Rtas(0x2005, 2, 1));
        Assert.Equal(0u, _of.Results[1]);
    }

    private void RegisterAreaOf(ulong cpu)
    {
        Assert.True(_of.Ram.TryWriteUInt16(new(Area + 4), 640));
        Assert.Equal(0, _of.Call(0xdc, RegisterArea, cpu, Area));
    }
}
