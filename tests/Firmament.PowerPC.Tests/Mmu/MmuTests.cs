using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Mmu;

/// <summary>BATs, segments, the hashed page table, protection, R and C, TLB invalidation. PEM chapter 7.</summary>
public sealed unsafe class MmuTests
{
    private const uint Ea = 0x3123_4000;
    private const uint Page = 0x3_0000;
    private const uint User = 0x4000;

    /// <summary>PEM table 7-8: what key and PP allow.</summary>
    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(0, 1, true, true)]
    [InlineData(0, 2, true, true)]
    [InlineData(0, 3, true, false)]
    [InlineData(1, 0, false, false)]
    [InlineData(1, 1, true, false)]
    [InlineData(1, 2, true, true)]
    [InlineData(1, 3, true, false)]
    public void Key_and_PP_decide_who_may_load_and_store(int key, uint pp, bool read, bool write)
    {
        foreach (bool user in (bool[])[false, true])
        {
            using MmuRig rig = new();
            rig.SetSegment(Ea, MmuRig.Vsid | (key == 0 ? 0 : user ? 0x2000_0000u : 0x4000_0000u));
            rig.Map(Ea, Page | pp);
            rig.Cpu.Cpu.Msr = 0x1010 | (user ? User : 0);
            Assert.Equal(read ? 0u : 0x300u, rig.Load(Ea));
            if (!read)
            {
                Assert.Equal(0x0800_0000u, rig.Cpu.Spr(SprNumber.Dsisr));
            }

            rig.Cpu.Cpu.Msr = 0x1010 | (user ? User : 0);
            Assert.Equal(write ? 0u : 0x300u, rig.Store(Ea));
            if (!write)
            {
                Assert.Equal(0x0a00_0000u, rig.Cpu.Spr(SprNumber.Dsisr));
                Assert.Equal(Ea, rig.Cpu.Spr(SprNumber.Dar));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_walk_finds_either_hash_and_sets_R_then_C(bool secondary)
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        uint entry = rig.Map(Ea, Page | 2, secondary);
        rig.Cpu.Write(Page + 8, 0xcafe_f00d);
        Assert.Equal(0u, rig.Load(Ea + 8));
        Assert.Equal(0xcafe_f00du, rig.Cpu[5]);
        Assert.Equal(Page | 0x102, rig.Cpu.Read(entry));
        Assert.Equal(0u, rig.Store(Ea + 12));
        Assert.Equal(Page | 0x182, rig.Cpu.Read(entry));
        Assert.Equal(0xcafe_f00du, rig.Cpu.Read(Page + 12));
    }

    [Fact]
    public void A_refused_store_does_not_set_C()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        uint entry = rig.Map(Ea, Page | 3);
        Assert.Equal(0x300u, rig.Store(Ea));
        Assert.Equal(0u, rig.Cpu.Read(entry) & 0x80);
    }

    [Fact]
    public void A_changed_entry_is_seen_after_tlbie_and_not_before()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        uint entry = rig.Map(Ea, Page | 2);
        rig.Cpu.Write(Page, 1);
        rig.Cpu.Write(Page + 0x1000, 2);
        Assert.Equal(0u, rig.Load(Ea));
        rig.Cpu.Write(entry, (Page + 0x1000) | 2);
        Assert.Equal(0u, rig.Load(Ea));
        Assert.Equal(1u, rig.Cpu[5]);
        Assert.Equal(0u, rig.Try(Ea, static a => a.Tlbie(4)));
        Assert.Equal(0u, rig.Load(Ea));
        Assert.Equal(2u, rig.Cpu[5]);
    }

    [Fact]
    public void Tlbie_over_and_over_costs_the_host_nothing()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        rig.Map(Ea, Page | 2);
        Assert.Equal(0u, rig.Load(Ea));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 100_000; n++)
        {
            rig.Cpu.Cpu.Mmu.InvalidatePage(Ea);
            rig.Cpu.Cpu.Mmu.TranslateData(Ea, false, out _, out _);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_segment_change_takes_effect_at_once()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        rig.Map(Ea, Page | 2);
        Assert.Equal(0u, rig.Load(Ea));
        rig.Cpu[3] = MmuRig.Vsid + 1;
        Assert.Equal(0u, rig.Try(Ea, static a => a.Mtsrin(3, 4)));
        Assert.Equal(0x300u, rig.Load(Ea));
        Assert.Equal(0x4000_0000u, rig.Cpu.Spr(SprNumber.Dsisr));
    }

    [Theory]
    // Upper, lower, user, load, store
    [InlineData(0x4000_0003u, 0x0000_0002u, false, 0u, 0u)]
    [InlineData(0x4000_0003u, 0x0000_0001u, false, 0u, 0x300u)]
    [InlineData(0x4000_0003u, 0x0000_0003u, true, 0u, 0x300u)]
    [InlineData(0x4000_0003u, 0x0000_0000u, true, 0x300u, 0x300u)]
    [InlineData(0x4000_0002u, 0x0000_0002u, false, 0u, 0u)]
    [InlineData(0x4000_0002u, 0x0000_0002u, true, 0x300u, 0x300u)]
    [InlineData(0x4000_0001u, 0x0000_0002u, false, 0x300u, 0x300u)]
    [InlineData(0x4000_0000u, 0x0000_0002u, false, 0x300u, 0x300u)]
    [InlineData(0x4002_0003u, 0x0000_0002u, false, 0x300u, 0x300u)] // the next 128 KiB
    [InlineData(0x4000_1fffu, 0x0000_0002u, false, 0u, 0u)] // 256 MiB
    public void A_BAT_matches_by_block_and_mode_and_its_PP_protects(uint upper, uint lower, bool user, uint load, uint store)
    {
        const uint InBlock = 0x4000_0000 + CpuRig.DataAt - 0x1_0000;
        using MmuRig rig = new();
        rig.SetSpr(536, upper);
        rig.SetSpr(537, lower);
        rig.Cpu.Cpu.Msr = 0x1010 | (user ? User : 0);
        Assert.Equal(load, rig.Load(InBlock));
        rig.Cpu.Cpu.Msr = 0x1010 | (user ? User : 0);
        Assert.Equal(store, rig.Store(InBlock));
    }

    [Theory]
    [InlineData("7457", 0x0080_0000u, true)]
    [InlineData("7457", 0u, false)]
    [InlineData("7400", 0x0080_0000u, false)]
    public void The_high_BATs_take_part_where_HID0_says_so(string model, uint hid0, bool active)
    {
        using MmuRig rig = new(model);
        rig.SetSpr(568, 0x4000_0003);
        rig.SetSpr(569, 0x0000_0002);
        rig.SetSpr(1008, hid0);
        Assert.Equal(active ? 0u : 0x300u, rig.Load(0x4000_0000));
    }

    [Fact]
    public void XBSEN_lets_one_BAT_map_more_than_256_megabytes()
    {
        using MmuRig rig = new();
        rig.SetSpr(536, 0x0001_ffff);
        rig.SetSpr(537, 0x0000_0002);
        Assert.Equal(0x300u, rig.Load(0x1000_0000));
        rig.SetSpr(1008, 0x100);
        Assert.Equal(0x200u, rig.Load(0x1000_0000));
        Assert.Equal(0u, rig.Load(0x0002_0000));
    }

    [Fact]
    public void A_BAT_wins_over_the_page_table()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        rig.Map(Ea, Page | 2);
        rig.SetSpr(536, (Ea & 0xfffe_0000) | 3);
        rig.SetSpr(537, 2);
        rig.Cpu.Write(Ea & 0x1_ffff, 0xba7);
        Assert.Equal(0u, rig.Load(Ea));
        Assert.Equal(0xba7u, rig.Cpu[5]);
    }

    [Theory]
    [InlineData(0x0u, 0u)]
    [InlineData(0x8u, 0x1000_0000u)] // G
    [InlineData(0x1u, 0x0800_0000u)] // key 1, PP 0 below
    public void A_fetch_is_refused_from_guarded_and_from_protected_pages(uint wimgOrKey, uint reason)
    {
        using MmuRig rig = new();
        bool keyed = wimgOrKey == 1;
        rig.SetSegment(Ea, MmuRig.Vsid | (keyed ? 0x4000_0000u : 0));
        rig.Map(Ea, Page | (keyed ? 0 : wimgOrKey | 2));
        rig.Cpu.Write(Page, 0x3860_0007); // li r3,7
        rig.Cpu.Cpu.Msr = 0x1020;
        rig.Cpu.Cpu.Pc = Ea;
        rig.Cpu.Run(1);
        if (reason == 0)
        {
            Assert.Equal(7u, rig.Cpu[3]);
            Assert.Equal(Ea + 4, rig.Cpu.Pc);
            return;
        }

        Assert.Equal(0x400u, rig.Cpu.Pc);
        Assert.Equal(Ea, rig.Cpu.Spr(SprNumber.Srr0));
        Assert.Equal(0x1020u | reason, rig.Cpu.Spr(SprNumber.Srr1));
    }

    [Fact]
    public void An_access_over_a_page_end_faults_at_the_second_page_and_changes_nothing()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        rig.Map(Ea, Page | 2);
        rig.Cpu[5] = 0x1122_3344;
        Assert.Equal(0x300u, rig.Store(Ea + 0xffe));
        Assert.Equal(Ea + 0x1000, rig.Cpu.Spr(SprNumber.Dar));
        Assert.Equal(0x4200_0000u, rig.Cpu.Spr(SprNumber.Dsisr));
        Assert.Equal(0u, rig.Cpu.Read(Page + 0xffc));
    }

    [Fact]
    public void A_walk_that_writes_R_over_decoded_code_disturbs_nothing()
    {
        using MmuRig rig = new();
        rig.SetSegment(Ea, MmuRig.Vsid);
        uint entry = rig.Map(Ea, Page | 2);
        // Code in the very grain of the table entry, executed once so that it is decoded; then a floating-point page fetched through it.
        rig.Cpu.Write(entry + 4, 0x6000_0000);
        rig.Cpu.Cpu.Msr = 0x1000;
        rig.Cpu.Cpu.Pc = entry + 4;
        rig.Cpu.Run(1);
        rig.Cpu.Write(Page, 0xfc20_1090); // fmr f1,f2
        rig.Cpu.Cpu.Msr = 0x3020;
        rig.Cpu.Cpu.Pc = Ea;
        rig.Cpu.Run(1);
        Assert.Equal(Ea + 4, rig.Cpu.Pc);
        Assert.Equal(0x100u, rig.Cpu.Read(entry) & 0x100);
    }
}
