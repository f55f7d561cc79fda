using Firmament.Core.Hypercalls;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class HashedPageTableTests : IDisposable
{
    private const ulong Ram = HashRig.RamSize;
    private const ulong Second = 0x5000 | HashRig.Memory | HashRig.ReadWrite;
    private const ulong OutsideTable = 1 << 14;

    private readonly HashedPageTable _table = new(18, 24);

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(17)]
    [InlineData(47)]
    public void Sizes_the_architecture_does_not_have_are_refused(int shift) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashedPageTable(shift));

    [Fact]
    public void Enter_takes_the_first_free_slot_of_the_group_until_it_is_full()
    {
        for (ulong n = 0; n < 8; n++)
        {
            Assert.Equal(PaprStatus.Success, _table.Enter(0, 0x123, n << 12, Second, Ram, out ulong used));
            Assert.Equal(0x120 + n, used);
        }

        Assert.Equal(PaprStatus.PtegFull, _table.Enter(0, 0x120, 0, Second, Ram, out _));
        Assert.Equal(PaprStatus.Success, _table.Remove(0, 0x124, 0, out _, out _));
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0x127, 0x1000, Second, Ram, out ulong again));
        Assert.Equal(0x124UL, again);
    }

    [Fact]
    public void Enter_exactly_takes_the_slot_asked_for_or_none()
    {
        Assert.Equal(PaprStatus.Success, _table.Enter(HashTableFlags.Exact, 0x125, 0x1000, Second, Ram, out ulong used));
        Assert.Equal(0x125UL, used);
        Assert.Equal(PaprStatus.PtegFull, _table.Enter(HashTableFlags.Exact, 0x125, 0x2000, Second, Ram, out _));
        Assert.Equal(PaprStatus.Success, _table.Enter(HashTableFlags.Exact, 0x127, 0x2000, Second, Ram, out _));
    }

    [Fact]
    public void Enter_clears_the_hypervisors_bits_and_sets_valid()
    {
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0, 0x1000 | 0x78, Second, Ram, out _));
        _table.ReadEntry(0, out ulong first, out ulong second);
        Assert.Equal(0x1019UL, first);
        Assert.Equal(Second, second);
    }

    [Theory]
    [InlineData(0x5000ul, 0x10ul, PaprStatus.Success)]
    [InlineData(0x5000ul, 0x00ul, PaprStatus.Parameter)]
    [InlineData(0x5000ul, 0x30ul, PaprStatus.Parameter)]
    [InlineData(0x5000ul, 0x18ul, PaprStatus.Parameter)]
    [InlineData(0x5000ul, 0x50ul, PaprStatus.Parameter)]
    [InlineData(Ram, 0x20ul, PaprStatus.Success)]
    [InlineData(Ram, 0x30ul, PaprStatus.Success)]
    [InlineData(Ram, 0x28ul, PaprStatus.Success)]
    [InlineData(Ram, 0x10ul, PaprStatus.Parameter)]
    [InlineData(Ram, 0x60ul, PaprStatus.Parameter)]
    [InlineData(Ram, 0x00ul, PaprStatus.Parameter)]
    public void Enter_wants_the_storage_control_bits_of_memory_or_of_a_device(ulong real, ulong control, long status) =>
        Assert.Equal(status, _table.Enter(0, 0, 0x1000, real | control, Ram, out _));

    [Theory]
    [InlineData(0x2000ul)]
    [InlineData(0x4000ul)]
    [InlineData(0xf000ul)]
    public void Enter_refuses_a_bad_page_size_encoding(ulong lp) => Assert.Equal(PaprStatus.Parameter, _table.Enter(0, 0, 0x1004, lp | HashRig.Memory, Ram, out _));

    [Theory]
    [InlineData(12, 0x1000ul, PaprStatus.Parameter)]
    [InlineData(16, 0x1000ul, PaprStatus.Success)]
    [InlineData(16, 0x8000ul, PaprStatus.Parameter)]
    [InlineData(16, 0x3_8000ul, PaprStatus.Parameter)]
    [InlineData(24, 0x8000ul, PaprStatus.Success)]
    public void Enter_refuses_pages_larger_than_the_machine_offers(int largest, ulong lp, long status)
    {
        using HashedPageTable table = new(18, largest);
        Assert.Equal(status, table.Enter(0, 0, 0x1004, 0x100_0000 | lp | HashRig.Memory, Ram, out _));
    }

    [Fact]
    public void Indexes_outside_the_table_and_reserved_segment_sizes_are_refused()
    {
        foreach (ulong index in (ulong[])[OutsideTable, OutsideTable + 7, ulong.MaxValue, 1UL << 63])
        {
            Assert.Equal(PaprStatus.Parameter, _table.Enter(0, index, 0x1000, Second, Ram, out _));
            Assert.Equal(PaprStatus.Parameter, _table.Enter(HashTableFlags.Exact, index, 0x1000, Second, Ram, out _));
            Assert.Equal(PaprStatus.Parameter, _table.Remove(0, index, 0, out _, out _));
            Assert.Equal(PaprStatus.Parameter, _table.Protect(0, index, 0, out _));
            Assert.Equal(PaprStatus.Parameter, _table.ClearBit(index, changed: true, out _, out _));
            Assert.False(_table.Contains(index));
            _table.ReadEntry(index, out ulong first, out ulong second);
            Assert.Equal(0UL, first | second);
        }

        Assert.True(_table.Contains(OutsideTable - 1));
        Assert.Equal(PaprStatus.Parameter, _table.Enter(0, 0, 0x8000_0000_0000_1000, Second, Ram, out _));
    }

    [Fact]
    public void Remove_gives_back_the_entry_once()
    {
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0, 0x1000, Second | 0x180, Ram, out _));
        Assert.Equal(PaprStatus.Success, _table.Remove(0, 0, 0, out ulong first, out ulong second));
        Assert.Equal(0x1001UL, first);
        Assert.Equal(Second | 0x180, second);
        Assert.Equal(PaprStatus.NotFound, _table.Remove(0, 0, 0, out _, out _));
    }

    [Theory]
    [InlineData(HashTableFlags.Avpn, 0x1000ul, PaprStatus.Success)]
    [InlineData(HashTableFlags.Avpn, 0x1001ul, PaprStatus.NotFound)]
    [InlineData(HashTableFlags.Avpn, 0x2000ul, PaprStatus.NotFound)]
    [InlineData(HashTableFlags.AndCondition, 0x6ul, PaprStatus.Success)]
    [InlineData(HashTableFlags.AndCondition, 0x11ul, PaprStatus.NotFound)]
    [InlineData(HashTableFlags.AndCondition, 0x10ul, PaprStatus.NotFound)]
    [InlineData(0ul, 0x2000ul, PaprStatus.Success)]
    public void Remove_obeys_its_conditions(ulong flags, ulong value, long status)
    {
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0, 0x1010, Second, Ram, out _));
        Assert.Equal(status, _table.Remove(flags, 0, value, out _, out _));
        _table.ReadEntry(0, out ulong first, out _);
        Assert.Equal(status == PaprStatus.Success ? 0UL : 0x1011, first);
    }

    [Fact]
    public void Protect_changes_protection_no_execute_and_key_and_nothing_else()
    {
        ulong before = 0x7123_4567_8000_0000 & 0x0fff_ffff_ffff_f000;
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 8, 0x1000, before | 0x20 | 0x180, Ram, out _));
        // key 0b10101, N, pp0 = 1, pp = 10
        ulong flags = 0x2000 | 0xa00 | 0x4 | 0x2 | 0x100;
        Assert.Equal(PaprStatus.Success, _table.Protect(flags, 8, 0, out SegmentPage page));
        Assert.Equal(12, page.PageShift);
        _table.ReadEntry(8, out ulong first, out ulong second);
        Assert.Equal(0x1001UL, first);
        Assert.Equal(0x8000_0000_0000_0000 | 0x2000_0000_0000_0000 | before | 0x20 | 0x180 | 0xa00 | 0x6, second);
        Assert.Equal(PaprStatus.Success, _table.Protect(HashTableFlags.Avpn | 1, 8, 0x1000, out _));
        _table.ReadEntry(8, out _, out second);
        Assert.Equal(before | 0x20 | 0x180 | 1, second);
    }

    [Fact]
    public void Protect_of_another_page_or_an_empty_slot_finds_nothing()
    {
        Assert.Equal(PaprStatus.NotFound, _table.Protect(0, 0, 0, out _));
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0, 0x1000, Second, Ram, out _));
        Assert.Equal(PaprStatus.NotFound, _table.Protect(HashTableFlags.Avpn, 0, 0x2000, out _));
        _table.ReadEntry(0, out _, out ulong second);
        Assert.Equal(Second, second);
    }

    [Theory]
    [InlineData(true, 0x100ul)]
    [InlineData(false, 0x80ul)]
    public void Clearing_R_or_C_gives_the_old_bits_and_leaves_the_other(bool changed, ulong left)
    {
        Assert.Equal(PaprStatus.NotFound, _table.ClearBit(0, changed, out _, out _));
        Assert.Equal(PaprStatus.Success, _table.Enter(0, 0, 0x1000, Second | 0x180, Ram, out _));
        Assert.Equal(PaprStatus.Success, _table.ClearBit(0, changed, out ulong old, out SegmentPage page));
        Assert.Equal(Second | 0x180, old);
        Assert.Equal(12, page.PageShift);
        _table.ReadEntry(0, out _, out ulong second);
        Assert.Equal(Second | left, second);
    }

    [Fact]
    public void An_entry_that_cannot_be_placed_stands_for_all_pages() => Assert.Equal(40, _table.PageOf(0, 0x1005, 0xf000).PageShift);

    [Theory]
    [InlineData(19)]
    [InlineData(20)]
    public void A_larger_table_takes_over_bolted_entries_where_they_are_found(int shift)
    {
        using HashRig rig = new();
        List<ulong> bolted = [];
        rig.AddSegment(0xc000_0000_0000_0000, terabyte: true);
        for (ulong n = 0; n < 1000; n++)
        {
            ulong ea = 0xc000_0000_0000_0000 + (n * 0x1234_5000);
            rig.Enter(ea, terabyte: true, 12, (n << 12) | HashRig.Memory, (n & 1) << 4, secondary: n % 5 == 0);
            if ((n & 1) != 0)
            {
                bolted.Add(ea);
            }
        }

        using HashedPageTable target = new(shift, 24);
        Assert.Equal(PaprStatus.Success, rig.Table.CopyBoltedTo(target));
        foreach (ulong ea in bolted)
        {
            Assert.True(target.Translate(
                ea, HashRig.Segment(terabyte: true), AccessKind.Load, problemState: false, rig.Registers, false, out StorageTranslation found, out uint causes), $"{causes:x}");
            Assert.Equal(rig.Find(ea).Physical, found.Physical);
        }

        int entries = 0;
        for (ulong index = 0; target.Contains(index); index++)
        {
            target.ReadEntry(index, out ulong first, out _);
            entries += (int)(first & 1);
        }

        Assert.Equal(bolted.Count, entries);
    }

    [Fact]
    public void A_smaller_table_where_bolted_entries_meet_is_refused()
    {
        using HashedPageTable large = new(19, 24);
        // VSID 0, pages 0 and 2^11: groups 0 and 2^11 of the large table, group 0 of the small one.
        Assert.Equal(PaprStatus.Success, large.Enter(HashTableFlags.Exact, 0, 0x10, Second, Ram, out _));
        Assert.Equal(PaprStatus.Success, large.Enter(HashTableFlags.Exact, 0x800 << 3, 0x90, Second, Ram, out _));
        Assert.Equal(PaprStatus.PtegFull, large.CopyBoltedTo(_table));
    }
}
