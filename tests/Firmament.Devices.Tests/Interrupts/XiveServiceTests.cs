using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class XiveServiceTests
{
    private const ulong Msi = PseriesRig.Msi;
    private const ulong Lsi = PseriesRig.Lsi;

    public static TheoryData<ulong> NoSources => new() { 2ul, 0xffful, 0x1300ul, 0x2000ul, 0x1_0000_1100ul, ulong.MaxValue };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Source_information_names_the_pages_of_a_message_and_the_hypercall_for_a_level(bool storeEoi)
    {
        using PseriesRig rig = new(InterruptMode.Xive, storeEoi: storeEoi);
        ulong offered = storeEoi ? 1u : 0u;
        Assert.Equal(0, rig.Xive.GetSourceInfo(0, Msi, out XiveSourceInfo info));
        Assert.Equal(new XiveSourceInfo(offered, 0x0006010022010000, 0x0006010022000000, 16), info);
        Assert.Equal(0, rig.Xive.GetSourceInfo(0, 1, out info));
        Assert.Equal(new XiveSourceInfo(offered, 0x0006010000030000, 0x0006010000020000, 16), info);
        Assert.Equal(0, rig.Xive.GetSourceInfo(0, Lsi, out info));
        Assert.Equal(new XiveSourceInfo(offered | 0xc, ulong.MaxValue, ulong.MaxValue, 16), info);
    }

    [Theory]
    [MemberData(nameof(NoSources))]
    public void A_number_that_is_no_source_is_the_second_parameters_fault(ulong number)
    {
        using PseriesRig rig = new(InterruptMode.Xive);
        Assert.Equal(PaprStatus.Parameter2, rig.Xive.GetSourceInfo(0, number, out _));
        Assert.Equal(PaprStatus.Parameter2, rig.Xive.SetSource(0, number, 0, 6, 0));
        Assert.Equal(PaprStatus.Parameter2, rig.Xive.GetSource(0, number, out _));
        Assert.Equal(PaprStatus.Parameter2, rig.Xive.AccessEventState(0, number, 0, 0, out ulong loaded));
        Assert.Equal(ulong.MaxValue, loaded);
        Assert.Equal(PaprStatus.Parameter2, rig.Xive.Synchronize(0, number));
    }

    [Fact]
    public void Reserved_flags_are_the_first_parameters_fault_and_tested_first()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        const ulong Bad = ulong.MaxValue;
        for (int bit = 0; bit < 64; bit++)
        {
            ulong flag = 1UL << bit;
            long Expect(ulong allowed) => (flag & allowed) != 0 ? PaprStatus.Success : PaprStatus.Parameter;
            Assert.Equal(Expect(0), rig.Xive.GetSourceInfo(flag, Msi, out _));
            Assert.Equal(Expect(3), rig.Xive.SetSource(flag, Msi, 0, 6, 0));
            Assert.Equal(Expect(0), rig.Xive.GetSource(flag, Msi, out _));
            Assert.Equal(Expect(0), rig.Xive.GetQueueInfo(flag, 0, 6, out _, out _));
            Assert.Equal(Expect(1), rig.Xive.SetQueue(flag, 0, 6, PseriesRig.Queue, 12));
            Assert.Equal(Expect(1), rig.Xive.GetQueue(flag, 0, 6, out _));
            Assert.Equal(Expect(1), rig.Xive.AccessEventState(flag, Msi, 0x800, 0, out _));
            Assert.Equal(Expect(0), rig.Xive.Synchronize(flag, Msi));
            Assert.Equal(Expect(0), rig.Xive.Reset(flag));
        }

        Assert.Equal(PaprStatus.Parameter, rig.Xive.GetSourceInfo(Bad, Bad, out _));
        Assert.Equal(PaprStatus.Parameter, rig.Xive.SetSource(4, Bad, Bad, Bad, 0));
        Assert.Equal(PaprStatus.Parameter, rig.Xive.SetQueue(2, Bad, Bad, Bad, Bad));
    }

    [Theory]
    [InlineData(0ul, 7ul, PaprStatus.Parameter4)]
    [InlineData(0ul, 8ul, PaprStatus.Parameter4)]
    [InlineData(0ul, 0x106ul, PaprStatus.Parameter4)]
    [InlineData(2ul, 7ul, PaprStatus.Parameter4)]
    [InlineData(2ul, 6ul, PaprStatus.Parameter3)]
    [InlineData(ulong.MaxValue, 6ul, PaprStatus.Parameter3)]
    [InlineData(0x2000_0000_0000_0000ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(1ul, 0ul, PaprStatus.Success)]
    [InlineData(99ul, 0xfful, PaprStatus.Success)]
    public void A_source_goes_to_a_server_that_exists_with_a_priority_that_is_not_reserved(ulong target, ulong priority, long status)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(status, rig.Xive.SetSource(2, Msi, target, priority, 0x123));
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out XiveSourceTarget now));
        XiveSourceTarget expected = status != 0 ? new(0, 6, Msi) : priority == 0xff ? new(0, 0xff, Msi) : new(target, priority, 0x123);
        Assert.Equal(expected, now);
    }

    [Fact]
    public void Flags_of_a_sources_configuration_set_its_number_and_mask_it()
    {
        using PseriesRig rig = new(InterruptMode.Xive);
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out XiveSourceTarget now));
        Assert.Equal(new XiveSourceTarget(0, 0xff, Msi), now);
        Assert.Equal(0, rig.Xive.SetSource(0, Msi, 1, 3, 0x55));
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out now));
        Assert.Equal(new XiveSourceTarget(1, 3, Msi), now);
        Assert.Equal(0, rig.Xive.SetSource(3, Msi, 1, 3, 0xffff_ffff_8000_0055));
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out now));
        Assert.Equal(new XiveSourceTarget(1, 0xff, 0x55), now);
        Assert.Equal(0, rig.Xive.SetSource(0, Msi, 1, 3, 0));
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out now));
        Assert.Equal(new XiveSourceTarget(1, 3, 0x55), now);
    }

    [Theory]
    [InlineData(0ul, 7ul, PaprStatus.Parameter3)]
    [InlineData(0ul, 0xfful, PaprStatus.Parameter3)]
    [InlineData(0ul, 0x100ul, PaprStatus.Parameter3)]
    [InlineData(2ul, 7ul, PaprStatus.Parameter3)]
    [InlineData(2ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(ulong.MaxValue, 0ul, PaprStatus.Parameter2)]
    [InlineData(0x2000_0000_0000_0000ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(1ul, 6ul, PaprStatus.Success)]
    public void A_queue_has_a_server_that_exists_and_a_priority_that_is_not_reserved(ulong target, ulong priority, long status)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(status, rig.Xive.GetQueueInfo(0, target, priority, out ulong page, out ulong shift));
        Assert.Equal(status == 0 ? (0x0006010040000000ul + (14 << 17), 16ul) : (0, 0), (page, shift));
        Assert.Equal(status, rig.Xive.SetQueue(0, target, priority, 0x20000, 16));
        Assert.Equal(status, rig.Xive.GetQueue(0, target, priority, out _));
    }

    [Theory]
    [InlineData(0x20000ul, 16ul, PaprStatus.Success)]
    [InlineData(0x1000ul, 12ul, PaprStatus.Success)]
    [InlineData(0x200000ul, 21ul, PaprStatus.Success)]
    [InlineData(0x1000000ul, 24ul, PaprStatus.Success)]
    [InlineData(0x3ff0000ul, 16ul, PaprStatus.Success)]
    [InlineData(0x8000ul, 16ul, PaprStatus.Parameter4)]
    [InlineData(0x20001ul, 12ul, PaprStatus.Parameter4)]
    [InlineData(0x4000000ul, 16ul, PaprStatus.Parameter4)]
    [InlineData(0xffff_ffff_ffff_0000ul, 16ul, PaprStatus.Parameter4)]
    [InlineData(0x0006_0302_031a_0000ul, 16ul, PaprStatus.Parameter4)]
    [InlineData(0x20000ul, 13ul, PaprStatus.Parameter5)]
    [InlineData(0x20001ul, 63ul, PaprStatus.Parameter5)]
    [InlineData(0x20000ul, 64ul, PaprStatus.Parameter5)]
    [InlineData(0x20000ul, 0x1_0000_0010ul, PaprStatus.Parameter5)]
    [InlineData(0x20000ul, ulong.MaxValue, PaprStatus.Parameter5)]
    public void A_queues_memory_is_aligned_ram_of_a_size_that_exists(ulong address, ulong sizeShift, long status)
    {
        using PseriesRig rig = new(InterruptMode.Xive);
        Assert.Equal(status, rig.Xive.SetQueue(1, 1, 0, address, sizeShift));
        Assert.Equal(0, rig.Xive.GetQueue(1, 1, 0, out XiveQueueConfiguration queue));
        Assert.Equal(status == 0 ? new XiveQueueConfiguration(3, address, sizeShift, 0) : default, queue);
        Assert.Equal(0, rig.Xive.GetQueue(0, 1, 0, out queue));
        Assert.Equal(status == 0 ? new XiveQueueConfiguration(1, address, sizeShift, 0) : default, queue);
    }

    [Fact]
    public void Size_0_takes_a_queue_away_whatever_the_address()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.SetQueue(0, 0, 6, 0x123, 0));
        Assert.Equal(0, rig.Xive.GetQueue(1, 0, 6, out XiveQueueConfiguration queue));
        Assert.Equal(default, queue);
    }

    [Fact]
    public void A_queue_that_is_set_again_begins_again()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Trigger(PseriesRig.Msi);
        Assert.Equal(0, rig.Xive.SetQueue(1, 0, 6, PseriesRig.Queue, 12));
        Assert.Equal(0, rig.Xive.GetQueue(1, 0, 6, out XiveQueueConfiguration queue));
        Assert.Equal(new XiveQueueConfiguration(3, PseriesRig.Queue, 12, 0), queue);
    }

    [Theory]
    [InlineData(0x10000ul)]
    [InlineData(0x20000ul)]
    [InlineData(ulong.MaxValue)]
    [InlineData(4ul)]
    [InlineData(0x801ul)]
    public void The_event_state_has_a_page_of_aligned_offsets(ulong offset)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(PaprStatus.Parameter3, rig.Xive.AccessEventState(0, Lsi, offset, 0, out ulong loaded));
        Assert.Equal(ulong.MaxValue, loaded);
        Assert.Equal(PaprStatus.Parameter3, rig.Xive.AccessEventState(1, Lsi, offset, 0, out _));
    }

    [Fact]
    public void The_event_state_can_be_loaded_and_stored_by_hypercall()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.AccessEventState(0, Lsi, 0xd00, 0, out ulong loaded));
        Assert.Equal(0u, loaded);
        Assert.Equal(0, rig.Xive.AccessEventState(1, Lsi, 0xc00, 0, out loaded));
        Assert.Equal(ulong.MaxValue, loaded);
        Assert.Equal(0, rig.Xive.AccessEventState(1, Lsi, 0, 0, out _)); // a trigger
        Assert.True(rig.Line());
        Assert.Equal(0, rig.Xive.AccessEventState(1, Lsi, 0x800, 0, out _)); // undefined: nothing
        Assert.Equal(2u, rig.Load(PseriesRig.Lsi, 0x800));
        Assert.Equal(0, rig.Xive.Synchronize(0, Lsi));
    }

    [Fact]
    public void A_reset_forgets_everything_but_levels()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        rig.Trigger(PseriesRig.Msi);
        Assert.Equal(0, rig.Xive.Reset(0));
        Assert.False(rig.Line());
        Assert.Equal(1u, rig.Load(PseriesRig.Msi, 0x800));
        Assert.Equal(0, rig.Xive.GetQueue(1, 0, 6, out XiveQueueConfiguration queue));
        Assert.Equal(default, queue);
        Assert.Equal(0, rig.Xive.GetSource(0, Msi, out XiveSourceTarget target));
        Assert.Equal(0xffu, target.Priority);
        Assert.Equal(0, rig.Xive.SetQueue(1, 0, 6, 0x20000, 16));
        Assert.Equal(0, rig.Xive.SetSource(2, Lsi, 0, 6, 77));
        rig.SetPriority(0xff);
        rig.Load(PseriesRig.Lsi, 0xc00);
        Assert.True(rig.Ram.TryReadUInt32(new PhysicalAddress(0x20000), out uint entry));
        Assert.Equal(0x80000000u | 77, entry);
        Assert.True(rig.Line());
    }
}
