using Firmament.Core.State;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class SlbTests
{
    private const ulong Valid = Slb.Valid;
    private const ulong Vsid = 0x1_2345_6000;

    private readonly Slb _slb = new();

    [Fact]
    public void An_empty_slb_finds_nothing()
    {
        foreach (ulong ea in (ulong[])[0, 1, 0x1000_0000, 0xc000_0000_0000_0000, ulong.MaxValue])
        {
            Assert.False(_slb.TryFind(ea, out ulong segment));
            Assert.Equal(0UL, segment);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(31)]
    public void An_entry_covers_its_256_MiB_and_no_more(int index)
    {
        Assert.True(_slb.TryWrite(Vsid, 0xc000_0001_3000_0000 | Valid | (uint)index));
        Assert.True(_slb.TryFind(0xc000_0001_3000_0000, out ulong segment));
        Assert.Equal(Vsid, segment);
        Assert.True(_slb.TryFind(0xc000_0001_3fff_ffff, out _));
        Assert.False(_slb.TryFind(0xc000_0001_4000_0000, out _));
        Assert.False(_slb.TryFind(0xc000_0001_2fff_ffff, out _));
        Assert.False(_slb.TryFind(0x4000_0001_3000_0000, out _));
    }

    [Fact]
    public void An_entry_of_1_TiB_ignores_the_low_bits_of_its_esid()
    {
        Assert.True(_slb.TryWrite(Slb.Terabyte | 0x1_2300_0000, 0xc000_0112_3000_0000 | Valid | 3));
        Assert.True(_slb.TryFind(0xc000_0100_0000_0000, out _));
        Assert.True(_slb.TryFind(0xc000_01ff_ffff_ffff, out _));
        Assert.False(_slb.TryFind(0xc000_0200_0000_0000, out _));
        Assert.False(_slb.TryFind(0xc000_00ff_ffff_ffff, out _));
    }

    [Theory]
    [InlineData(0x000ul)]
    [InlineData(0x110ul)]
    [InlineData(0x100ul)]
    public void Base_page_sizes_of_4K_64K_and_16M_are_accepted(ulong encoding) => Assert.True(_slb.TryWrite(Vsid | encoding, Valid));

    [Theory]
    [InlineData(0x010ul)]
    [InlineData(0x020ul)]
    [InlineData(0x030ul)]
    [InlineData(0x120ul)]
    [InlineData(0x130ul)]
    public void Other_page_size_encodings_are_refused_and_change_nothing(ulong encoding)
    {
        Assert.True(_slb.TryWrite(Vsid, Valid));
        Assert.False(_slb.TryWrite(Vsid | encoding, 0x1000_0000 | Valid));
        Assert.True(_slb.TryFind(0, out _));
        Assert.False(_slb.TryFind(0x1000_0000, out _));
    }

    [Theory]
    [InlineData(0x8000_0000_0000_0000, 0ul)]
    [InlineData(0xc000_0000_0000_0000, 0ul)]
    [InlineData(0ul, 32ul)]
    [InlineData(0ul, 0xffful)]
    public void Reserved_segment_sizes_and_absent_entries_are_refused(ulong size, ulong index) => Assert.False(_slb.TryWrite(size | Vsid, Valid | index));

    [Fact]
    public void Reads_give_what_was_written_and_0_for_entries_that_are_not_valid()
    {
        ulong segment = Slb.Terabyte | 0x1_2300_0000 | 0xd80 | 0x110;
        Assert.True(_slb.TryWrite(segment, 0xc000_0000_0000_0000 | Valid | 7));
        Assert.Equal(0xc000_0000_0000_0000 | Valid, _slb.ReadEsid(7));
        Assert.Equal(segment, _slb.ReadSegment(7));
        Assert.True(_slb.TryWrite(segment, 0xc000_0000_0000_0000 | 7));
        Assert.Equal(0UL, _slb.ReadEsid(7));
        Assert.Equal(0UL, _slb.ReadSegment(7));
        Assert.Equal(0UL, _slb.ReadEsid(32));
        Assert.Equal(0UL, _slb.ReadSegment(0xfff));
    }

    [Fact]
    public void Slbie_takes_out_the_entry_of_an_address_and_leaves_the_others()
    {
        Assert.True(_slb.TryWrite(Vsid, 0x1000_0000 | Valid | 1));
        Assert.True(_slb.TryWrite(Vsid, 0x2000_0000 | Valid | 2));
        Assert.True(_slb.TryWrite(Slb.Terabyte | 0x100_0000, 0x100_0000_0000 | Valid | 3));
        _slb.Invalidate(0x1000_0000);
        Assert.False(_slb.TryFind(0x1000_0000, out _));
        Assert.True(_slb.TryFind(0x2000_0000, out _));
        _slb.Invalidate(0x123_4000_0000 | 0x0a00_0000);
        Assert.False(_slb.TryFind(0x100_0000_0000, out _));
        _slb.Invalidate(0x7000_0000);
        Assert.True(_slb.TryFind(0x2000_0000, out _));
    }

    [Theory]
    [InlineData(0, true, "0")]
    [InlineData(1, true, "0")]
    [InlineData(2, true, "0")]
    [InlineData(3, true, "24")]
    [InlineData(4, true, "")]
    [InlineData(5, true, "0")]
    [InlineData(6, true, "0")]
    [InlineData(7, true, "01234")]
    [InlineData(3, false, "0")]
    [InlineData(4, false, "0")]
    [InlineData(7, false, "0")]
    public void Slbia_keeps_what_its_hint_says(int hint, bool isa300, string kept)
    {
        for (int n = 0; n < 5; n++)
        {
            // Entries 0, 1 and 3 are of class 1.
            Assert.True(_slb.TryWrite(Vsid | (n is 2 or 4 ? 0 : Slb.Class), ((ulong)n << 28) | Valid | (uint)n));
        }

        _slb.InvalidateAll(hint, isa300);
        string left = string.Concat(Enumerable.Range(0, 5).Where(n => _slb.TryFind((ulong)n << 28, out _)));
        Assert.Equal(kept, left);
    }

    [Fact]
    public void Reset_leaves_no_entry()
    {
        Assert.True(_slb.TryWrite(Vsid, Valid));
        _slb.Reset();
        Assert.False(_slb.TryFind(0, out _));
        Assert.Equal(0UL, _slb.ReadSegment(0));
    }

    [Fact]
    public void A_saved_slb_translates_after_loading()
    {
        Assert.True(_slb.TryWrite(Vsid | Slb.ProblemKey, 0x3000_0000 | Valid | 30));
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        save.Component("slb", _slb);
        save.Complete();
        stream.Position = 0;
        Slb copy = new();
        Assert.True(copy.TryWrite(Vsid, 0x7000_0000 | Valid | 1));
        LoadVisitor load = new(stream);
        load.Component("slb", copy);
        load.Complete();
        Assert.True(copy.TryFind(0x3000_0000, out ulong segment));
        Assert.Equal(Vsid | Slb.ProblemKey, segment);
        Assert.False(copy.TryFind(0x7000_0000, out _));
    }

    [Fact]
    public void Any_sequence_of_writes_and_invalidations_finds_what_a_plain_list_finds()
    {
        ulong random = 1;
        (ulong Esid, ulong Segment)[] model = new (ulong, ulong)[Slb.Entries];
        for (int step = 0; step < 4000; step++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            ulong ea = (random >> 20) & 0x0000_0307_ffff_ffff;
            bool terabyte = (random >> 60 & 1) != 0;
            ulong mask = terabyte ? 0xffff_ff00_0000_0000 : 0xffff_ffff_f000_0000;
            int index = (int)(random >> 55) & 31;
            bool overlaps = model.Any(entry => (entry.Esid & Valid) != 0 && (((entry.Esid ^ ea) & mask & MaskOf(entry.Segment)) < Valid));
            if ((random >> 62) != 0 && !overlaps)
            {
                ulong segment = (terabyte ? Slb.Terabyte : 0) | ((ulong)(step + 1) << 24);
                Assert.True(_slb.TryWrite(segment, (ea & mask) | Valid | (uint)index));
                model[index] = ((ea & mask) | Valid, segment);
            }
            else
            {
                _slb.Invalidate(ea);
                for (int n = 0; n < model.Length; n++)
                {
                    if (((model[n].Esid ^ ea) & MaskOf(model[n].Segment)) == 0)
                    {
                        model[n] = default;
                    }
                }
            }

            ulong probe = (random >> 13) & 0x0000_0307_ffff_ffff;
            ulong expected = model.FirstOrDefault(entry => (entry.Esid & Valid) != 0 && ((entry.Esid ^ probe) & MaskOf(entry.Segment)) == 0).Segment;
            Assert.Equal(expected != 0, _slb.TryFind(probe, out ulong found));
            Assert.Equal(expected, found);
        }
    }

    private static ulong MaskOf(ulong segment) => (segment & Slb.Terabyte) != 0 ? 0xffff_ff00_0000_0000 : 0xffff_ffff_f000_0000;
}
