using BenchmarkDotNet.Attributes;
using Firmament.Core.Memory;
using Firmament.PowerPC.State;

namespace Firmament.Benchmarks.Parts;

/// <summary>A load from a page that the software TLB has forgotten and the guest's hashed page table (primary group) has.</summary>
public class TlbMissPart : LoopPart
{
    private const uint Table = 0x8_0000;
    private const uint Pages = 4096;
    private const uint PageBytes = 4096;
    private const uint EntryBytes = 8;
    private const uint ValidEntry = 0x8000_0000;
    private const uint ReadWrite = 2;
    private const ulong DataRelocate = 0x10;

    /// <inheritdoc/>
    protected override int InstructionsInTurn => 4;

    /// <summary>The part.</summary>
    [Benchmark(Description = "TLB miss, hashed page table", OperationsPerInvoke = Turns)]
    public void Miss() => Run();

    private protected override long Count(GuestLoop loop) => loop.Cpu.TlbMisses;

    private protected override GuestLoop Make()
    {
        GuestLoop loop = new(static code =>
        {
            code.Lwz(5, 0, 4);
            code.Addi(4, 4, (int)PageBytes);
            // Four times as many pages as the TLB holds, and again from the first.
            code.Rlwinm(4, 4, 0, 8, 31);
        });
        for (uint page = 0; page < Pages; page++)
        {
            Enter(loop.Ram, page);
        }

        SetTable(loop);
        loop.Cpu.Msr = DataRelocate;
        return loop;
    }

    /// <summary>Segment 0 has VSID 0, so the hash is the page number. All pages are the same page of RAM.</summary>
    private static void Enter(GuestMemory ram, uint page)
    {
        uint group = Table | ((page & 0x3ff) << 6);
        uint at = group + ((page >> 10) * EntryBytes);
        ram.TryWriteUInt32(new PhysicalAddress(at), ValidEntry | (page >> 10));
        ram.TryWriteUInt32(new PhysicalAddress(at + 4), GuestLoop.DataAt | ReadWrite);
    }

    private static unsafe void SetTable(GuestLoop loop)
    {
        loop.Cpu.State->Spr[SprNumber.Sdr1] = Table;
        loop.Cpu.Family.Reload();
    }
}
