using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.Machines.Tests.Pseries.Hypercalls;

public sealed class MemoryHypercallTests : IDisposable
{
    private const uint Remove = 0x04, Enter = 0x08, Read = 0x0c, ClearModified = 0x10, ClearReferenced = 0x14, Protect = 0x18;
    private const uint PageInit = 0x2c, Load = 0x3c, Store = 0x40, CacheLoad = 0x44, CacheStore = 0x48, Icbi = 0x4c, Dcbf = 0x50;
    private const uint BulkRemove = 0x124, Prepare = 0x36c, Commit = 0x370, CleanSlb = 0x374, InvalidatePid = 0x378, Register = 0x37c, RadixInvalidate = 0x448;

    // A 4 KiB page of memory, read and write.
    private const ulong Second = 0x5012;

    private readonly MemoryCallRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Enter_tells_where_the_entry_went_and_read_shows_it()
    {
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, 0, 0x1237, 0x1000, Second));
        Assert.Equal(0x1230UL, _rig.Result(0));
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, HashTableFlags.Exact, 0x1232, 0x2000, Second));
        Assert.Equal(0x1232UL, _rig.Result(0));
        Assert.Equal(PaprStatus.PtegFull, _rig.Call(Enter, HashTableFlags.Exact, 0x1232, 0x2000, Second));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(Enter, 0, 0x4000, 0x1000, Second));
        Assert.Equal(PaprStatus.Success, _rig.Call(Read, 0, 0x1232));
        Assert.Equal((0x2001UL, Second), (_rig.Result(0), _rig.Result(1)));
        Assert.Equal(PaprStatus.Success, _rig.Call(Read, HashTableFlags.ReadFour, 0x1233));
        Assert.Equal(
            [0x1001, Second, 0, 0, 0x2001, Second, 0, 0],
            Enumerable.Range(0, 8).Select(_rig.Result));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(Read, 0, 0x4000));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(Read, HashTableFlags.ReadFour, ulong.MaxValue));
        _rig.AssertForgot();
    }

    [Fact]
    public void Enter_may_zero_the_page()
    {
        Assert.True(_rig.Ram.TryFill(new PhysicalAddress(0x4000), 0x3000, 0xff));
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, HashTableFlags.ZeroPage, 0, 0x1000, Second));
        Assert.True(_rig.Ram.TrySlice(new PhysicalAddress(0x4000), 0x3000, out ReadOnlySpan<byte> bytes));
        Assert.Equal(0xff, bytes[0xfff]);
        Assert.False(bytes.Slice(0x1000, 0x1000).ContainsAnyExcept((byte)0));
        Assert.Equal(0xff, bytes[0x2000]);
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, HashTableFlags.ZeroPage, 0, 0x2000, MemoryCallRig.DeviceAt | 0x22));
    }

    [Fact]
    public void Remove_gives_the_entry_and_all_CPUs_forget_its_page()
    {
        // 256 MiB segment of VSID 1, page 0x34567: hash 1 ^ 0x4567.
        ulong index = ((1 ^ 0x4567) & 0x7ff) << 3;
        ulong first = (1UL << 12) | (0x0456_7000 >> 23 << 7);
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, 0, index, first, Second | 0x180));
        Assert.Equal(PaprStatus.NotFound, _rig.Call(Remove, HashTableFlags.Avpn, index, first + 0x80));
        _rig.AssertForgot();
        Assert.Equal(PaprStatus.Success, _rig.Call(Remove, HashTableFlags.Avpn, index, first));
        Assert.Equal((first | 1, Second | 0x180), (_rig.Result(0), _rig.Result(1)));
        _rig.AssertForgot(new SegmentPage(0x0456_7000, 12));
        Assert.Equal(PaprStatus.NotFound, _rig.Call(Remove, 0, index, 0));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(Remove, 0, 0x4000, 0));
        _rig.AssertForgot();
    }

    [Fact]
    public void Protect_and_the_clears_change_an_entry_and_all_CPUs_forget_its_page()
    {
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, 0, 0x10, 0, Second | 0x180));
        Assert.Equal(PaprStatus.Success, _rig.Call(Protect, 0x7, 0x10, 0));
        _rig.AssertForgot(new SegmentPage(0x2000, 12));
        Assert.Equal(PaprStatus.Success, _rig.Call(ClearModified, 0, 0x10));
        Assert.Equal(0x5197UL, _rig.Result(0));
        _rig.AssertForgot(new SegmentPage(0x2000, 12));
        Assert.Equal(PaprStatus.Success, _rig.Call(ClearReferenced, 0, 0x10));
        Assert.Equal(0x5117UL, _rig.Result(0));
        _rig.AssertForgot(new SegmentPage(0x2000, 12));
        Assert.Equal(PaprStatus.Success, _rig.Call(Read, 0, 0x10));
        Assert.Equal(0x5017UL, _rig.Result(1));
        foreach (uint call in (uint[])[Protect, ClearModified, ClearReferenced])
        {
            Assert.Equal(PaprStatus.NotFound, _rig.Call(call, 0, 0x18, 0));
            Assert.Equal(PaprStatus.Parameter, _rig.Call(call, 0, 0x4000, 0));
        }

        _rig.AssertForgot();
    }

    [Fact]
    public void Bulk_remove_answers_each_request_in_place_up_to_the_end_mark()
    {
        const ulong Request = 0x4000_0000_0000_0000, Response = 0x8000_0000_0000_0000, End = 0xc000_0000_0000_0000;
        const ulong Avpn = 0x0200_0000_0000_0000, AndCondition = 0x0100_0000_0000_0000, NotFound = 0x1000_0000_0000_0000;
        const ulong Changed = 0x0400_0000_0000_0000, Referenced = 0x0800_0000_0000_0000;
        foreach ((ulong index, ulong bits) in (ReadOnlySpan<(ulong, ulong)>)[(0, 0x180), (8, 0x80), (16, 0x100), (24, 0)])
        {
            Assert.Equal(PaprStatus.Success, _rig.Call(Enter, 0, index, 0x1000, Second | bits));
        }

        Assert.Equal(
            PaprStatus.Success,
            _rig.Call(BulkRemove, Request, 0, Request | Avpn | 8, 0x1000, Request | Avpn | 16, 0x2000, Request | AndCondition | 24, 0x6));
        Assert.Equal(
            [Response | Changed | Referenced, Response | Avpn | Changed | 8, Response | NotFound | Avpn | 16, Response | AndCondition | 24],
            Enumerable.Range(0, 4).Select(n => _rig.Result(2 * n)));
        _rig.AssertForgot(new SegmentPage(0x1000, 12), new SegmentPage(0, 12), new SegmentPage(0x2000, 12));

        Assert.Equal(PaprStatus.Success, _rig.Call(BulkRemove, Request | 16, 0, End | 5, 0, Request | 0, 0));
        Assert.Equal([Response | Referenced | 16, End | 5, Request], Enumerable.Range(0, 3).Select(n => _rig.Result(2 * n)));
    }

    [Theory]
    [InlineData(0x0000_0000_0000_0000, 0x0000_0000_0000_0000)]
    [InlineData(0x8000_0000_0000_0000, 0x8000_0000_0000_0000)]
    [InlineData(0x4300_0000_0000_0000, 0xa300_0000_0000_0000)]
    [InlineData(0x4000_0000_0000_4000, 0xa000_0000_0000_4000)]
    [InlineData(0x40ff_ffff_ffff_ffff, 0xa0ff_ffff_ffff_ffff)]
    public void Bulk_remove_stops_at_a_bad_request(ulong request, ulong answer)
    {
        Assert.Equal(PaprStatus.Parameter, _rig.Call(BulkRemove, request, 0, 0x4000_0000_0000_0000, 0));
        Assert.Equal(answer, _rig.Result(0));
        Assert.Equal(0x4000_0000_0000_0000UL, _rig.Result(2));
    }

    [Fact]
    public void A_radix_guest_has_no_hashed_page_table()
    {
        Assert.Equal(PaprStatus.Success, _rig.Call(Register, 0x1d, 0x1_0000, 0, 4));
        foreach (uint call in (uint[])[Enter, Remove, Read, Protect, ClearModified, ClearReferenced, BulkRemove])
        {
            Assert.Equal(PaprStatus.Function, _rig.Call(call, 0, 0, 0, Second));
        }

        Assert.Equal(PaprStatus.NotAvailable, _rig.Call(Prepare, 0, 19));
        Assert.Equal(PaprStatus.NotAvailable, _rig.Call(Commit, 0, 19));
    }

    [Fact]
    public void Registering_a_process_table_sets_all_CPUs_control_registers()
    {
        _rig.Cpu.Lpcr = 0x0200_0000;
        _rig.OtherCpu.Lpcr = 0x0200_0400;
        Assert.Equal(PaprStatus.Success, _rig.Call(Register, 0x1d, 0x1_0000, 0, 4));
        Assert.Equal(0x0250_0400UL, _rig.Cpu.Lpcr);
        Assert.Equal(0x0250_0400UL, _rig.OtherCpu.Lpcr);
        Assert.Equal((1, 1), (_rig.Cpu.ForgottenAll, _rig.OtherCpu.ForgottenAll));
        Assert.Equal(PaprStatus.Parameter2, _rig.Call(Register, 0x1d, 0x1_0800, 0, 4));
        Assert.Equal(1, _rig.Cpu.ForgottenAll);
        Assert.Equal(PaprStatus.Success, _rig.Call(Register, 0x18, 0, 0, 0));
        Assert.Equal(0x0200_0000UL, _rig.OtherCpu.Lpcr);
    }

    [Fact]
    public void A_resize_makes_all_CPUs_forget()
    {
        Assert.Equal(PaprStatus.Success, _rig.Call(Enter, 0, 0, 0x10, Second));
        Assert.Equal(PaprStatus.Success, _rig.Call(Prepare, 0, 19));
        Assert.Equal(PaprStatus.Closed, _rig.Call(Commit, 0, 20));
        Assert.Equal(0, _rig.Cpu.ForgottenAll);
        Assert.Equal(PaprStatus.Success, _rig.Call(Commit, 0, 19));
        Assert.Equal((1, 1), (_rig.Cpu.ForgottenAll, _rig.OtherCpu.ForgottenAll));
        Assert.Equal(PaprStatus.Success, _rig.Call(Read, 0, 0));
        Assert.Equal(0x11UL, _rig.Result(0));
    }

    [Theory]
    [InlineData(0ul, 1ul, 2ul, 0x2000ul, 0x1000ul, PaprStatus.Parameter5)]
    [InlineData(0ul, 1ul, 3ul, 0ul, 0x1000ul, PaprStatus.Function)]
    [InlineData(0ul, 0ul, 2ul, 0ul, 0x1000ul, PaprStatus.Parameter2)]
    [InlineData(0ul, 8ul, 2ul, 0ul, 0x1000ul, PaprStatus.Parameter2)]
    [InlineData(0ul, 1ul, 0ul, 0ul, 0x1000ul, PaprStatus.Parameter3)]
    [InlineData(0ul, 1ul, 0x10ul, 0ul, 0x1000ul, PaprStatus.Parameter3)]
    public void Invalidation_of_radix_translations_checks_its_arguments(ulong pid, ulong target, ulong type, ulong start, ulong end, long status)
    {
        Assert.Equal(PaprStatus.Unsupported, _rig.Call(RadixInvalidate, pid, target, type, 1, start, end));
        _rig.Translation.ResetToRadix();
        Assert.Equal(status, _rig.Call(RadixInvalidate, pid, target, type, 1, start, end));
        Assert.Equal(0, _rig.Cpu.ForgottenAll);
        _rig.AssertForgot();
    }

    [Fact]
    public void Invalidation_of_radix_translations_is_by_page_for_a_short_range()
    {
        _rig.Translation.ResetToRadix();
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 1, 2, 1, 0x7fff_0001_f000, 0x7fff_0002_0fff));
        _rig.AssertForgot(new SegmentPage(0x7fff_0001_0000, 16), new SegmentPage(0x7fff_0002_0000, 16));
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 1, 2, 1, 0, ulong.MaxValue));
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 1, 0xe, ulong.MaxValue, 0, 0xfff));
        Assert.Equal((2, 2), (_rig.Cpu.ForgottenAll, _rig.OtherCpu.ForgottenAll));
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 1, 2, 1, ulong.MaxValue - 10, ulong.MaxValue));
        _rig.AssertForgot(new SegmentPage(0xffff_ffff_ffff_0000, 16));
    }

    [Fact]
    public void Invalidation_may_be_for_the_calling_CPU_or_accelerators_only()
    {
        _rig.Translation.ResetToRadix();
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 2, 0xe, 1, 0, ulong.MaxValue));
        Assert.Equal((1, 0), (_rig.Cpu.ForgottenAll, _rig.OtherCpu.ForgottenAll));
        Assert.Equal(PaprStatus.Success, _rig.Call(RadixInvalidate, 7, 4, 0xe, 1, 0, ulong.MaxValue));
        Assert.Equal((1, 0), (_rig.Cpu.ForgottenAll, _rig.OtherCpu.ForgottenAll));
    }

    [Fact]
    public void Page_initialisation_zeroes_or_copies()
    {
        Assert.True(_rig.Ram.TryFill(new PhysicalAddress(0x3000), 0x3000, 0x5a));
        Assert.Equal(PaprStatus.Success, _rig.Call(PageInit, HashTableFlags.ZeroPage | HashTableFlags.InvalidateInstructionCache, 0x4000, 0));
        Assert.Equal([0x5a, 0, 0, 0x5a], Bytes(0x3fff, 0x4000, 0x4fff, 0x5000));
        Assert.Equal(PaprStatus.Success, _rig.Call(PageInit, HashTableFlags.CopyPage | HashTableFlags.SynchronizeInstructionCache, 0x4000, 0x3000));
        Assert.Equal([0x5a, 0x5a], Bytes(0x4000, 0x4fff));
        Assert.Equal(PaprStatus.Success, _rig.Call(PageInit, 0, 0x4000, 1));
    }

    [Theory]
    [InlineData(0x8000ul, 0x4800ul, 0ul)]
    [InlineData(0x8000ul, MemoryCallRig.RamSize, 0ul)]
    [InlineData(0x8000ul, MemoryCallRig.DeviceAt, 0ul)]
    [InlineData(0x8000ul, 0xffff_ffff_ffff_f000, 0ul)]
    [InlineData(0x4000ul, 0x4000ul, 0x800ul)]
    [InlineData(0x4000ul, 0x4000ul, MemoryCallRig.RamSize)]
    [InlineData(0x8001ul, 0x4000ul, 0ul)]
    [InlineData(0x8000_0000_0000_8000, 0x4000ul, 0ul)]
    public void Page_initialisation_refuses_what_is_not_a_page_of_memory_and_other_flags(ulong flags, ulong destination, ulong source)
    {
        Assert.True(_rig.Ram.TryFill(new PhysicalAddress(0x4000), 0x1000, 0x5a));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(PageInit, flags, destination, source));
        Assert.Equal([0x5a, 0x5a], Bytes(0x4000, 0x4fff));
    }

    [Theory]
    [InlineData(1, 0x11ul)]
    [InlineData(2, 0x2211ul)]
    [InlineData(4, 0x4433_2211ul)]
    [InlineData(8, 0x8877_6655_4433_2211)]
    public void Logical_accesses_reach_memory_and_devices(int size, ulong swapped)
    {
        foreach ((uint load, uint store) in (ReadOnlySpan<(uint, uint)>)[(Load, Store), (CacheLoad, CacheStore)])
        {
            ulong value = 0x1122_3344_5566_7788UL >> (64 - (8 * size));
            Assert.Equal(PaprStatus.Success, _rig.Call(store, (ulong)size, 0x6003, 0xff00_0000_0000_0000 | value));
            Assert.Equal(PaprStatus.Success, _rig.Call(load, (ulong)size, 0x6003));
            Assert.Equal(size == 8 ? 0xff22_3344_5566_7788 : value, _rig.Result(0));
            Assert.True(_rig.Ram.TryReadUInt8(new PhysicalAddress(0x6003), out byte first));
            Assert.Equal(size == 8 ? 0xff : 0x11, first);

            // The device is little-endian, the call big-endian.
            Assert.Equal(PaprStatus.Success, _rig.Call(store, (ulong)size, MemoryCallRig.DeviceAt + 8, value));
            Assert.Equal((8UL, swapped, size), _rig.DeviceWrite);
            Assert.Equal(PaprStatus.Success, _rig.Call(load, (ulong)size, MemoryCallRig.DeviceAt));
            Assert.Equal(swapped, _rig.Result(0));
        }
    }

    [Theory]
    [InlineData(0ul, 0x1000ul)]
    [InlineData(3ul, 0x1000ul)]
    [InlineData(16ul, 0x1000ul)]
    [InlineData(0x1_0000_0001ul, 0x1000ul)]
    [InlineData(4ul, MemoryCallRig.RamSize)]
    [InlineData(8ul, MemoryCallRig.RamSize - 4)]
    [InlineData(4ul, 0xffff_ffff_ffff_fffeul)]
    public void Logical_accesses_of_a_wrong_size_or_to_nothing_are_refused(ulong size, ulong address)
    {
        foreach (uint call in (uint[])[Load, Store, CacheLoad, CacheStore])
        {
            Assert.Equal(PaprStatus.Parameter, _rig.Call(call, size, address, 0));
        }
    }

    [Fact]
    public void Cache_calls_succeed_and_calls_of_segment_tables_do_not_exist()
    {
        Assert.Equal(PaprStatus.Success, _rig.Call(Icbi, 0x1000));
        Assert.Equal(PaprStatus.Success, _rig.Call(Dcbf, 0x1000));
        Assert.Equal(PaprStatus.Function, _rig.Call(CleanSlb));
        Assert.Equal(PaprStatus.Function, _rig.Call(InvalidatePid, 5));
    }

    private byte[] Bytes(params ReadOnlySpan<ulong> addresses)
    {
        byte[] bytes = new byte[addresses.Length];
        for (int n = 0; n < bytes.Length; n++)
        {
            Assert.True(_rig.Ram.TryReadUInt8(new PhysicalAddress(addresses[n]), out bytes[n]));
        }

        return bytes;
    }
}
