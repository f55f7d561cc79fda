using CsCheck;

namespace Firmament.Firmware.Tests;

public sealed class MemoryAllocatorTests
{
    private const int Units = 256;

    private enum Step
    {
        Claim,
        ClaimAligned,
        Release,
    }

    [Fact]
    public void Claim_of_an_overlapping_range_fails_and_claims_nothing()
    {
        MemoryAllocator memory = new(0x100000);
        Assert.True(memory.TryClaim(0x10000, 0x1000));
        Assert.False(memory.TryClaim(0x10fff, 0x1000));
        Assert.False(memory.TryClaim(0xf000, 0x1001));
        Assert.Equal([new(0, 0x10000), new(0x11000, 0xef000)], memory.Free);
    }

    [Theory]
    [InlineData(0x100000u, 1u)]
    [InlineData(0xff000u, 0x1001u)]
    [InlineData(0xffffffffu, 0xffffffffu)]
    [InlineData(0u, 0u)]
    public void Claims_outside_memory_and_of_nothing_fail(uint start, uint size)
    {
        MemoryAllocator memory = new(0x100000);
        Assert.False(memory.TryClaim(start, size));
        Assert.False(memory.TryRelease(start, size));
        Assert.Equal([new(0, 0x100000)], memory.Free);
    }

    [Fact]
    public void The_boundary_is_the_next_power_of_two()
    {
        MemoryAllocator memory = new(0x100000, lowestAligned: 0);
        Assert.True(memory.TryClaim(0, 1));
        Assert.True(memory.TryClaimAligned(1, 0x3001, out ulong start));
        Assert.Equal(0x4000u, start);
    }

    [Fact]
    public void An_aligned_claim_reuses_a_released_hole_and_never_returns_0()
    {
        MemoryAllocator memory = new(0x100000);
        Assert.True(memory.TryClaimAligned(0x2000, 0x1000, out ulong first));
        Assert.Equal(0x4000u, first);
        Assert.True(memory.TryClaimAligned(0x2000, 0x1000, out ulong second));
        Assert.True(memory.TryRelease(first, 0x2000));
        Assert.True(memory.TryClaimAligned(0x1000, 0x1000, out ulong third));
        Assert.Equal(first, third);
        Assert.NotEqual(second, third);
    }

    [Fact]
    public void A_huge_alignment_fails_and_does_not_overflow()
    {
        MemoryAllocator memory = new(1UL << 32);
        Assert.False(memory.TryClaimAligned(0x1000, 0xffffffff, out _));
        Assert.True(memory.TryClaimAligned(0x1000, 0x80000000, out ulong start));
        Assert.Equal(0x80000000u, start);
    }

    [Fact]
    public void The_list_of_free_ranges_is_bounded()
    {
        MemoryAllocator memory = new(0x100000);
        Assert.True(memory.TryClaim(0, 0x100000));
        uint released = 0;
        while (released < 0x100000 && memory.TryRelease(released, 1))
        {
            released += 2;
        }

        Assert.Equal(MemoryAllocator.MostRanges, memory.Free.Count);
        Assert.True(memory.TryRelease(1, 1));
        Assert.Equal(MemoryAllocator.MostRanges - 1, memory.Free.Count);
    }

    [Fact]
    public void Random_claims_and_releases_agree_with_a_map_of_single_units()
    {
        Gen<(Step, int, int, int)> gen = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Units + 4], Gen.Int[0, 40], Gen.Int[1, 64]);
        gen.List[1, 60].Sample(steps =>
        {
            const int Lowest = 4;
            MemoryAllocator memory = new(Units, Lowest);
            bool[] claimed = new bool[Units];
            foreach ((Step step, int start, int size, int alignment) in steps)
            {
                switch (step)
                {
                    case Step.Claim:
                        bool free = size > 0 && start + size <= Units && !claimed.AsSpan(start, size).Contains(true);
                        Assert.Equal(free, memory.TryClaim((ulong)start, (ulong)size));
                        Mark(claimed, start, free ? size : 0, true);
                        break;
                    case Step.ClaimAligned:
                        int expected = FirstFit(claimed, Lowest, size, alignment);
                        Assert.Equal(expected >= 0, memory.TryClaimAligned((ulong)size, (uint)alignment, out ulong got));
                        if (expected >= 0)
                        {
                            Assert.Equal((ulong)expected, got);
                            Mark(claimed, expected, size, true);
                        }

                        break;
                    default:
                        bool valid = size > 0 && start + size <= Units;
                        Assert.Equal(valid, memory.TryRelease((ulong)start, (ulong)size));
                        Mark(claimed, start, valid ? size : 0, false);
                        break;
                }

                Assert.Equal(FreeRanges(claimed), memory.Free);
            }
        });
    }

    private static void Mark(bool[] claimed, int start, int size, bool value)
    {
        for (int i = start; i < start + size; i++)
        {
            claimed[i] = value;
        }
    }

    private static int FirstFit(bool[] claimed, int lowest, int size, int alignment)
    {
        int boundary = 1;
        while (boundary < alignment)
        {
            boundary *= 2;
        }

        for (int start = 0; size > 0 && start + size <= claimed.Length; start += boundary)
        {
            if (start >= lowest && !claimed.AsSpan(start, size).Contains(true))
            {
                return start;
            }
        }

        return -1;
    }

    private static List<MemoryRange> FreeRanges(bool[] claimed)
    {
        List<MemoryRange> ranges = [];
        int start = 0;
        while (start < claimed.Length)
        {
            int end = start;
            while (end < claimed.Length && !claimed[end])
            {
                end++;
            }

            if (end > start)
            {
                ranges.Add(new MemoryRange((ulong)start, (ulong)(end - start)));
            }

            start = end + 1;
        }

        return ranges;
    }

    [Fact]
    public void The_highest_block_is_taken_from_the_top()
    {
        MemoryAllocator memory = new(0x10_0000);
        Assert.True(memory.TryClaim(0xf_8000, 0x8000));
        Assert.True(memory.TryClaimHighest(0x1800, 0x1000, out ulong start));
        Assert.Equal(0xf_6000u, start);
        Assert.False(memory.IsFree(0xf_6000, 1));
        Assert.True(memory.IsFree(0xf_5000, 0x1000));
        Assert.False(memory.IsFree(0xf_5000, 0x1001));
        Assert.True(memory.IsFree(0xf_7800, 0x800));
        Assert.False(memory.TryClaimHighest(0x10_0000, 0x1000, out _));
        Assert.False(memory.TryClaimHighest(0, 0x1000, out _));
        Assert.False(memory.IsFree(0x10_0000, 1));
    }
}
