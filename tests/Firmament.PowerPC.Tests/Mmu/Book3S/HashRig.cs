using Firmament.Core.Hypercalls;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

/// <summary>One CPU's hash translation over the smallest table, 2^18 bytes, of a partition with 64 MiB.</summary>
internal sealed class HashRig : IDisposable
{
    public const ulong RamSize = 64 << 20;
    public const ulong Vsid = 0x1_2345_6789;
    public const ulong Memory = 0x10;
    public const ulong ReadWrite = 2;
    public const ulong Supervisor = 0;
    public const ulong Problem = 0x4000;

    public HashRig(int largestPageShift = 24)
    {
        Partition = new PartitionTranslation { HashTableShift = 18, LargestHashPageShift = largestPageShift };
        Partition.ResetToHash();
        Translator = new HashTranslator(Slb, Registers, Partition);
    }

    public Slb Slb { get; } = new();

    public TranslationRegisters Registers { get; } = new();

    public PartitionTranslation Partition { get; }

    public HashTranslator Translator { get; }

    public HashedPageTable Table => Partition.HashTable!;

    public static ulong Segment(bool terabyte, ulong flags = 0) => terabyte ? Slb.Terabyte | (Vsid << 24) | flags : (Vsid << 12) | flags;

    /// <summary>Where ISA 2.07B 5.7.7.3 puts a page: the group of the primary hash.</summary>
    public static ulong Group(ulong ea, bool terabyte, int baseShift)
    {
        ulong page = (ea & (terabyte ? 0xff_ffff_ffffUL : 0xfff_ffffUL)) >> baseShift;
        ulong hash = terabyte ? Vsid ^ (Vsid << 25) ^ page : Vsid ^ page;
        return hash & 0x7ff;
    }

    /// <summary>The first doubleword of an entry for a page; without V, which H_ENTER sets.</summary>
    public static ulong First(ulong ea, bool terabyte, int baseShift, ulong flags = 0)
    {
        ulong offset = ea & (terabyte ? 0xff_ffff_ffffUL : 0xfff_ffffUL) & (ulong.MaxValue << baseShift);
        UInt128 address = ((UInt128)Vsid << (terabyte ? 40 : 28)) | offset;
        return (terabyte ? 1UL << 62 : 0) | ((ulong)(address >> 23) << 7) | flags;
    }

    public void AddSegment(ulong ea, bool terabyte, ulong flags = 0, int index = 1) =>
        Assert.True(Slb.TryWrite(Segment(terabyte, flags), (ea & (terabyte ? 0xffff_ff00_0000_0000 : 0xffff_ffff_f000_0000)) | Slb.Valid | (uint)index));

    /// <summary>Adds a segment of 256 MiB with 4 KiB pages and one page in it.</summary>
    public ulong MapSmall(ulong ea, ulong second, ulong segmentFlags = 0)
    {
        AddSegment(ea, terabyte: false, segmentFlags);
        return Enter(ea, terabyte: false, 12, second);
    }

    public ulong Enter(ulong ea, bool terabyte, int baseShift, ulong second, ulong flags = 0, bool secondary = false)
    {
        ulong group = Group(ea, terabyte, baseShift);
        ulong index = (secondary ? ~group & 0x7ff : group) << 3;
        ulong first = First(ea, terabyte, baseShift, flags | (secondary ? 2u : 0));
        Assert.Equal(PaprStatus.Success, Table.Enter(0, index, first, second, RamSize, out ulong used));
        return used;
    }

    public bool Try(ulong ea, AccessKind kind, out StorageTranslation result, out StorageFault fault, ulong msr = Supervisor) =>
        Translator.Translate(ea, kind, msr, updateReferenceChange: true, out result, out fault);

    /// <summary>The translation, which must succeed.</summary>
    public StorageTranslation Find(ulong ea, AccessKind kind = AccessKind.Load, ulong msr = Supervisor)
    {
        Assert.True(Try(ea, kind, out StorageTranslation result, out StorageFault fault, msr), $"{ea:x}: {fault}");
        return result;
    }

    /// <summary>The causes of a storage interrupt; 0 when the access is allowed.</summary>
    public uint Causes(ulong ea, AccessKind kind, ulong msr = Supervisor)
    {
        bool done = Try(ea, kind, out _, out StorageFault fault, msr);
        Assert.Equal(StorageFaultKind.Storage, fault.Kind);
        return done ? 0 : fault.Bits;
    }

    public ulong Second(ulong index)
    {
        Table.ReadEntry(index, out _, out ulong second);
        return second;
    }

    public void Dispose() => Partition.Dispose();
}
