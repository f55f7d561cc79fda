using BenchmarkDotNet.Attributes;
using Firmament.Core.Memory;
using Firmament.PowerPC.State;

namespace Firmament.Benchmarks.Parts;

/// <summary>The hashed page table of a 7457; every entry is in its primary group.</summary>
public class HashMissPart : TlbMissPart
{
    private const uint Table = 0x8_0000;
    private const uint EntryBytes = 8;
    private const uint ValidEntry = 0x8000_0000;
    private const uint ReadWrite = 2;

    /// <summary>The part.</summary>
    [Benchmark(Description = "TLB miss, hashed page table", OperationsPerInvoke = Turns)]
    public void Miss() => Run();

    private protected override GuestLoop Make()
    {
        GuestLoop loop = new(Body);
        for (uint page = 0; page < Pages; page++)
        {
            Enter(loop.Ram, page);
        }

        SetTable(loop);
        loop.Cpu.Msr = DataRelocate;
        return loop;
    }

    /// <summary>Segment 0 has VSID 0, so the hash is the page number.</summary>
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
