using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Interrupts;

public sealed class XicsTests
{
    private const uint Msi = PseriesRig.Msi;
    private const uint Lsi = PseriesRig.Lsi;

    [Fact]
    public void At_power_on_sources_are_off_and_presenters_are_closed()
    {
        using PseriesRig rig = new(InterruptMode.Xics);
        Assert.True(rig.Xics.GetXive(Msi, out uint server, out uint priority));
        Assert.Equal((0u, 0xffu), (server, priority));
        Assert.Equal(0, rig.Xics.Poll(1, out uint xirr, out byte mfrr));
        Assert.Equal((0u, (byte)0xff), (xirr, mfrr));
        rig.Xics.SetXive(Msi, 0, 1);
        rig.Pulse(PseriesRig.Msi);
        Assert.False(rig.Line());
        Assert.Equal(0u, rig.Xics.Accept(0));
    }

    [Fact]
    public void A_message_is_presented_accepted_and_ended_once()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Pulse(PseriesRig.Msi);
        Assert.True(rig.Line());
        Assert.False(rig.Line(1));
        uint xirr = rig.Xics.Accept(0);
        Assert.Equal(0xff000000 | Msi, xirr);
        Assert.False(rig.Line());
        Assert.Equal(0x05000000u, Xirr(rig));
        Assert.Equal(PaprStatus.Success, rig.Xics.EndOfInterrupt(0, xirr));
        Assert.False(rig.Line());
        Assert.Equal(0xff000000, Xirr(rig));
    }

    [Fact]
    public void A_message_that_comes_while_its_last_one_is_served_comes_after_the_end()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Pulse(PseriesRig.Msi);
        uint xirr = rig.Xics.Accept(0);
        rig.Pulse(PseriesRig.Msi);
        rig.Pulse(PseriesRig.Msi);
        Assert.False(rig.Line());
        rig.Xics.EndOfInterrupt(0, xirr);
        Assert.True(rig.Line());
        rig.Xics.EndOfInterrupt(0, rig.Xics.Accept(0));
        Assert.False(rig.Line());
    }

    [Fact]
    public void A_more_favoured_source_displaces_the_one_presented_which_comes_back()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetXive(PseriesRig.OtherMsi, 0, 3);
        rig.Pulse(PseriesRig.Msi);
        rig.Pulse(PseriesRig.OtherMsi);
        uint first = rig.Xics.Accept(0);
        Assert.Equal(0xff000000u | PseriesRig.OtherMsi, first);
        Assert.False(rig.Line());
        rig.Xics.EndOfInterrupt(0, first);
        Assert.True(rig.Line());
        Assert.Equal(0xff000000 | Msi, rig.Xics.Accept(0));
    }

    [Fact]
    public void A_more_favoured_source_preempts_the_one_being_served()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetXive(PseriesRig.OtherMsi, 0, 3);
        rig.Pulse(PseriesRig.Msi);
        uint outer = rig.Xics.Accept(0);
        rig.Pulse(PseriesRig.OtherMsi);
        Assert.True(rig.Line());
        uint inner = rig.Xics.Accept(0);
        Assert.Equal(0x05000000u | PseriesRig.OtherMsi, inner);
        rig.Xics.EndOfInterrupt(0, inner);
        Assert.Equal(0x05000000u, Xirr(rig));
        rig.Xics.EndOfInterrupt(0, outer);
        Assert.Equal(0xff000000, Xirr(rig));
    }

    [Fact]
    public void Rejected_sources_come_back_in_order_of_their_numbers()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetCurrentPriority(0, 0);
        rig.Pulse(PseriesRig.ThirdMsi);
        rig.Pulse(PseriesRig.Msi);
        rig.Pulse(PseriesRig.OtherMsi);
        rig.Xics.SetCurrentPriority(0, 0xff);
        List<uint> served = [];
        while (rig.Line())
        {
            uint xirr = rig.Xics.Accept(0);
            served.Add(xirr & 0xffffff);
            rig.Xics.EndOfInterrupt(0, xirr);
        }

        Assert.Equal([PseriesRig.Msi, PseriesRig.OtherMsi, (uint)PseriesRig.ThirdMsi], served);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    [InlineData(4, false)]
    [InlineData(0, false)]
    public void Raising_the_current_priority_gives_back_what_is_not_more_favoured(byte cppr, bool kept)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Pulse(PseriesRig.Msi);
        rig.Xics.SetCurrentPriority(0, cppr);
        Assert.Equal(kept, rig.Line());
        Assert.Equal(((uint)cppr << 24) | (kept ? Msi : 0), Xirr(rig));
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.True(rig.Line());
        Assert.Equal(0xff000000 | Msi, rig.Xics.Accept(0));
    }

    [Fact]
    public void A_spurious_accept_changes_nothing()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetCurrentPriority(0, 7);
        Assert.Equal(0x07000000u, rig.Xics.Accept(0));
        Assert.Equal(0x07000000u, rig.Xics.Accept(0));
    }

    [Fact]
    public void A_request_interrupts_another_cpu_until_it_is_withdrawn()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.Equal(0, rig.Xics.SetRequestPriority(1, 4));
        Assert.False(rig.Line(0));
        Assert.True(rig.Line(1));
        uint xirr = rig.Xics.Accept(1);
        Assert.Equal(0xff000002, xirr);
        rig.Xics.EndOfInterrupt(1, xirr); // the request still stands
        Assert.True(rig.Line(1));
        xirr = rig.Xics.Accept(1);
        Assert.Equal(0, rig.Xics.SetRequestPriority(1, 0xff));
        rig.Xics.EndOfInterrupt(1, xirr);
        Assert.False(rig.Line(1));
    }

    [Fact]
    public void A_request_displaces_a_less_favoured_source_and_not_a_more_favoured_one()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Pulse(PseriesRig.Msi);
        rig.Xics.SetRequestPriority(0, 5); // as favoured as the source: it waits
        Assert.Equal(0xff000000 | Msi, Xirr(rig));
        rig.Xics.SetRequestPriority(0, 4);
        Assert.Equal(0xff000002, Xirr(rig));
        uint request = rig.Xics.Accept(0);
        rig.Xics.SetRequestPriority(0, 0xff);
        rig.Xics.EndOfInterrupt(0, request);
        Assert.Equal(0xff000000 | Msi, Xirr(rig));
    }

    [Fact]
    public void A_request_that_a_source_displaced_is_presented_again_from_its_register()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetRequestPriority(0, 6);
        rig.Pulse(PseriesRig.Msi);
        uint xirr = rig.Xics.Accept(0);
        Assert.Equal(0xff000000 | Msi, xirr);
        rig.Xics.EndOfInterrupt(0, xirr);
        Assert.Equal(0xff000002, Xirr(rig));
    }

    [Fact]
    public void A_request_waits_for_the_current_priority()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetCurrentPriority(1, 3);
        rig.Xics.SetRequestPriority(1, 4);
        Assert.False(rig.Line(1));
        rig.Xics.SetCurrentPriority(1, 0xff);
        Assert.True(rig.Line(1));
        rig.Xics.SetCurrentPriority(1, 4);
        Assert.False(rig.Line(1));
        Assert.Equal(0, rig.Xics.Poll(1, out uint xirr, out byte mfrr));
        Assert.Equal((0x04000000u, (byte)4), (xirr, mfrr));
    }

    [Fact]
    public void A_level_is_presented_again_after_the_end_while_it_is_asserted()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        uint xirr = rig.Xics.Accept(0);
        Assert.Equal(0xff000000 | Lsi, xirr);
        Assert.False(rig.Line());
        rig.Xics.EndOfInterrupt(0, xirr);
        Assert.True(rig.Line());
        xirr = rig.Xics.Accept(0);
        rig.Interrupts.Source(PseriesRig.Lsi).Lower();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise(); // says nothing new before the end
        rig.Interrupts.Source(PseriesRig.Lsi).Lower();
        rig.Xics.EndOfInterrupt(0, xirr);
        Assert.False(rig.Line());
    }

    [Fact]
    public void A_level_that_falls_while_it_waits_is_forgotten()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetCurrentPriority(0, 0);
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        rig.Interrupts.Source(PseriesRig.Lsi).Lower();
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.False(rig.Line());
    }

    [Fact]
    public void A_rejected_level_waits_only_while_asserted()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        Assert.True(rig.Line());
        rig.Xics.SetCurrentPriority(0, 1);
        Assert.False(rig.Line());
        rig.Interrupts.Source(PseriesRig.Lsi).Lower();
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.False(rig.Line());
    }

    [Theory]
    [InlineData(PseriesRig.Msi)]
    [InlineData(PseriesRig.Lsi)]
    public void What_comes_while_a_source_is_off_comes_when_it_is_on_again(int number)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.True(rig.Xics.Disable((uint)number));
        rig.Interrupts.Source(number).Raise();
        Assert.False(rig.Line());
        Assert.True(rig.Xics.GetXive((uint)number, out _, out uint priority));
        Assert.Equal(0xffu, priority);
        Assert.True(rig.Xics.Enable((uint)number));
        Assert.True(rig.Line());
        Assert.True(rig.Xics.GetXive((uint)number, out _, out priority));
        Assert.Equal(5u, priority);
    }

    [Fact]
    public void What_was_rejected_and_then_masked_is_not_lost()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetCurrentPriority(0, 0);
        rig.Pulse(PseriesRig.Msi);
        rig.Xics.SetXive(Msi, 0, 0xff);
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.False(rig.Line());
        rig.Xics.SetXive(Msi, 1, 5);
        Assert.True(rig.Line(1));
    }

    [Fact]
    public void Setting_priority_0xff_also_replaces_what_int_on_gives_back()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetXive(Msi, 1, 0xff);
        Assert.True(rig.Xics.Enable(Msi));
        Assert.True(rig.Xics.GetXive(Msi, out uint server, out uint priority));
        Assert.Equal((1u, 0xffu), (server, priority));
    }

    [Fact]
    public void A_level_that_moved_to_another_server_while_served_is_presented_there()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        uint xirr = rig.Xics.Accept(0);
        rig.Xics.SetXive(Lsi, 1, 5);
        Assert.False(rig.Line(1));
        rig.Xics.EndOfInterrupt(0, xirr);
        Assert.True(rig.Line(1));
        Assert.False(rig.Line(0));
    }

    [Theory]
    [InlineData(0x1200u, 2u, 5u)]
    [InlineData(0x1200u, 0xffffffffu, 5u)]
    [InlineData(0x1200u, 0u, 0x100u)]
    [InlineData(0u, 0u, 5u)]
    [InlineData(0x1300u, 0u, 5u)]
    [InlineData(0x2000u, 0u, 5u)]
    [InlineData(0xffffffffu, 0u, 5u)]
    public void A_bad_source_server_or_priority_is_refused(uint source, uint server, uint priority)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.False(rig.Xics.SetXive(source, server, priority));
        Assert.True(rig.Xics.GetXive(0x1200, out uint now, out uint nowPriority));
        Assert.Equal((0u, 5u), (now, nowPriority));
        if (source != 0x1200)
        {
            Assert.False(rig.Xics.GetXive(source, out _, out _));
            Assert.False(rig.Xics.Disable(source));
            Assert.False(rig.Xics.Enable(source));
        }
    }

    [Theory]
    [InlineData(2ul)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x1_0000_0000ul)]
    public void A_bad_server_is_refused(ulong server)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.Equal(PaprStatus.Parameter, rig.Xics.SetRequestPriority(server, 0));
        Assert.Equal(PaprStatus.Parameter, rig.Xics.Poll(server, out _, out _));
        Assert.False(rig.Line(0) || rig.Line(1));
    }

    [Theory]
    [InlineData(0x05000000u, PaprStatus.Parameter)]
    [InlineData(0x05ffffffu, PaprStatus.Parameter)]
    [InlineData(0x05002000u, PaprStatus.Parameter)]
    [InlineData(0x05000002u, PaprStatus.Success)]
    [InlineData(0x05001fffu, PaprStatus.Success)]
    public void The_end_of_an_interrupt_that_no_source_can_have_is_refused_but_sets_the_priority(uint xirr, long status)
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        Assert.Equal(status, rig.Xics.EndOfInterrupt(0, xirr));
        Assert.Equal(0x05000000u, Xirr(rig));
    }

    [Fact]
    public void A_source_that_was_freed_while_presented_is_not_presented_again()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Pulse(PseriesRig.Msi);
        rig.Interrupts.Free(PseriesRig.Msi);
        rig.Xics.SetCurrentPriority(0, 0);
        rig.Xics.SetCurrentPriority(0, 0xff);
        Assert.False(rig.Line());
        rig.Pulse(PseriesRig.Msi);
        Assert.False(rig.Line());
    }

    [Fact]
    public void State_survives_a_round_trip()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        rig.Xics.SetXive(PseriesRig.OtherMsi, 1, 3);
        rig.Interrupts.Source(PseriesRig.Lsi).Raise();
        uint xirr = rig.Xics.Accept(0);
        rig.Pulse(PseriesRig.Msi);
        rig.Pulse(PseriesRig.OtherMsi);
        rig.Xics.SetRequestPriority(1, 2);
        using PseriesRig fresh = new(InterruptMode.Xive);
        _ = fresh.Interrupts.Source(PseriesRig.Lsi);
        SavedState.AssertRoundTrip([rig.Interrupts], [fresh.Interrupts]);
        Assert.Equal(InterruptMode.Xics, fresh.Interrupts.Mode);
        Assert.True(fresh.Line(1));
        foreach (PseriesRig each in (PseriesRig[])[rig, fresh])
        {
            Assert.Equal(0xff000002, each.Xics.Accept(1));
            each.Interrupts.Source(PseriesRig.Lsi).Lower();
            each.Xics.EndOfInterrupt(0, xirr);
            Assert.Equal(0xff000000 | Msi, each.Xics.Accept(0));
        }
    }

    [Fact]
    public void Whatever_a_guest_does_in_a_long_random_walk_nothing_is_lost()
    {
        using PseriesRig rig = PseriesRig.OpenXics();
        uint seed = 12345;
        uint Next(uint below)
        {
            seed = (seed * 1664525) + 1013904223;
            return (seed >> 8) % below;
        }

        for (int step = 0; step < 20_000; step++)
        {
            int cpu = (int)Next(2);
            uint source = Next(2) == 0 ? PseriesRig.Msi + Next(3) : PseriesRig.Lsi + Next(2);
            switch (Next(9))
            {
                case 0: rig.Interrupts.Source((int)source).Set(Next(2) == 0); break;
                case 1: rig.Xics.EndOfInterrupt(cpu, rig.Xics.Accept(cpu)); break;
                case 2: _ = rig.Xics.Accept(cpu); break;
                case 3: rig.Xics.SetCurrentPriority(cpu, (byte)Next(256)); break;
                case 4: rig.Xics.SetRequestPriority(Next(3), (byte)Next(256)); break;
                case 5: rig.Xics.SetXive(source, Next(3), Next(260)); break;
                case 6: rig.Xics.Disable(source); break;
                case 7: rig.Xics.Enable(source); break;
                default: rig.Xics.EndOfInterrupt(cpu, (Next(256) << 24) | source); break;
            }

            for (uint server = 0; server < 2; server++)
            {
                rig.Xics.Poll(server, out uint xirr, out _);
                Assert.Equal((xirr & 0xffffff) != 0, rig.Line((int)server));
            }
        }

        // Afterwards each source still works.
        rig.Interrupts.Source(PseriesRig.Lsi).Lower();
        rig.Interrupts.Source(PseriesRig.OtherLsi).Lower();
        foreach (int number in (int[])[PseriesRig.Lsi, PseriesRig.OtherLsi, PseriesRig.Msi, PseriesRig.OtherMsi, PseriesRig.ThirdMsi])
        {
            rig.Xics.SetXive((uint)number, 0, 5);
            rig.Interrupts.Source(number).Lower();
            for (uint cpu = 0; cpu < 2; cpu++)
            {
                rig.Xics.SetRequestPriority(cpu, 0xff);
                for (int i = 0; i < 10; i++)
                {
                    rig.Xics.EndOfInterrupt((int)cpu, 0xff000000 | (rig.Xics.Accept((int)cpu) & 0xffffff));
                    rig.Xics.EndOfInterrupt((int)cpu, 0xff000000 | (uint)number);
                }
            }

            rig.Interrupts.Source(number).Raise();
            uint served = rig.Xics.Accept(0);
            Assert.Equal(0xff000000 | (uint)number, served);
            rig.Interrupts.Source(number).Lower();
            rig.Xics.EndOfInterrupt(0, served);
            Assert.False(rig.Line());
        }
    }

    private static uint Xirr(PseriesRig rig)
    {
        Assert.Equal(0, rig.Xics.Poll(0, out uint xirr, out _));
        return xirr;
    }
}
