using Firmament.Core.Hypercalls;
using Firmament.Firmware.Drivers.Papr;

namespace Firmament.Firmware.Tests.Drivers;

public sealed class TceMapperTests
{
    private sealed class Window : ITceWindow
    {
        public SortedDictionary<ulong, ulong> Entries { get; } = [];

        public ulong Start => 0x1_0000_0000;

        public ulong Length => 64 << 12;

        public int PageShift => 12;

        public long Put(ulong busAddress, ulong entry)
        {
            Entries[busAddress] = entry;
            return busAddress - Start < Length ? PaprStatus.Success : PaprStatus.Parameter;
        }

        public long Stuff(ulong busAddress, ulong entry, ulong count)
        {
            for (ulong i = 0; i < count; i++)
            {
                Assert.True(Entries.Remove(busAddress + (i << 12)));
            }

            return PaprStatus.Success;
        }
    }

    [Fact]
    public void A_range_is_mapped_page_by_page_with_its_offset_kept()
    {
        Window window = new();
        TceMapper mapper = new(window);

        Assert.True(mapper.TryMap(0x1234_5ffe, 4, out ulong bus));

        Assert.Equal(0x1_0000_1ffeul, bus);
        Assert.Equal([new(0x1_0000_1000, 0x1234_5003), new(0x1_0000_2000, 0x1234_6003)], window.Entries);
        mapper.Unmap(bus);
        Assert.Empty(window.Entries);
    }

    [Fact]
    public void Gaps_are_used_again_and_a_full_window_refuses()
    {
        Window window = new();
        TceMapper mapper = new(window);
        Assert.True(mapper.TryMap(0x10000, 0x1000, out ulong first));
        Assert.True(mapper.TryMap(0x20000, 0x3000, out ulong second));
        Assert.True(mapper.TryMap(0x30000, 0x1000, out ulong third));
        Assert.Equal((0x1_0000_1000ul, 0x1_0000_2000ul, 0x1_0000_5000ul), (first, second, third));

        mapper.Unmap(second);
        Assert.True(mapper.TryMap(0x40000, 0x4000, out ulong longer));
        Assert.True(mapper.TryMap(0x50000, 0x3000, out ulong again));

        Assert.Equal((0x1_0000_6000ul, second), (longer, again));
        Assert.False(mapper.TryMap(0, 64 << 12, out _));
        Assert.True(mapper.TryMap(0, 54 << 12, out _));
        Assert.False(mapper.TryMap(0, 1, out _));
    }
}
