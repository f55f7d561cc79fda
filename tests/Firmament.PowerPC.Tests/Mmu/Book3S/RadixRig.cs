using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.Mmu.Book3S;

namespace Firmament.PowerPC.Tests.Mmu.Book3S;

/// <summary>One CPU's radix translation in 16 MiB of memory: a process table of 64 KiB, and trees of 13, 9, 9 and 9 bits.</summary>
internal sealed class RadixRig : IDisposable
{
    public const ulong RamSize = 16 << 20;
    public const ulong ProcessTableAt = 0x1_0000;
    public const ulong Valid = 1UL << 63;
    public const ulong Leaf = 3UL << 62;
    public const ulong UserAll = 0x7;
    public const ulong KernelAll = 0xf;
    public const ulong Supervisor = 0;
    public const ulong Problem = 0x4000;

    // RTS = 21: 52 bits.
    private const ulong Rts = 0x4000_0000_0000_00a0;

    private ulong _free = 0x10_0000;

    public RadixRig()
    {
        Partition.ResetToRadix();
        Assert.Equal(PaprStatus.Success, Partition.RegisterProcessTable(0x1d, ProcessTableAt, 0, 4));
        Translator = new RadixTranslator(Ram, Registers, Partition);
    }

    public GuestMemory Ram { get; } = new(RamSize);

    public TranslationRegisters Registers { get; } = new();

    public PartitionTranslation Partition { get; } = new();

    public RadixTranslator Translator { get; }

    public ulong Read(ulong address)
    {
        Assert.True(Ram.TryReadUInt64(new PhysicalAddress(address), out ulong value));
        return value;
    }

    public void Write(ulong address, ulong value) => Assert.True(Ram.TryWriteUInt64(new PhysicalAddress(address), value));

    /// <summary>Maps a page for a process; returns where its leaf is.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="ea">Any address in the page.</param>
    /// <param name="pageShift">12, 16, 21, 30; 39 for a leaf in the root.</param>
    /// <param name="leaf">The leaf's low bits and real page number.</param>
    public ulong Map(ulong pid, ulong ea, int pageShift, ulong leaf)
    {
        ulong entryAt = ProcessTableAt + (pid << 4);
        if (Read(entryAt) == 0)
        {
            Write(entryAt, Rts | Allocate(13) | 13);
        }

        ulong table = Read(entryAt);
        int shift = 52;
        while (true)
        {
            int bits = (int)(table & 0x1f);
            shift -= bits;
            ulong at = (table & 0x0fff_ffff_ffff_ff00) + (((ea >> shift) & ((1UL << bits) - 1)) << 3);
            if (shift == pageShift)
            {
                Write(at, Leaf | leaf);
                return at;
            }

            if ((Read(at) & Valid) == 0)
            {
                int next = shift - pageShift == 5 ? 5 : 9;
                Write(at, Valid | Allocate(next) | (uint)next);
            }

            table = Read(at);
        }
    }

    public bool Try(ulong ea, AccessKind kind, out StorageTranslation result, out StorageFault fault, ulong msr = Supervisor) =>
        Translator.Translate(ea, kind, msr, updateReferenceChange: true, out result, out fault);

    public StorageTranslation Find(ulong ea, AccessKind kind = AccessKind.Load, ulong msr = Supervisor)
    {
        Assert.True(Try(ea, kind, out StorageTranslation result, out StorageFault fault, msr), $"{ea:x}: {fault}");
        return result;
    }

    /// <summary>The causes of a storage interrupt; 0 when the access is allowed.</summary>
    public uint Causes(ulong ea, AccessKind kind = AccessKind.Load, ulong msr = Supervisor)
    {
        bool done = Try(ea, kind, out _, out StorageFault fault, msr);
        Assert.Equal(StorageFaultKind.Storage, fault.Kind);
        return done ? 0 : fault.Bits;
    }

    public void Dispose()
    {
        Ram.Dispose();
        Partition.Dispose();
    }

    private ulong Allocate(int bits)
    {
        ulong size = 8UL << bits;
        ulong at = (_free + size - 1) & ~(size - 1);
        _free = at + Math.Max(size, 0x100);
        return at;
    }
}
