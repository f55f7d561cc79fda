using Firmament.Core.Memory;
using Firmament.Devices.Interrupts;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class XiveSourceTests
{
    private const int Msi = PseriesRig.Msi;
    private const int Lsi = PseriesRig.Lsi;

    public static TheoryData<byte, byte, bool> Triggers => new() { { 0, 2, true }, { 1, 1, false }, { 2, 3, false }, { 3, 3, false } };

    public static TheoryData<byte, byte, bool> Ends => new() { { 0, 0, false }, { 1, 1, false }, { 2, 0, false }, { 3, 2, true } };

    [Theory]
    [MemberData(nameof(Triggers))]
    public void A_store_to_the_trigger_page_or_low_on_the_management_page_triggers(byte before, byte after, bool forwarded)
    {
        foreach (int how in (int[])[0, 1, 2, 3])
        {
            using PseriesRig rig = PseriesRig.OpenXive();
            SetState(rig, Msi, before);
            switch (how)
            {
                case 0: rig.Trigger(Msi); break;
                case 1: rig.Store(Msi, 0); break;
                case 2: rig.Store(Msi, 0x3f8); break;
                default: rig.Pulse(Msi); break;
            }

            Assert.Equal(after, rig.Load(Msi, 0x800));
            Assert.Equal(forwarded, rig.Line());
            Assert.Equal(forwarded ? 0x80000000u | Msi : 0, rig.Entry(0));
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_low_load_of_the_management_page_ends(byte before, byte after, bool forwarded)
    {
        foreach (ulong offset in (ulong[])[0, 0x3f8, 0x400, 0x7f8])
        {
            using PseriesRig rig = PseriesRig.OpenXive();
            SetState(rig, Msi, before);
            Assert.Equal(forwarded ? 1u : 0u, rig.Load(Msi, offset));
            Assert.Equal(after, rig.Load(Msi, 0x800));
            Assert.Equal(forwarded, rig.Line());
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_store_ends_where_store_eoi_is_offered(byte before, byte after, bool forwarded)
    {
        foreach (ulong offset in (ulong[])[0x400, 0x7f8])
        {
            using PseriesRig rig = PseriesRig.OpenXive(storeEoi: true);
            SetState(rig, Msi, before);
            rig.Store(Msi, offset);
            Assert.Equal(after, rig.Load(Msi, 0x800));
            Assert.Equal(forwarded, rig.Line());
        }
    }

    [Fact]
    public void A_store_does_not_end_where_it_is_not_offered()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        SetState(rig, Msi, 2);
        rig.Store(Msi, 0x400);
        Assert.Equal(2u, rig.Load(Msi, 0x800));
        Assert.NotEmpty(rig.GuestErrors);
    }

    [Theory]
    [InlineData(0xc00, 0)]
    [InlineData(0xcf8, 0)]
    [InlineData(0xd00, 1)]
    [InlineData(0xe00, 2)]
    [InlineData(0xf00, 3)]
    [InlineData(0xff8, 3)]
    public void High_accesses_set_the_state_and_a_load_returns_the_old(ulong offset, byte state)
    {
        for (byte before = 0; before < 4; before++)
        {
            using PseriesRig rig = PseriesRig.OpenXive();
            SetState(rig, Msi, before);
            Assert.Equal(before, rig.Load(Msi, offset));
            Assert.Equal(state, rig.Load(Msi, 0xbf8));
            SetState(rig, Msi, before);
            rig.Store(Msi, offset);
            Assert.Equal(state, rig.Load(Msi, 0x800));
            Assert.False(rig.Line());
        }
    }

    [Fact]
    public void The_pages_repeat_every_4_kib()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0u, rig.Load(Msi, 0xfd00));
        Assert.Equal(1u, rig.Load(Msi, 0x800));
    }

    [Theory]
    [InlineData(0x0, 4)]
    [InlineData(0x0, 1)]
    [InlineData(0x4, 8)]
    [InlineData(0x801, 2)]
    public void Accesses_that_are_not_eight_aligned_bytes_do_nothing(ulong offset, int size)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        foreach (ulong page in (ulong[])[0, 0x10000])
        {
            ulong address = PseriesRig.Esb + ((ulong)Msi << 17) + page + offset;
            Assert.Equal(ulong.MaxValue >> (64 - (8 * size)), rig.Memory.Read(new PhysicalAddress(address), size, out _));
            rig.Memory.Write(new PhysicalAddress(address), 0, size);
        }

        Assert.Equal(0u, rig.Load(Msi, 0x800));
        Assert.False(rig.Line());
        Assert.NotEmpty(rig.GuestErrors);
    }

    [Fact]
    public void The_trigger_page_cannot_be_loaded()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(ulong.MaxValue, rig.Memory.Read(new PhysicalAddress(PseriesRig.Esb + ((ulong)Msi << 17)), 8, out _));
        Assert.NotEmpty(rig.GuestErrors);
    }

    [Fact]
    public void A_number_that_is_no_source_has_no_pages()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        foreach (int number in (int[])[2, 0xfff, 0x1300, 0x1fff])
        {
            Assert.Equal(ulong.MaxValue, rig.Load(number, 0x800));
            rig.Trigger(number);
            rig.Store(number, 0xc00);
        }

        Assert.Equal(0, rig.Xive.SetSource(0, Msi, 0, 6, 0));
        Assert.False(rig.Line());
    }

    [Fact]
    public void The_pages_answer_nothing_while_xics_is_active()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.Equal(ulong.MaxValue, rig.Load(Msi, 0xc00));
        rig.Trigger(Msi);
        Assert.Equal(0xffffu, rig.Acknowledge());
        rig.SetPriority(0);
        Assert.False(rig.Line());
    }

    [Fact]
    public void A_level_is_sent_once_and_again_at_the_end_while_asserted()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Interrupts.Source(Lsi).Raise();
        Assert.Equal(0x80000000u | Lsi, rig.Entry(0));
        Assert.Equal(2u, rig.Load(Lsi, 0x800));
        rig.Interrupts.Source(Lsi).Lower();
        rig.Interrupts.Source(Lsi).Raise();
        Assert.Equal(2u, rig.Load(Lsi, 0x800)); // an LSI never queues
        Assert.Equal(0u, rig.Entry(1));
        Assert.Equal(0, rig.Xive.AccessEventState(0, Lsi, 0, 0, out ulong again));
        Assert.Equal(1u, again);
        Assert.Equal(2u, rig.Load(Lsi, 0x800));
        Assert.Equal(0x80000000u | Lsi, rig.Entry(1));
        rig.Interrupts.Source(Lsi).Lower();
        Assert.Equal(0u, rig.Load(Lsi, 0));
        Assert.Equal(0u, rig.Load(Lsi, 0x800));
        Assert.Equal(0u, rig.Entry(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_level_triggers_only_when_ready(byte state)
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        SetState(rig, Lsi, state);
        rig.Interrupts.Source(Lsi).Raise();
        rig.Store(Lsi, 0);
        Assert.Equal(state, rig.Load(Lsi, 0x800));
        Assert.False(rig.Line());
    }

    [Fact]
    public void A_level_asserted_while_off_is_sent_when_the_source_becomes_ready()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        SetState(rig, Lsi, 1);
        rig.Interrupts.Source(Lsi).Raise();
        Assert.Equal(1u, rig.Load(Lsi, 0xc00));
        Assert.Equal(2u, rig.Load(Lsi, 0x800));
        Assert.True(rig.Line());
    }

    [Fact]
    public void A_level_that_software_queued_is_sent_at_the_end()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Load(Lsi, 0xf00);
        Assert.Equal(1u, rig.Load(Lsi, 0));
        Assert.Equal(2u, rig.Load(Lsi, 0x800));
        Assert.True(rig.Line());
    }

    [Fact]
    public void A_store_end_of_an_asserted_level_sends_it_again()
    {
        using PseriesRig rig = PseriesRig.OpenXive(storeEoi: true);
        rig.Interrupts.Source(Lsi).Raise();
        rig.Store(Lsi, 0x400);
        Assert.Equal(2u, rig.Load(Lsi, 0x800));
        Assert.Equal(0x80000000u | Lsi, rig.Entry(1));
    }

    [Fact]
    public void A_masked_source_keeps_its_state_and_drops_events()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        Assert.Equal(0, rig.Xive.SetSource(1, Msi, 0, 6, 0));
        rig.Trigger(Msi);
        Assert.Equal(2u, rig.Load(Msi, 0x800));
        Assert.False(rig.Line());
        Assert.Equal(0u, rig.Entry(0));
    }

    [Fact]
    public void An_inter_processor_interrupt_reaches_the_cpu_of_its_number()
    {
        using PseriesRig rig = PseriesRig.OpenXive();
        rig.Trigger(1);
        Assert.True(rig.Line(1));
        Assert.False(rig.Line(0));
        Assert.Equal(0x80000001u, rig.Entry(0, cpu: 1));
    }

    private static void SetState(PseriesRig rig, int source, byte state) => rig.Load(source, 0xc00 + ((ulong)state << 8));
}
