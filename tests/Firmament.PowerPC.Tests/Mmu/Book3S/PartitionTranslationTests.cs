using Firmament.Core.Hypercalls;
using Firmament.Core.State;
using Firmament.PowerPC.Mmu;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class PartitionTranslationTests : IDisposable
{
    private const ulong NewRadix = 0x1c;

    private readonly PartitionTranslation _partition = new() { HashTableShift = 18 };
    private int _changes;

    public PartitionTranslationTests()
    {
        _partition.ResetToHash();
        _partition.Changed += () => _changes++;
    }

    public void Dispose() => _partition.Dispose();

    [Fact]
    public void Registering_a_radix_process_table_frees_the_hashed_one_and_tells()
    {
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix | 1, 0x3e00_0000, 0, 12));
        Assert.True(_partition.IsRadix);
        Assert.True(_partition.GuestInvalidates);
        Assert.Equal(0x3e00_0000UL, _partition.ProcessTable);
        Assert.Equal(1UL << 24, _partition.ProcessTableSize);
        Assert.Null(_partition.HashTable);
        Assert.Equal(0x50_0400UL, _partition.LpcrBits);
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void Registering_hash_again_makes_an_empty_table()
    {
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix, 0x1_0000, 0, 4));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(0x18, 0, 0, 0));
        Assert.False(_partition.IsRadix);
        Assert.Equal(18, _partition.HashTable!.Shift);
        Assert.Equal(0UL, _partition.ProcessTableSize);
        Assert.Equal(0UL, _partition.LpcrBits);
    }

    [Fact]
    public void Keeping_the_registration_keeps_the_table_and_sets_the_right_to_invalidate()
    {
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0, 0x1000, 0x10, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(0, 0, 0, 0));
        Assert.True(Entered());
        Assert.Equal(PaprStatus.Parameter, _partition.RegisterProcessTable(0x04, 0, 0, 0));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix, 0x1_0000, 0, 4));
        Assert.Equal(PaprStatus.Parameter, _partition.RegisterProcessTable(0, 0, 0, 0));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(0x05, 0, 0, 0));
        Assert.Equal(0x1_0000UL, _partition.ProcessTable);
        Assert.True(_partition.GuestInvalidates);
    }

    [Fact]
    public void Deregistering_forgets_the_process_table_and_stays_in_its_mode()
    {
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix, 0x1_0000, 0, 4));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(0x10, 0, 0, 0));
        Assert.True(_partition.IsRadix);
        Assert.Equal(0UL, _partition.ProcessTableSize);
    }

    [Theory]
    [InlineData(0x20ul, 0ul, 0ul, 0ul, PaprStatus.Parameter)]
    [InlineData(0x8000_0000_0000_001c, 0ul, 0ul, 0ul, PaprStatus.Parameter)]
    [InlineData(NewRadix, 0x800ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(NewRadix, 0x1000_0000_0000_0000ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(NewRadix, 0x1000ul, 1ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(NewRadix, 0x1000ul, 0ul, 25ul, PaprStatus.Parameter4)]
    [InlineData(NewRadix, 0x1000ul, 0ul, 0x1_0000_0000ul, PaprStatus.Parameter4)]
    [InlineData(0x18ul, 0x1000ul, 0ul, 0ul, PaprStatus.Parameter2)]
    [InlineData(0x18ul, 0ul, 1ul, 0ul, PaprStatus.Parameter3)]
    [InlineData(0x18ul, 0ul, 0ul, 1ul, PaprStatus.Parameter4)]
    [InlineData(0x1aul, 0ul, 0ul, 0ul, PaprStatus.Parameter)]
    [InlineData(0x02ul, 0ul, 0ul, 0ul, PaprStatus.Parameter)]
    public void Wrong_arguments_are_refused_and_change_nothing(ulong flags, ulong table, ulong pageSize, ulong size, long status)
    {
        Assert.Equal(status, _partition.RegisterProcessTable(flags, table, pageSize, size));
        Assert.False(_partition.IsRadix);
        Assert.NotNull(_partition.HashTable);
        Assert.Equal(0, _changes);
    }

    [Fact]
    public void A_CPU_before_ISA_3_0_has_no_process_tables()
    {
        using PartitionTranslation old = new() { HasRadix = false };
        Assert.Equal(PaprStatus.Function, old.RegisterProcessTable(NewRadix, 0x1000, 0, 0));
        Assert.Equal(PaprStatus.Function, old.RegisterProcessTable(0, 0, 0, 0));
    }

    [Fact]
    public void Resizing_moves_bolted_entries_and_drops_the_others()
    {
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0, 0x10, 0x10, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 8, 0x00, 0x1010, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        Assert.Equal(18, _partition.HashTable!.Shift);
        Assert.Equal(PaprStatus.Success, _partition.CommitResize(0, 19));
        Assert.Equal(19, _partition.HashTable!.Shift);
        Assert.True(Entered());
        _partition.HashTable.ReadEntry(8, out ulong first, out _);
        Assert.Equal(0UL, first);
        Assert.Equal(1, _changes);
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 19));
    }

    [Theory]
    [InlineData(1ul, 19ul, PaprStatus.Parameter)]
    [InlineData(0ul, 17ul, PaprStatus.Parameter)]
    [InlineData(0ul, 47ul, PaprStatus.Parameter)]
    [InlineData(0ul, 0x1_0000_0013ul, PaprStatus.Parameter)]
    [InlineData(0ul, 20ul, PaprStatus.Resource)]
    [InlineData(0ul, 46ul, PaprStatus.Resource)]
    [InlineData(0ul, 0ul, PaprStatus.Success)]
    public void Preparing_a_table_has_limits(ulong flags, ulong shift, long status) => Assert.Equal(status, _partition.PrepareResize(flags, shift));

    [Fact]
    public void A_table_that_was_not_prepared_or_was_cancelled_cannot_be_committed()
    {
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 18));
        Assert.Equal(PaprStatus.Parameter, _partition.CommitResize(1, 19));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 0));
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 19));
    }

    [Fact]
    public void A_commit_that_has_no_room_leaves_the_table_as_it_was()
    {
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.CommitResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0, 0x10, 0x10, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0x800 << 3, 0x90, 0x10, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 18));
        Assert.Equal(PaprStatus.PtegFull, _partition.CommitResize(0, 18));
        Assert.Equal(19, _partition.HashTable!.Shift);
        Assert.True(Entered());
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 18));
    }

    [Fact]
    public void Resizing_needs_a_table_and_the_machines_leave()
    {
        using PartitionTranslation forbidden = new() { AllowsResize = false, HashTableShift = 18 };
        forbidden.ResetToHash();
        Assert.Equal(PaprStatus.Authority, forbidden.PrepareResize(0, 18));
        Assert.Equal(PaprStatus.Authority, forbidden.CommitResize(0, 18));
        _partition.ResetToRadix();
        Assert.Equal(PaprStatus.NotAvailable, _partition.PrepareResize(0, 18));
        Assert.Equal(PaprStatus.NotAvailable, _partition.CommitResize(0, 18));
    }

    [Fact]
    public void Reset_empties_the_table_and_forgets_everything()
    {
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0, 0x10, 0x10, 1 << 20, out _));
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        _partition.ResetToHash();
        Assert.False(Entered());
        Assert.Equal(PaprStatus.Closed, _partition.CommitResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix | 1, 0x1_0000, 0, 4));
        _partition.ResetToHash();
        Assert.False(_partition.IsRadix);
        Assert.False(_partition.GuestInvalidates);
        Assert.Equal(0UL, _partition.ProcessTable);
    }

    [Fact]
    public void A_saved_partition_comes_back_in_its_mode_with_its_tables()
    {
        Assert.Equal(PaprStatus.Success, _partition.PrepareResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.CommitResize(0, 19));
        Assert.Equal(PaprStatus.Success, _partition.HashTable!.Enter(0, 0, 0x10, 0x10, 1 << 20, out _));
        using PartitionTranslation copy = new() { HashTableShift = 18 };
        copy.ResetToHash();
        int told = 0;
        copy.Changed += () => told++;
        Reload(_partition, copy);
        Assert.Equal(19, copy.HashTable!.Shift);
        copy.HashTable.ReadEntry(0, out ulong first, out _);
        Assert.Equal(0x11UL, first);
        Assert.Equal(1, told);

        Assert.Equal(PaprStatus.Success, _partition.RegisterProcessTable(NewRadix | 1, 0x1_0000, 0, 4));
        Reload(_partition, copy);
        Assert.True(copy.IsRadix);
        Assert.Null(copy.HashTable);
        Assert.Equal(0x1_0000UL, copy.ProcessTable);
        Assert.Equal(0x1_0000UL, copy.ProcessTableSize);
    }

    [Fact]
    public void A_saved_table_that_is_too_large_for_the_machine_is_refused()
    {
        using PartitionTranslation large = new() { HashTableShift = 22 };
        large.ResetToHash();
        Assert.Throws<StateFormatException>(() => Reload(large, _partition));
    }

    private static void Reload(PartitionTranslation from, PartitionTranslation to)
    {
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        save.Component("translation", from);
        save.Complete();
        stream.Position = 0;
        LoadVisitor load = new(stream);
        load.Component("translation", to);
        load.Complete();
    }

    private bool Entered()
    {
        _partition.HashTable!.ReadEntry(0, out ulong first, out _);
        return (first & 1) != 0;
    }
}
