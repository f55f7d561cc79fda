using Firmament.Core.Memory;
using Firmament.Core.Tests.Tracing;
using Firmament.Core.Tracing;

namespace Firmament.Core.Tests.Memory;

public sealed class MemoryMapTests : IDisposable
{
    private const ulong Base = 0x8000_0000;

    private readonly GuestMemory _ram = new(GuestMemory.PageSize);
    private readonly RecordingSink _sink = new();
    private readonly MemoryMap _map;

    public MemoryMapTests() => _map = new MemoryMap(_ram, new Tracer { Enabled = TraceCategory.GuestErrors, Sink = _sink });

    public void Dispose() => _ram.Dispose();

    [Theory]
    [InlineData(1, 0x11UL)]
    [InlineData(2, 0x1122UL)]
    [InlineData(4, 0x11223344UL)]
    [InlineData(8, 0x1122334455667788UL)]
    public void Ram_is_read_and_written_big_endian(int size, ulong value)
    {
        Assert.True(_map.Write(new(0x10), value, size));
        Assert.Equal(value, _map.Read(new(0x10), size, out bool answered));
        Assert.True(answered);
        _ram.TryReadUInt8(new(0x10), out byte first);
        Assert.Equal(0x11, first);
    }

    [Theory]
    [InlineData(Endianness.Big, 1, 0x11UL)]
    [InlineData(Endianness.Big, 2, 0x1122UL)]
    [InlineData(Endianness.Big, 4, 0x11223344UL)]
    [InlineData(Endianness.Big, 8, 0x1122334455667788UL)]
    [InlineData(Endianness.Little, 1, 0x11UL)]
    [InlineData(Endianness.Little, 2, 0x2211UL)]
    [InlineData(Endianness.Little, 4, 0x44332211UL)]
    [InlineData(Endianness.Little, 8, 0x8877665544332211UL)]
    public void A_target_sees_values_in_its_own_byte_order(Endianness order, int size, ulong seen)
    {
        Target target = Map("device", Base, 0x100, order);
        ulong value = 0x1122334455667788UL >> (64 - (8 * size));

        Assert.True(_map.Write(new(Base + 0x20), value, size));
        Assert.Equal((0x20UL, seen, size), Assert.Single(target.Writes));
        target.Answer = seen;
        Assert.Equal(value, _map.Read(new(Base + 0x20), size, out bool answered));
        Assert.True(answered);
        Assert.Equal((0x20UL, size), Assert.Single(target.Reads));
    }

    [Fact]
    public void Bits_above_the_access_are_not_passed_on()
    {
        Target target = Map("device", Base, 0x100, Endianness.Big);
        target.Answer = ulong.MaxValue;

        Assert.Equal(0xffffu, _map.Read(new(Base), 2, out _));
        _map.Write(new(Base), ulong.MaxValue, 1);

        Assert.Equal(0xffu, target.Writes[0].Value);
    }

    [Fact]
    public void The_higher_priority_answers_and_the_later_among_equals()
    {
        Target low = Map("low", Base, 0x1000, Endianness.Big, priority: -1);
        Target first = Map("first", Base, 0x100, Endianness.Big);
        Target second = Map("second", Base + 0x80, 0x100, Endianness.Big);

        (low.Answer, first.Answer, second.Answer) = (1, 2, 3);

        Assert.Equal([2, 3, 3, 1], new[] { 0x0u, 0x80u, 0x100u, 0x180u }.Select(offset => (int)_map.Read(new(Base + offset), 4, out _)));
        // A hit on the shadowed region must not make it the one that is tried first.
        Assert.Equal([1, 2, 1, 3], new[] { 0x200u, 0x10u, 0x200u, 0x90u }.Select(offset => (int)_map.Read(new(Base + offset), 4, out _)));
    }

    [Fact]
    public void Ram_hides_a_region_over_it()
    {
        Target target = Map("over RAM", 0, GuestMemory.PageSize, Endianness.Big);
        _map.Write(new(8), 5, 4);
        Assert.Empty(target.Writes);
    }

    [Fact]
    public void A_removed_region_answers_no_more_and_one_mapped_again_does()
    {
        Target under = Map("under", Base, 0x100, Endianness.Big, priority: -1);
        Target over = new() { Answer = 7 };
        under.Answer = 3;
        MemoryRegion region = new("over", Base, 0x100, over, Endianness.Big);
        _map.Add(region);
        Assert.Equal(7u, _map.Read(new(Base), 4, out _));

        _map.Remove(region);
        Assert.Equal(3u, _map.Read(new(Base), 4, out _));
        _map.Remove(region);

        _map.Add(region);
        Assert.Equal(7u, _map.Read(new(Base), 4, out _));
        Assert.Equal(["over", "under"], _map.Regions.Select(static r => r.Name));
    }

    [Theory]
    [InlineData(1, 0xffUL)]
    [InlineData(2, 0xffffUL)]
    [InlineData(4, 0xffffffffUL)]
    [InlineData(8, ulong.MaxValue)]
    public void Where_nothing_is_mapped_reads_are_ones_and_writes_are_lost(int size, ulong ones)
    {
        Assert.Equal(ones, _map.Read(new(0x4000_0000), size, out bool answered));
        Assert.False(answered);
        Assert.False(_map.Write(new(0x4000_0000), 0, size));
        Assert.Equal(
            [$"read of {size} bytes at 0x40000000: nothing is mapped there", $"write of {size} bytes at 0x40000000: nothing is mapped there"],
            _sink.Events.Select(static e => e.Name));
    }

    [Fact]
    public void The_last_byte_of_the_address_space_can_be_mapped()
    {
        Target target = Map("top", ulong.MaxValue - 0xff, 0x100, Endianness.Big);
        Assert.True(_map.Write(new(ulong.MaxValue), 1, 1));
        Assert.Equal(0xffu, target.Writes[0].Offset);
    }

    private Target Map(string name, ulong start, ulong length, Endianness order, int priority = 0)
    {
        Target target = new();
        _map.Add(new MemoryRegion(name, start, length, target, order, priority));
        return target;
    }

    private sealed class Target : IMmioTarget
    {
        public ulong Answer { get; set; }

        public List<(ulong Offset, int Size)> Reads { get; } = [];

        public List<(ulong Offset, ulong Value, int Size)> Writes { get; } = [];

        public ulong Read(ulong offset, int size)
        {
            Reads.Add((offset, size));
            return Answer;
        }

        public void Write(ulong offset, ulong value, int size) => Writes.Add((offset, value, size));
    }
}
