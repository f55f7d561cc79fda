using Firmament.Core.Hypercalls;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

public sealed class RealModeTranslatorTests
{
    private const uint Protection = 0x0800_0000;
    private const uint NotFound = 0x4000_0000;
    private const uint Store = 0x0200_0000;

    [Fact]
    public void The_top_four_bits_of_the_address_do_not_count()
    {
        using PartitionTranslation partition = new() { RealModeArea = 0x1000_0000 };
        Assert.Equal(0x0fff_ffffUL, Find(partition, 0xc000_0000_0fff_ffff).Physical);
        StorageTranslation found = Find(partition, 0xf000_0000_0000_0100);
        Assert.Equal(new StorageTranslation(0x100, 12, Writable: true, Executable: true, CacheInhibited: false), found);
    }

    [Fact]
    public void A_hash_partition_reaches_its_real_mode_area_only()
    {
        using PartitionTranslation partition = new() { RealModeArea = 0x1000_0000 };
        Assert.Equal(Protection, Causes(partition, 0x1000_0000, AccessKind.Load));
        Assert.Equal(Protection | Store, Causes(partition, 0x1000_0000, AccessKind.Store));
        Assert.Equal(Protection, Causes(partition, 0x0fff_ffff_ffff_ffff, AccessKind.Fetch));
    }

    [Fact]
    public void A_radix_partition_reaches_everything()
    {
        using PartitionTranslation partition = new() { RealModeArea = 0x1000_0000 };
        partition.ResetToRadix();
        Assert.Equal(0x2000_0000_0000UL, Find(partition, 0x8000_2000_0000_0000).Physical);
    }

    [Fact]
    public void A_virtual_real_mode_area_goes_through_the_table()
    {
        const ulong Vsid = 0x1ff_ffff;
        using PartitionTranslation partition = new() { HashTableShift = 18, VirtualRealModePages = 0x110 };
        partition.ResetToHash();
        Assert.Equal(NotFound, Causes(partition, 0x3_0000, AccessKind.Load));
        ulong hash = Vsid ^ (Vsid << 25) ^ 3;
        Assert.Equal(
            PaprStatus.Success,
            partition.HashTable!.Enter(0, (hash & 0x7ff) << 3, 0x4001_ffff_ff00_0004, 0x5_1010 | 2, 1 << 20, out _));
        Assert.Equal(0x5_1234UL, Find(partition, 0x3_1234).Physical);
        Assert.Equal(NotFound, Causes(partition, 0x100_0003_1234, AccessKind.Load));
        partition.ResetToRadix();
        Assert.Equal(0x3_1234UL, Find(partition, 0x3_1234).Physical);
    }

    private static StorageTranslation Find(PartitionTranslation partition, ulong ea)
    {
        RealModeTranslator translator = new(new TranslationRegisters(), partition);
        Assert.True(translator.Translate(ea, AccessKind.Load, 0, true, out StorageTranslation found, out StorageFault fault), fault.ToString());
        return found;
    }

    private static uint Causes(PartitionTranslation partition, ulong ea, AccessKind kind)
    {
        RealModeTranslator translator = new(new TranslationRegisters(), partition);
        Assert.False(translator.Translate(ea, kind, 0, true, out _, out StorageFault fault));
        Assert.Equal(StorageFaultKind.Storage, fault.Kind);
        return fault.Bits;
    }
}
