using Firmament.Core.Hypercalls;
using Firmament.PowerPC.Mmu;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class RadixTranslatorTests : IDisposable
{
    private const uint NotFound = 0x4000_0000;
    private const uint NoExecute = 0x1000_0000;
    private const uint Protection = 0x0800_0000;
    private const uint Store = 0x0200_0000;
    private const uint BadConfiguration = 0x0008_0000;
    private const ulong User = 0x0000_7fff_1234_5678;
    private const ulong Kernel = 0xc000_0000_0123_4567;

    private readonly RadixRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(21)]
    [InlineData(30)]
    public void Each_page_size_translates(int pageShift)
    {
        _rig.Map(0, Kernel, pageShift, 0x1_c000_0000 | RadixRig.KernelAll);
        StorageTranslation found = _rig.Find(Kernel);
        Assert.Equal(0x1_c000_0000 | (Kernel & ((1UL << pageShift) - 1)), found.Physical);
        Assert.Equal(pageShift, found.PageShift);
        Assert.True(found.Executable);
        Assert.False(found.CacheInhibited);
        // The neighbours are not mapped.
        Assert.Equal(NotFound, _rig.Causes(Kernel + (1UL << pageShift)));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(30)]
    public void Bits_of_a_leaf_below_its_page_size_do_not_count(int pageShift)
    {
        _rig.Map(0, Kernel, pageShift, 0x1_c001_f000 | RadixRig.KernelAll);
        Assert.Equal(0x1_c000_0000 | (Kernel & ((1UL << pageShift) - 1)), _rig.Find(Kernel).Physical);
    }

    [Fact]
    public void Quadrant_0_is_the_process_and_quadrant_3_is_process_0()
    {
        _rig.Registers.Pid = 5;
        _rig.Map(5, User, 12, 0x5000 | RadixRig.UserAll);
        _rig.Map(0, Kernel, 12, 0x6000 | RadixRig.KernelAll);
        Assert.Equal(0x5678UL, _rig.Find(User, msr: RadixRig.Problem).Physical);
        Assert.Equal(0x6567UL, _rig.Find(Kernel).Physical);
        _rig.Registers.Pid = 6;
        Assert.Equal(BadConfiguration, _rig.Causes(User));
        Assert.Equal(0x6567UL, _rig.Find(Kernel).Physical);
    }

    [Theory]
    [InlineData(0x4000_0000_0000_0000)]
    [InlineData(0x8000_0000_0000_0000)]
    [InlineData(0x0010_0000_0000_0000)]
    [InlineData(0xe000_0000_0000_0000)]
    [InlineData(0xc010_0000_0000_0000)]
    [InlineData(0x3fff_ffff_ffff_ffff)]
    public void Other_quadrants_and_bits_above_the_tree_are_segment_interrupts(ulong ea)
    {
        foreach (AccessKind kind in Enum.GetValues<AccessKind>())
        {
            Assert.False(_rig.Try(ea, kind, out _, out StorageFault fault));
            Assert.Equal(new StorageFault(StorageFaultKind.Segment, 0), fault);
        }
    }

    [Fact]
    public void All_52_bits_of_an_address_count()
    {
        _rig.Map(0, 0xc00f_ffff_ffff_f000, 12, 0x7000 | RadixRig.KernelAll);
        Assert.Equal(0x7fffUL, _rig.Find(0xc00f_ffff_ffff_ffff).Physical);
        Assert.Equal(NotFound, _rig.Causes(0xc007_ffff_ffff_ffff));
    }

    [Fact]
    public void What_is_not_mapped_is_not_found()
    {
        _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        ulong other = Kernel ^ 0x10_0000_0000;
        Assert.Equal(NotFound, _rig.Causes(other));
        Assert.Equal(NotFound | Store, _rig.Causes(other, AccessKind.Store));
        Assert.Equal(NotFound, _rig.Causes(other, AccessKind.Fetch));
    }

    [Fact]
    public void An_invalid_leaf_is_not_found()
    {
        ulong at = _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        _rig.Write(at, _rig.Read(at) & ~RadixRig.Valid);
        Assert.Equal(NotFound, _rig.Causes(Kernel));
    }

    [Theory]
    // access authority, then what problem state and supervisor state may do with it
    [InlineData(0x0, "", "")]
    [InlineData(0x1, "x", "x")]
    [InlineData(0x2, "rw", "rw")]
    [InlineData(0x4, "r", "r")]
    [InlineData(0x5, "rx", "rx")]
    [InlineData(0x6, "rw", "rw")]
    [InlineData(0x7, "rwx", "rwx")]
    [InlineData(0x8, "", "")]
    [InlineData(0x9, "", "x")]
    [InlineData(0xa, "", "rw")]
    [InlineData(0xc, "", "r")]
    [InlineData(0xf, "", "rwx")]
    public void Access_authority_is_obeyed(ulong authority, string problem, string supervisor)
    {
        _rig.Map(0, Kernel, 12, 0x5000 | authority);
        foreach (ulong msr in (ulong[])[RadixRig.Problem, RadixRig.Supervisor])
        {
            string allowed = msr == RadixRig.Problem ? problem : supervisor;
            uint fetchCause = (authority & 1) == 0 ? NoExecute : Protection;
            Assert.Equal(allowed.Contains('r', StringComparison.Ordinal) ? 0 : Protection, _rig.Causes(Kernel, AccessKind.Load, msr));
            Assert.Equal(allowed.Contains('w', StringComparison.Ordinal) ? 0 : Protection | Store, _rig.Causes(Kernel, AccessKind.Store, msr));
            Assert.Equal(allowed.Contains('x', StringComparison.Ordinal) ? 0 : fetchCause, _rig.Causes(Kernel, AccessKind.Fetch, msr));
        }
    }

    [Theory]
    [InlineData(0x00ul, false, true)]
    [InlineData(0x10ul, false, true)]
    [InlineData(0x20ul, true, false)]
    [InlineData(0x30ul, true, true)]
    public void Attributes_decide_about_caching_and_fetching(ulong attributes, bool cacheInhibited, bool executable)
    {
        _rig.Map(0, Kernel, 12, 0x5000 | attributes | RadixRig.KernelAll);
        StorageTranslation found = _rig.Find(Kernel);
        Assert.Equal(cacheInhibited, found.CacheInhibited);
        Assert.Equal(executable, found.Executable);
        Assert.Equal(executable ? 0 : NoExecute, _rig.Causes(Kernel, AccessKind.Fetch));
    }

    [Fact]
    public void Key_0_forbids_the_supervisor_what_it_says_in_user_pages_only()
    {
        _rig.Map(0, User, 12, 0x5000 | RadixRig.UserAll);
        _rig.Map(0, Kernel, 12, 0x6000 | RadixRig.KernelAll);
        _rig.Registers.Amr = 0x4000_0000_0000_0000;
        Assert.Equal(Protection, _rig.Causes(User));
        Assert.Equal(0u, _rig.Causes(User, AccessKind.Store));
        _rig.Registers.Amr = 0x8000_0000_0000_0000;
        Assert.Equal(0u, _rig.Causes(User));
        Assert.Equal(Protection | Store, _rig.Causes(User, AccessKind.Store));
        Assert.False(_rig.Find(User).Writable);
        _rig.Registers.Iamr = 0x4000_0000_0000_0000;
        Assert.Equal(Protection, _rig.Causes(User, AccessKind.Fetch));
        Assert.False(_rig.Find(User).Executable);

        _rig.Registers.Amr = ulong.MaxValue;
        _rig.Registers.Iamr = ulong.MaxValue;
        foreach (AccessKind kind in Enum.GetValues<AccessKind>())
        {
            Assert.Equal(0u, _rig.Causes(User, kind, RadixRig.Problem));
            Assert.Equal(0u, _rig.Causes(Kernel, kind));
        }

        // The other keys and the other bits are nothing to a radix tree.
        _rig.Registers.Amr = 0x3fff_ffff_ffff_ffff;
        _rig.Registers.Iamr = 0xbfff_ffff_ffff_ffff;
        Assert.Equal(0u, _rig.Causes(User) | _rig.Causes(User, AccessKind.Store) | _rig.Causes(User, AccessKind.Fetch));
    }

    [Fact]
    public void A_load_sets_R_and_a_store_sets_C_before_stores_are_free()
    {
        ulong at = _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        Assert.False(_rig.Find(Kernel).Writable);
        Assert.Equal(0x100UL, _rig.Read(at) & 0x180);
        Assert.True(_rig.Find(Kernel, AccessKind.Store).Writable);
        Assert.Equal(0x180UL, _rig.Read(at) & 0x180);
        Assert.True(_rig.Find(Kernel).Writable);
        Assert.Equal(RadixRig.Leaf | 0x5000 | RadixRig.KernelAll | 0x180, _rig.Read(at));
    }

    [Fact]
    public void A_refused_access_and_a_look_without_update_change_nothing()
    {
        ulong at = _rig.Map(0, Kernel, 12, 0x5000 | 0xc);
        Assert.Equal(Protection | Store, _rig.Causes(Kernel, AccessKind.Store));
        Assert.True(_rig.Translator.Translate(Kernel, AccessKind.Load, 0, updateReferenceChange: false, out _, out _));
        Assert.Equal(RadixRig.Leaf | 0x5000 | 0xc, _rig.Read(at));
    }

    [Fact]
    public void A_process_beyond_the_table_is_not_found()
    {
        foreach (ulong pid in (ulong[])[0x1000, uint.MaxValue, 0x1000_0000_0000_0000])
        {
            _rig.Registers.Pid = pid;
            Assert.Equal(NotFound, _rig.Causes(User));
        }

        _rig.Registers.Pid = 0xfff;
        Assert.Equal(BadConfiguration, _rig.Causes(User));
    }

    [Fact]
    public void Without_a_process_table_nothing_is_found()
    {
        Assert.Equal(PaprStatus.Success, _rig.Partition.RegisterProcessTable(0x14, 0, 0, 0));
        Assert.Equal(NotFound, _rig.Causes(Kernel));
    }

    [Theory]
    [InlineData(0x1_1000ul, 4ul)]
    [InlineData(RadixRig.RamSize, 0ul)]
    [InlineData(0x0fff_ffff_ffff_f000, 0ul)]
    [InlineData(0ul, 24ul)]
    public void A_process_table_that_is_not_aligned_or_not_in_memory_is_a_bad_configuration(ulong table, ulong size)
    {
        Assert.Equal(PaprStatus.Success, _rig.Partition.RegisterProcessTable(0x1d, table, 0, size));
        _rig.Registers.Pid = size == 24 ? 0x10_0000u : 0;
        Assert.Equal(BadConfiguration, _rig.Causes(User));
    }

    [Theory]
    // tree size, root bits
    [InlineData(0x4000_0000_0000_00a0, 12ul)]
    [InlineData(0x4000_0000_0000_00a0, 14ul)]
    [InlineData(0x4000_0000_0000_00a0, 0ul)]
    [InlineData(0x4000_0000_0000_00a0, 31ul)]
    [InlineData(0x4000_0000_0000_0080, 13ul)]
    [InlineData(0x4000_0000_0000_00c0, 13ul)]
    [InlineData(0x0000_0000_0000_0000, 13ul)]
    [InlineData(0x6000_0000_0000_00e0, 13ul)]
    public void Trees_of_another_size_are_a_bad_configuration(ulong size, ulong bits)
    {
        _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        ulong root = _rig.Read(RadixRig.ProcessTableAt) & 0x0fff_ffff_ffff_ff00;
        _rig.Write(RadixRig.ProcessTableAt, size | root | bits);
        Assert.Equal(BadConfiguration, _rig.Causes(Kernel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(31)]
    public void Directories_of_another_size_are_a_bad_configuration(int bits)
    {
        _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        ulong rootEntryAt = (_rig.Read(RadixRig.ProcessTableAt) & 0x0fff_ffff_ffff_ff00) + ((Kernel >> 39 & 0x1fff) << 3);
        _rig.Write(rootEntryAt, (_rig.Read(rootEntryAt) & ~0x1fUL) | (uint)bits);
        Assert.Equal(BadConfiguration, _rig.Causes(Kernel));
    }

    [Fact]
    public void A_leaf_in_the_root_is_a_bad_configuration()
    {
        _rig.Map(0, Kernel, 39, RadixRig.KernelAll);
        Assert.Equal(BadConfiguration, _rig.Causes(Kernel));
    }

    [Fact]
    public void Tables_outside_memory_are_a_bad_configuration_at_each_level()
    {
        ulong[] far = [RadixRig.RamSize, 0x0fff_ffff_ffff_0000, RadixRig.RamSize - 0x1000 + (1UL << 40)];
        foreach (ulong away in far)
        {
            using RadixRig rig = new();
            rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
            ulong at = RadixRig.ProcessTableAt;
            int shift = 52;
            for (int level = 0; level < 4; level++)
            {
                ulong entry = rig.Read(at);
                int bits = (int)(entry & 0x1f);
                rig.Write(at, (entry & ~0x0fff_ffff_ffff_ff00UL) | away);
                Assert.Equal(BadConfiguration | Store, rig.Causes(Kernel, AccessKind.Store));
                rig.Write(at, entry);
                shift -= bits;
                at = (entry & 0x0fff_ffff_ffff_ff00) + (((Kernel >> shift) & ((1UL << bits) - 1)) << 3);
            }

            Assert.Equal(0u, rig.Causes(Kernel));
        }
    }

    [Fact]
    public void A_tree_that_leads_back_to_itself_ends_as_a_bad_configuration()
    {
        _rig.Map(0, Kernel, 12, 0x5000 | RadixRig.KernelAll);
        ulong root = _rig.Read(RadixRig.ProcessTableAt) & 0x0fff_ffff_ffff_ff00;
        for (ulong at = root; at < root + 0x1_0000; at += 8)
        {
            _rig.Write(at, RadixRig.Valid | root | 9);
        }

        Assert.Equal(BadConfiguration, _rig.Causes(Kernel));
        Assert.Equal(BadConfiguration, _rig.Causes(0xc00f_ffff_ffff_ffff));
    }

    [Fact]
    public void Random_trees_never_do_more_than_fail()
    {
        ulong random = 99;
        for (ulong at = 0; at < RadixRig.RamSize; at += 8)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            // Mostly directories that lead back into memory, some leaves.
            ulong next = (random >> 20) & 0xff_ff00;
            _rig.Write(at, (random >> 62) == 0 ? random : RadixRig.Valid | next | 9);
        }

        for (ulong pid = 0; pid < 64; pid++)
        {
            ulong entryAt = RadixRig.ProcessTableAt + (pid << 4);
            _rig.Write(entryAt, 0x4000_0000_0000_00a0 | ((pid + 1) << 16) | 13);
            _rig.Registers.Pid = pid;
            for (int n = 0; n < 2000; n++)
            {
                random = (random * 6364136223846793005) + 1442695040888963407;
                bool found = _rig.Try(random >> 12, (AccessKind)(n % 3), out StorageTranslation result, out StorageFault fault);
                Assert.True(found ? result.PageShift is 12 or 16 or 21 or 30 : fault.Bits != 0);
            }
        }
    }

    [Fact]
    public void Many_random_pages_translate_to_where_they_were_mapped()
    {
        Dictionary<ulong, ulong> pages = [];
        ulong random = 3;
        for (ulong n = 1; n < 400; n++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            ulong ea = ((random >> 12) & 0x1ff_f000) | ((random >> 45) & 7) << 21 | 0xc000_0000_0000_0000;
            _rig.Map(0, ea, 12, (n << 40 & 0x00ff_ffff_0000_0000) | (n << 12) | RadixRig.KernelAll);
            pages[ea] = n;
        }

        foreach ((ulong ea, ulong n) in pages)
        {
            Assert.Equal((n << 40 & 0x00ff_ffff_0000_0000) | (n << 12) | 0xabc, _rig.Find(ea | 0xabc).Physical);
        }
    }
}
