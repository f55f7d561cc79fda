using BenchmarkDotNet.Attributes;
using Firmament.Core.Memory;

namespace Firmament.Benchmarks.Parts;

/// <summary>The radix tree of process 0 on a POWER9, of 13, 9, 9 and 9 bits as Linux has it. Power ISA 3.0B Book III 5.7.10.</summary>
public class RadixMissPart : TlbMissPart
{
    private const ulong SixtyFourBit = 1UL << 63;
    private const ulong Valid = 1UL << 63;
    private const ulong Leaf = 3UL << 62;

    // Referenced, changed, and everything but execution in privileged state.
    private const ulong Attributes = 0x18f;

    // RTS = 21: 52 bits.
    private const ulong TreeBits = 0x4000_0000_0000_00a0;

    private const uint ProcessTable = 0x3_0000;
    private const uint Root = 0x8_0000;
    private const uint Second = 0x9_0000;
    private const uint Third = 0x9_1000;
    private const uint Leaves = 0xa_0000;

    // GTSE, radix, and a new table: the least that H_REGISTER_PROC_TBL takes.
    private const ulong NewRadixTable = 0x1d;

    /// <summary>The part.</summary>
    [Benchmark(Description = "TLB miss, radix tree", OperationsPerInvoke = Turns)]
    public void Miss() => Run();

    private protected override GuestLoop Make()
    {
        GuestLoop loop = new(Body, "power9");
        loop.Cpu.Translation.ResetToRadix();
        loop.Cpu.Translation.RegisterProcessTable(NewRadixTable, ProcessTable, 0, 4);
        Write(loop.Ram, ProcessTable, TreeBits | Root | 13);
        Write(loop.Ram, Root, Valid | Second | 9);
        Write(loop.Ram, Second, Valid | Third | 9);
        for (uint page = 0; page < Pages; page++)
        {
            Write(loop.Ram, Third + (page / 512 * 8), Valid | (Leaves + (page / 512 * 4096)) | 9);
            Write(loop.Ram, Leaves + (page * 8), Leaf | GuestLoop.DataAt | Attributes);
        }

        loop.Cpu.Msr = SixtyFourBit | DataRelocate;
        return loop;
    }

    private static void Write(GuestMemory ram, uint address, ulong value) => ram.TryWriteUInt64(new PhysicalAddress(address), value);
}
