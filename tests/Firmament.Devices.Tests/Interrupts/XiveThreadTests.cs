using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class XiveThreadTests
{
    [Fact]
    public void At_power_on_nothing_passes_and_nothing_is_pending()
    {
        using PseriesRig rig = new(InterruptMode.Xive);
        Assert.Equal(0x0000_00ff_ff00_00fful, rig.ThreadLoad(0x10, 8));
        rig.ThreadStore(0x812, 0, 1);
        Assert.False(rig.Line());
    }

    [Fact]
    public void An_acknowledge_takes_the_most_favoured_priority_and_the_next_waits_for_the_current_one()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.ThreadStore(0x812, 6, 1);
        rig.ThreadStore(0x812, 3, 1);
        Assert.True(rig.Line());
        Assert.Equal(0x80ff_12ff_ff00_0003ul, rig.ThreadLoad(0x10, 8));
        Assert.Equal(0x8003u, rig.Acknowledge());
        Assert.False(rig.Line());
        Assert.Equal(0x0003_02ff_ff00_0006ul, rig.ThreadLoad(0x10, 8));
        Assert.Equal(0x0003u, rig.Acknowledge()); // nothing is presented: nothing changes
        rig.SetPriority(0xff);
        Assert.True(rig.Line());
        Assert.Equal(0x8006u, rig.Acknowledge());
        rig.SetPriority(0xff);
        Assert.False(rig.Line());
        Assert.Equal(0x00ffu, rig.Acknowledge());
    }

    [Fact]
    public void A_more_favoured_priority_preempts_and_an_equal_one_does_not()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.SetPriority(5);
        rig.ThreadStore(0x812, 5, 1);
        Assert.False(rig.Line());
        rig.ThreadStore(0x812, 4, 1);
        Assert.True(rig.Line());
        Assert.Equal(0x8004u, rig.Acknowledge());
    }

    [Fact]
    public void An_interrupt_is_withdrawn_while_the_current_priority_is_more_favoured()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Trigger(PseriesRig.Msi);
        Assert.True(rig.Line());
        rig.SetPriority(0);
        Assert.False(rig.Line());
        Assert.Equal(0x0000u, rig.Acknowledge());
        rig.SetPriority(0xff);
        Assert.True(rig.Line());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(8, 0xff)]
    [InlineData(0x80, 0xff)]
    [InlineData(0xff, 0xff)]
    public void A_current_priority_above_7_is_0xff(byte stored, byte kept)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.SetPriority(stored);
        Assert.Equal(kept, rig.ThreadLoad(0x11, 1));
    }

    [Fact]
    public void Registers_can_be_loaded_in_any_size_and_have_no_side_effect()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.ThreadStore(0x812, 2, 1);
        Assert.Equal(0x80u, rig.ThreadLoad(0x10, 1));
        Assert.Equal(0x80ffu, rig.ThreadLoad(0x10, 2));
        Assert.Equal(0x20ffu, rig.ThreadLoad(0x12, 2));
        Assert.Equal(0x80ff_20ffu, rig.ThreadLoad(0x10, 4));
        Assert.Equal(0xff00_0002u, rig.ThreadLoad(0x14, 4));
        Assert.Equal(0ul, rig.ThreadLoad(0x18, 8)); // word 2 is not the OS's to see
        Assert.Equal(0x80ff_20ffu, rig.ThreadLoad(0x1010, 4));
        Assert.Equal(0x8002u, rig.Acknowledge());
    }

    [Theory]
    [InlineData(0x10, 2, 0x0003ul)]
    [InlineData(0x10, 4, 0xff03fffful)]
    [InlineData(0x10, 8, 0xff03_ffff_ffff_fffful)]
    public void A_wide_store_sets_only_the_current_priority(ulong offset, int size, ulong value)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.ThreadStore(offset, value, size);
        Assert.Equal(0x0003_00ff_ff00_00fful, rig.ThreadLoad(0x10, 8));
    }

    [Theory]
    [InlineData(0x10, 1)]
    [InlineData(0x12, 1)]
    [InlineData(0x12, 2)]
    [InlineData(0x14, 4)]
    [InlineData(0x18, 8)]
    [InlineData(0x00, 4)]
    [InlineData(0x20, 4)]
    [InlineData(0x30, 8)]
    [InlineData(0x11, 2)]
    [InlineData(0x811, 1)]
    [InlineData(0x812, 2)]
    [InlineData(0xc10, 1)]
    public void Stores_elsewhere_do_nothing(ulong offset, int size)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        ulong before = rig.ThreadLoad(0x10, 8);
        rig.ThreadStore(offset, 0x0101010101010101, size);
        Assert.Equal(before, rig.ThreadLoad(0x10, 8));
        Assert.NotEmpty(rig.GuestErrors);
    }

    [Theory]
    [InlineData(0x00, 4)]
    [InlineData(0x20, 4)]
    [InlineData(0x30, 8)]
    [InlineData(0x11, 2)]
    [InlineData(0x812, 1)]
    [InlineData(0x810, 1)]
    [InlineData(0x810, 4)]
    [InlineData(0x800, 8)]
    public void Loads_elsewhere_give_all_ones(ulong offset, int size)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.ThreadStore(0x812, 2, 1);
        Assert.Equal(ulong.MaxValue >> (64 - (8 * size)), rig.ThreadLoad(offset, size));
        Assert.True(rig.Line());
        Assert.NotEmpty(rig.GuestErrors);
    }

    [Fact]
    public void The_other_pages_of_the_area_answer_nothing()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        foreach (ulong page in (ulong[])[0, 1, 3])
        {
            PhysicalAddress priority = new(XiveController.ThreadPagesBase + (page << 16) + 0x11);
            Assert.Equal(0xffu, rig.Memory.Read(priority, 1, out _));
            rig.Memory.Write(priority, 0, 1);
        }

        Assert.Equal(0xffu, rig.ThreadLoad(0x11, 1));
        Assert.Equal(6, rig.GuestErrors.Count);
    }

    [Fact]
    public void Each_cpu_sees_its_own_context_and_a_cpu_that_is_none_sees_nothing()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Cpu = 1;
        rig.SetPriority(4);
        rig.Cpu = 0;
        Assert.Equal(0xffu, rig.ThreadLoad(0x11, 1));
        rig.Cpu = 1;
        Assert.Equal(4u, rig.ThreadLoad(0x11, 1));
        foreach (int cpu in (int[])[-1, 2, int.MaxValue])
        {
            rig.Cpu = cpu;
            Assert.Equal(0xffffu, rig.Acknowledge());
            rig.SetPriority(1);
        }
    }

    [Fact]
    public void A_pending_priority_above_7_is_no_priority()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.ThreadStore(0x812, 8, 1);
        rig.ThreadStore(0x812, 0xff, 1);
        Assert.False(rig.Line());
        Assert.Equal(0xffu, rig.ThreadLoad(0x17, 1));
    }

    [Fact]
    public void A_queue_wraps_and_flips_its_generation()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        const int Entries = 1024;
        for (int i = 0; i < (2 * Entries) + 3; i++)
        {
            Assert.Equal(0, rig.Xive.SetSource(2, PseriesRig.Msi, 0, 6, (ulong)i));
            Assert.Equal(0, rig.Xive.GetQueue(1, 0, 6, out XiveQueueConfiguration queue));
            bool generation = i / Entries % 2 == 0;
            Assert.Equal((generation ? 3u : 1u, (ulong)(i % Entries)), (queue.Flags, queue.Index));
            rig.Trigger(PseriesRig.Msi);
            Assert.Equal((generation ? 0x80000000u : 0) | (uint)i, rig.Entry(i % Entries));
            rig.Load(PseriesRig.Msi, 0);
        }

        Assert.Equal(0u, rig.Entry(0, cpu: 1)); // the next queue was not touched
    }

    [Fact]
    public void A_queue_that_coalesces_notifies_once_until_its_own_state_is_ended()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.SetQueue(0, 0, 6, PseriesRig.Queue, 12));
        Assert.Equal(0, rig.Xive.GetQueueInfo(0, 0, 6, out ulong page, out _));
        PhysicalAddress state = new(page);
        rig.Trigger(PseriesRig.Msi);
        Assert.Equal(0x8006u, rig.Acknowledge());
        rig.SetPriority(0xff);
        rig.Trigger(PseriesRig.OtherMsi);
        Assert.False(rig.Line());
        Assert.Equal(0x80000000u | PseriesRig.OtherMsi, rig.Entry(1));
        Assert.Equal(3u, rig.Memory.Read(state.Add(0x800), 8, out _));
        Assert.Equal(1u, rig.Memory.Read(state, 8, out _));
        Assert.True(rig.Line());
        Assert.Equal(2u, rig.Memory.Read(state.Add(0x800), 8, out _));
        Assert.Equal(0u, rig.Memory.Read(state, 8, out _));
        Assert.Equal(0u, rig.Memory.Read(state.Add(0x10d00), 8, out _)); // the escalation state is another
        Assert.Equal(1u, rig.Memory.Read(state.Add(0x10800), 8, out _));
        Assert.Equal(0u, rig.Memory.Read(state.Add(0x800), 8, out _));
    }

    [Fact]
    public void The_queue_pages_refuse_stores_odd_sizes_and_queues_without_memory()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.GetQueueInfo(0, 0, 6, out ulong page, out _));
        rig.Memory.Write(new PhysicalAddress(page + 0xd00), 0, 8);
        Assert.Equal(0u, rig.Memory.Read(new PhysicalAddress(page + 0x800), 8, out _));
        Assert.Equal(0xffffffffu, rig.Memory.Read(new PhysicalAddress(page + 0x800), 4, out _));
        Assert.Equal(ulong.MaxValue, rig.Memory.Read(new PhysicalAddress(page + 0x804), 8, out _));
        Assert.Equal(0, rig.Xive.GetQueueInfo(0, 0, 5, out ulong unused, out _));
        Assert.Equal(ulong.MaxValue, rig.Memory.Read(new PhysicalAddress(unused + 0x800), 8, out _));
        Assert.Equal(4, rig.GuestErrors.Count);
    }

    [Fact]
    public void An_event_for_a_queue_without_memory_is_lost_and_told()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.SetQueue(0, 0, 6, 0, 0));
        rig.Trigger(PseriesRig.Msi);
        Assert.False(rig.Line());
        Assert.Single(rig.GuestErrors);
    }

    [Fact]
    public void State_survives_a_round_trip()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        rig.Trigger(PseriesRig.Msi);
        rig.Trigger(PseriesRig.Msi);
        rig.Trigger(1);
        Assert.Equal(0, rig.Xive.SetQueue(0, 1, 2, 0x20000, 16));
        Assert.True(rig.Interrupts.TryAllocate(3, align: true, out int first));
        using PseriesRig fresh = new(InterruptMode.Xics);
        SavedState.AssertRoundTrip([rig.Interrupts], [fresh.Interrupts]);
        Assert.Equal(InterruptMode.Xive, fresh.Interrupts.Mode);
        Assert.True(fresh.Line(0) && fresh.Line(1));
        Assert.True(fresh.Interrupts.IsClaimed(first + 2));
        Assert.Equal(0x8006u, fresh.Acknowledge());
        Assert.Equal(1u, fresh.Load(PseriesRig.Msi, 0));
        Assert.Equal(0x80000000u | PseriesRig.Msi, fresh.Entry(2)); // goes on where the saved one was
        Assert.Equal(1u, fresh.Load(PseriesRig.Lsi, 0)); // still asserted
    }
}
