using CsCheck;
using Firmament.Core.Memory;

namespace Firmament.Core.Tests.Memory;

public sealed unsafe class GuestMemoryTests : IDisposable
{
    private const ulong Size = 4 * GuestMemory.PageSize;

    private readonly GuestMemory _memory = new(Size);

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void A_size_that_is_no_multiple_of_a_page_is_refused(ulong size) =>
        Assert.Throws<ArgumentException>(() => new GuestMemory(size));

    [Fact]
    public void Numbers_are_big_endian_at_any_alignment()
    {
        Assert.True(_memory.TryWriteUInt64(new(3), 0x0102030405060708));
        Assert.True(_memory.TryReadUInt64(new(3), out ulong eight));
        Assert.True(_memory.TryReadUInt32(new(3), out uint four));
        Assert.True(_memory.TryReadUInt16(new(9), out ushort two));
        Assert.True(_memory.TryReadUInt8(new(10), out byte one));
        Assert.Equal(0x0102030405060708u, eight);
        Assert.Equal(0x01020304u, four);
        Assert.Equal(0x0708, two);
        Assert.Equal(0x08, one);

        Assert.True(_memory.TryWriteUInt32(new(0x101), 0xa1b2c3d4));
        Assert.True(_memory.TryWriteUInt16(new(0x105), 0xe5f6));
        Assert.True(_memory.TryWriteUInt8(new(0x107), 0x17));
        Assert.True(_memory.TryReadUInt64(new(0x100), out ulong all));
        Assert.Equal(0x00a1b2c3d4e5f617u, all);
    }

    [Theory]
    [InlineData(Size - 7)]
    [InlineData(Size)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 3)]
    public void Nothing_outside_is_read_or_written(ulong address)
    {
        PhysicalAddress at = new(address);
        Assert.False(_memory.TryWriteUInt64(at, ulong.MaxValue));
        Assert.False(_memory.TryReadUInt64(at, out ulong value));
        Assert.Equal(0u, value);
        Assert.False(_memory.TryWrite(at, new byte[8]));
        Assert.False(_memory.TryRead(at, new byte[8]));
        Assert.False(_memory.TryFill(at, 8, 0xff));
        Assert.False(_memory.TrySlice(at, 8, out ReadOnlySpan<byte> bytes));
        Assert.True(bytes.IsEmpty);
        Assert.Equal(0, _memory.Base[Size - 1]);
    }

    [Theory]
    [InlineData(0, Size, true)]
    [InlineData(Size, 0, true)]
    [InlineData(Size - 1, 1, true)]
    [InlineData(Size, 1, false)]
    [InlineData(1, Size, false)]
    [InlineData(16, ulong.MaxValue, false)]
    [InlineData(ulong.MaxValue, 2, false)]
    public void A_range_is_inside_when_all_of_it_is(ulong address, ulong length, bool inside) =>
        Assert.Equal(inside, _memory.Contains(address, length));

    [Fact]
    public void A_fill_covers_its_range_and_no_more()
    {
        Assert.True(_memory.TryFill(new(10), 5, 0xee));
        Assert.True(_memory.TrySlice(new(9), 7, out ReadOnlySpan<byte> bytes));
        Assert.Equal("00eeeeeeeeee00", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Code_is_dropped_exactly_when_a_write_overlaps_one_of_its_grains()
    {
        const int GrainBytes = 64;
        const int Pages = (int)(Size / GuestMemory.PageSize);
        Gen.Select(Gen.Int[0, Pages - 1], Gen.Int[0, 63], Gen.Int[0, (int)Size - 1], Gen.Int[0, 9000], Gen.Bool).Sample(
            (page, grain, address, wanted, fill) =>
            {
                using GuestMemory memory = new(Size);
                List<ulong> dropped = [];
                memory.CodeOverwritten = dropped.Add;
                memory.CodeGrains[page] = 1UL << grain;
                int length = Math.Min(wanted, (int)Size - address);
                bool done = fill ? memory.TryFill(new((ulong)address), (ulong)length, 1) : memory.TryWrite(new((ulong)address), new byte[length]);

                int start = (page * GuestMemory.PageSize) + (grain * GrainBytes);
                bool overlaps = length > 0 && address < start + GrainBytes && start < address + length;
                return done && dropped.SequenceEqual(overlaps ? [(ulong)page] : []);
            },
            iter: 2000);
    }

    [Fact]
    public void Code_is_dropped_before_its_bytes_change()
    {
        uint seen = 0;
        _memory.TryWriteUInt32(new(0x40), 0x60000000);
        _memory.CodeGrains[0] = 2;
        _memory.CodeOverwritten = _ => _memory.TryReadUInt32(new(0x40), out seen);

        _memory.TryWriteUInt32(new(0x40), 0x4e800020);

        Assert.Equal(0x60000000u, seen);
    }

    [Fact]
    public void Clearing_zeroes_everything_and_drops_all_code()
    {
        List<ulong> dropped = [];
        _memory.TryFill(new(0), Size, 0xff);
        _memory.CodeGrains[1] = 1;
        _memory.CodeGrains[3] = 1UL << 63;
        _memory.CodeOverwritten = dropped.Add;

        _memory.Clear();

        Assert.Equal([1, 3], dropped);
        Assert.True(_memory.TrySlice(new(0), Size, out ReadOnlySpan<byte> bytes));
        Assert.False(bytes.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Disposing_twice_is_harmless()
    {
        GuestMemory memory = new(Size);
        memory.Dispose();
        memory.Dispose();
        Assert.True(memory.Base == null);
    }

    [Fact]
    public void Many_writes_beside_a_pages_code_drop_it_and_the_next_time_it_takes_twice_as_many()
    {
        List<ulong> dropped = [];
        _memory.CodeOverwritten = dropped.Add;
        int WritesUntilDropped()
        {
            dropped.Clear();
            _memory.CodeGrains[1] = 1;
            for (int n = 1; n <= 10_000; n++)
            {
                Assert.True(_memory.TryWriteUInt32(new(GuestMemory.PageSize + 0x800), (uint)n));
                if (dropped.Count > 0)
                {
                    Assert.Equal([1ul], dropped);
                    return n;
                }
            }

            return 0;
        }

        int first = WritesUntilDropped();
        Assert.InRange(first, 2, 1000);
        Assert.InRange(WritesUntilDropped(), (2 * first) - 2, (2 * first) + 2);
    }
}
