using Firmament.Core.Hypercalls;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class HashTranslatorTests : IDisposable
{
    private const uint NotFound = 0x4000_0000;
    private const uint NoExecute = 0x1000_0000;
    private const uint Protection = 0x0800_0000;
    private const uint Store = 0x0200_0000;
    private const uint Key = 0x0020_0000;
    private const ulong Ea = 0x1234_5678;

    private readonly HashRig _rig = new();

    public static TheoryData<bool, ulong, int, int, ulong> PageSizes { get; } = new()
    {
        // 1 TiB segment, L||LP, base shift, page shift, LP field of the entry
        { false, 0x000, 12, 12, 0 }, { true, 0x000, 12, 12, 0 },
        { false, 0x000, 12, 16, 0x7000 }, { true, 0x000, 12, 16, 0x7000 },
        { false, 0x000, 12, 24, 0x3_8000 }, { true, 0x000, 12, 24, 0x3_8000 },
        { false, 0x110, 16, 16, 0x1000 }, { true, 0x110, 16, 16, 0x1000 },
        { false, 0x110, 16, 24, 0x8000 }, { true, 0x110, 16, 24, 0x8000 },
        { false, 0x100, 24, 24, 0 }, { true, 0x100, 24, 24, 0 },
    };

    public void Dispose() => _rig.Dispose();

    [Theory]
    [MemberData(nameof(PageSizes))]
    public void Each_page_size_translates_by_either_hash(bool terabyte, ulong encoding, int baseShift, int pageShift, ulong lp)
    {
        foreach (bool secondary in (bool[])[false, true])
        {
            ulong ea = terabyte ? 0xc000_0056_789a_bcdeUL : 0xc000_0000_789a_bcdeUL;
            ea += secondary ? 0x200_0000u : 0;
            _rig.AddSegment(ea, terabyte, encoding);
            ulong large = pageShift > 12 ? 4u : 0;
            _rig.Enter(ea, terabyte, baseShift, 0x200_0000 | lp | HashRig.Memory | HashRig.ReadWrite, large, secondary);
            StorageTranslation found = _rig.Find(ea);
            Assert.Equal(0x200_0000 | (ea & ((1UL << pageShift) - 1)), found.Physical);
            Assert.Equal(pageShift, found.PageShift);
            Assert.False(found.CacheInhibited);
        }
    }

    [Theory]
    [MemberData(nameof(PageSizes))]
    public void The_page_of_an_entry_is_known_from_where_it_lies(bool terabyte, ulong encoding, int baseShift, int pageShift, ulong lp)
    {
        _ = encoding;
        ulong segmentMask = terabyte ? 0xff_ffff_ffffUL : 0xfff_ffffUL;
        foreach (bool secondary in (bool[])[false, true])
        {
            for (ulong ea = 0x3_0000; ea < segmentMask; ea = (ea * 5) + 0x12_3000)
            {
                ulong index = _rig.Enter(ea, terabyte, baseShift, lp | HashRig.Memory, pageShift > 12 ? 4u : 0, secondary);
                Assert.Equal(PaprStatus.Success, _rig.Table.Remove(0, index, 0, out ulong first, out ulong second));
                Assert.Equal(new SegmentPage(ea & segmentMask & (ulong.MaxValue << pageShift), pageShift), _rig.Table.PageOf(index, first, second));
            }
        }
    }

    [Fact]
    public void An_address_in_no_segment_is_a_segment_interrupt()
    {
        foreach (AccessKind kind in Enum.GetValues<AccessKind>())
        {
            Assert.False(_rig.Try(Ea, kind, out _, out StorageFault fault));
            Assert.Equal(new StorageFault(StorageFaultKind.Segment, 0), fault);
        }
    }

    [Fact]
    public void A_page_that_is_not_in_the_table_is_not_found()
    {
        _rig.AddSegment(Ea, terabyte: false);
        Assert.Equal(NotFound, _rig.Causes(Ea, AccessKind.Load));
        Assert.Equal(NotFound | Store, _rig.Causes(Ea, AccessKind.Store));
        Assert.Equal(NotFound, _rig.Causes(Ea, AccessKind.Fetch));
    }

    [Fact]
    public void An_entry_of_another_base_page_size_does_not_match()
    {
        // A 64 KiB segment whose page is looked for where the 4 KiB entry lies: offset 0 has one hash for all sizes.
        _rig.AddSegment(0x1000_0000, terabyte: false, 0x110);
        _rig.Enter(0x1000_0000, terabyte: false, 12, 0x5000 | HashRig.Memory | HashRig.ReadWrite);
        Assert.Equal(NotFound, _rig.Causes(0x1000_0000, AccessKind.Load));
        _rig.Enter(0x1000_0000, terabyte: false, 12, 0x1_7000 | HashRig.Memory | HashRig.ReadWrite, flags: 4);
        Assert.Equal(NotFound, _rig.Causes(0x1000_0000, AccessKind.Load));
        _rig.Enter(0x1000_0000, terabyte: false, 16, 0x2_1000 | HashRig.Memory | HashRig.ReadWrite, flags: 4);
        Assert.Equal(0x2_0000UL, _rig.Find(0x1000_0000).Physical);
    }

    [Fact]
    public void An_entry_of_another_segment_size_does_not_match()
    {
        _rig.AddSegment(0x1000_0000, terabyte: true);
        ulong group = HashRig.Group(0x1000_0000, terabyte: true, 12) << 3;
        ulong first = HashRig.First(0x1000_0000, terabyte: true, 12) & ~(1UL << 62);
        Assert.Equal(PaprStatus.Success, _rig.Table.Enter(0, group, first, 0x5000 | HashRig.Memory, HashRig.RamSize, out _));
        Assert.Equal(NotFound, _rig.Causes(0x1000_0000, AccessKind.Load));
    }

    [Theory]
    // pp, then what is allowed with key 0 and key 1: read, write (2.07B Book III-S figure 28)
    [InlineData(0, "rw", "")]
    [InlineData(1, "rw", "r")]
    [InlineData(2, "rw", "rw")]
    [InlineData(3, "r", "r")]
    [InlineData(4, "", "")]
    [InlineData(5, "", "")]
    [InlineData(6, "r", "")]
    [InlineData(7, "", "")]
    public void Protection_bits_and_keys_allow_what_the_table_says(int pp, string withoutKey, string withKey)
    {
        foreach (ulong msr in (ulong[])[HashRig.Supervisor, HashRig.Problem])
        {
            foreach (bool key in (bool[])[false, true])
            {
                using HashRig rig = new();
                ulong keys = msr == HashRig.Problem ? Slb.ProblemKey : Slb.SupervisorKey;
                // The other state's key must not count.
                rig.MapSmall(Ea, 0x5000 | HashRig.Memory | ((ulong)pp >> 2 << 63) | ((ulong)pp & 3), key ? keys : keys ^ (Slb.ProblemKey | Slb.SupervisorKey));
                string allowed = key ? withKey : withoutKey;
                Assert.Equal(allowed.Contains('r', StringComparison.Ordinal) ? 0 : Protection, rig.Causes(Ea, AccessKind.Load, msr));
                Assert.Equal(allowed.Contains('r', StringComparison.Ordinal) ? 0 : Protection, rig.Causes(Ea, AccessKind.Fetch, msr));
                Assert.Equal(allowed.Contains('w', StringComparison.Ordinal) ? 0 : Protection | Store, rig.Causes(Ea, AccessKind.Store, msr));
            }
        }
    }

    [Fact]
    public void Fetches_from_no_execute_and_guarded_pages_and_segments_fail()
    {
        _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | 0x4 | HashRig.ReadWrite);
        Assert.Equal(NoExecute, _rig.Causes(Ea, AccessKind.Fetch));
        Assert.False(_rig.Find(Ea).Executable);
        using HashRig guarded = new();
        guarded.MapSmall(Ea, HashRig.RamSize | 0x28 | HashRig.ReadWrite);
        Assert.Equal(NoExecute, guarded.Causes(Ea, AccessKind.Fetch));
        using HashRig segment = new();
        segment.MapSmall(Ea, 0x5000 | HashRig.Memory | HashRig.ReadWrite, Slb.NoExecute);
        Assert.Equal(NoExecute, segment.Causes(Ea, AccessKind.Fetch));
        Assert.Equal(0u, segment.Causes(Ea, AccessKind.Load));
    }

    [Fact]
    public void No_execute_wins_over_protection_of_a_fetch()
    {
        _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | 0x4, Slb.SupervisorKey);
        Assert.Equal(NoExecute, _rig.Causes(Ea, AccessKind.Fetch));
        Assert.Equal(Protection, _rig.Causes(Ea, AccessKind.Load));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(31)]
    public void Page_class_keys_forbid_loads_stores_and_fetches(int key)
    {
        ulong keyBits = ((ulong)key >> 3 << 60) | (((ulong)key & 7) << 9);
        _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | HashRig.ReadWrite | keyBits);
        int shift = 62 - (2 * key);
        _rig.Registers.Amr = ~(3UL << shift);
        _rig.Registers.Iamr = ~(3UL << shift);
        Assert.Equal(0u, _rig.Causes(Ea, AccessKind.Load));
        Assert.Equal(0u, _rig.Causes(Ea, AccessKind.Store));
        Assert.Equal(0u, _rig.Causes(Ea, AccessKind.Fetch));
        _rig.Registers.Amr = 1UL << shift;
        Assert.Equal(Key, _rig.Causes(Ea, AccessKind.Load));
        Assert.Equal(0u, _rig.Causes(Ea, AccessKind.Store, HashRig.Problem));
        _rig.Registers.Amr = 2UL << shift;
        Assert.Equal(Key | Store, _rig.Causes(Ea, AccessKind.Store));
        Assert.False(_rig.Find(Ea).Writable);
        _rig.Registers.Iamr = 1UL << shift;
        Assert.Equal(Key, _rig.Causes(Ea, AccessKind.Fetch));
        Assert.False(_rig.Find(Ea).Executable);
    }

    [Fact]
    public void Protection_and_key_are_told_together()
    {
        _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | 3);
        _rig.Registers.Amr = ulong.MaxValue;
        _rig.Registers.Iamr = ulong.MaxValue;
        Assert.Equal(Protection | Key | Store, _rig.Causes(Ea, AccessKind.Store));
        Assert.Equal(Key, _rig.Causes(Ea, AccessKind.Fetch));
    }

    [Fact]
    public void A_load_sets_R_and_a_store_sets_C_before_stores_are_free()
    {
        ulong index = _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | HashRig.ReadWrite);
        Assert.False(_rig.Find(Ea).Writable);
        Assert.Equal(0x100UL, _rig.Second(index) & 0x180);
        Assert.True(_rig.Find(Ea, AccessKind.Store).Writable);
        Assert.Equal(0x180UL, _rig.Second(index) & 0x180);
        Assert.True(_rig.Find(Ea).Writable);
        Assert.Equal(0x5000UL | HashRig.Memory | HashRig.ReadWrite | 0x180, _rig.Second(index));
    }

    [Fact]
    public void A_refused_access_and_a_look_without_update_change_nothing()
    {
        ulong index = _rig.MapSmall(Ea, 0x5000 | HashRig.Memory | 3);
        Assert.Equal(Protection | Store, _rig.Causes(Ea, AccessKind.Store));
        Assert.True(_rig.Translator.Translate(Ea, AccessKind.Load, 0, updateReferenceChange: false, out StorageTranslation found, out _));
        Assert.Equal(0x5678UL, found.Physical);
        Assert.Equal(0UL, _rig.Second(index) & 0x180);
    }

    [Fact]
    public void Pages_of_devices_are_cache_inhibited()
    {
        _rig.MapSmall(Ea, 0x2000_0000_0000 | 0x20 | HashRig.ReadWrite);
        StorageTranslation found = _rig.Find(Ea);
        Assert.True(found.CacheInhibited);
        Assert.Equal(0x2000_0000_0678UL, found.Physical);
    }

    [Fact]
    public void Without_a_table_nothing_is_found()
    {
        _rig.AddSegment(Ea, terabyte: false);
        _rig.Partition.ResetToRadix();
        Assert.Equal(NotFound, _rig.Causes(Ea, AccessKind.Load));
    }

    [Fact]
    public void Many_random_pages_translate_to_where_they_were_entered()
    {
        Dictionary<ulong, ulong> pages = [];
        _rig.AddSegment(0xc000_0000_0000_0000, terabyte: true);
        ulong random = 7;
        for (int n = 0; n < 3000; n++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            ulong ea = 0xc000_0000_0000_0000 | ((random >> 12) & 0xff_ffff_f000);
            ulong real = (ulong)n << 12;
            ulong group = HashRig.Group(ea, terabyte: true, 12);
            ulong first = HashRig.First(ea, terabyte: true, 12);
            if (!pages.ContainsKey(ea)
                && (_rig.Table.Enter(0, group << 3, first, real | HashRig.Memory, HashRig.RamSize, out _) == PaprStatus.Success
                || _rig.Table.Enter(0, (~group & 0x7ff) << 3, first | 2, real | HashRig.Memory, HashRig.RamSize, out _) == PaprStatus.Success))
            {
                pages.Add(ea, real);
            }
        }

        Assert.True(pages.Count > 2900);
        foreach ((ulong ea, ulong real) in pages)
        {
            Assert.Equal(real | 0x123, _rig.Find(ea | 0x123).Physical);
        }
    }
}
