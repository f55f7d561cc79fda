using System.Globalization;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Core.Time;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Differential;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>
/// Interpreter and translator in lock step where data goes through segments and a hashed page table: programs that access pages which share TLB entries, cross
/// pages, switch segments among address spaces and back, and invalidate entries, while page table entries change. FIRMAMENT_AGREEMENT sets the number of programs.
/// </summary>
public sealed unsafe class SegmentAgreementTests
{
    private const uint TableAt = 0x8_0000;
    private const uint PagesAt = 0x2_0000;
    private const int CodeWords = 512;
    private const int Spaces = 4;
    private const int PagesOfSpace = 16;
    private const int Slices = 30;
    private const ulong Msr = 0x1010;
    private const ulong Problem = 0x4000;

    [Theory]
    [InlineData("7457")]
    [InlineData("7400")]
    public void Both_engines_reach_the_same_state_through_segments(string model)
    {
        Noise noise = new(Setting("FIRMAMENT_AGREEMENT_SEED", 5));
        using CpuRig expected = new(model, EngineMode.TailCalls);
        using CpuRig actual = new(model, EngineMode.Translated);
        CpuRig[] rigs = [expected, actual];
        byte[] memory = new byte[expected.Ram.Size];
        byte[] translated = new byte[expected.Ram.Size];
        for (ulong program = 0; program < Setting("FIRMAMENT_AGREEMENT", 20); program++)
        {
            Program(noise, rigs);
            for (int slice = 0; slice < Slices; slice++)
            {
                Prepare(noise, rigs, slice == 0);
                long budget = 1 + noise.Below(slice % 3 == 0 ? 20 : 1500);
                long ran = Run(expected, budget);
                Assert.Equal(ran, Run(actual, budget));
                Assert.True(Hash(expected) == Hash(actual), $"program {program}, slice {slice}: the states differ at {expected.Pc:x}");
            }

            expected.Ram.TryRead(new PhysicalAddress(0), memory);
            actual.Ram.TryRead(new PhysicalAddress(0), translated);
            int at = memory.AsSpan().CommonPrefixLength(translated);
            Assert.True(at == memory.Length, $"program {program}: memory differs at 0x{at:x}");
        }

        Assert.True(actual.Cpu.EngineStatistics.Translated > 1000, $"hardly anything was translated: {actual.Cpu.EngineStatistics}");
    }

    /// <summary>r10 to r17 are addresses, r20 to r23 segment registers' values, r28 to r31 data.</summary>
    private static void Program(Noise noise, CpuRig[] rigs)
    {
        uint[] code = new uint[CodeWords];
        for (int n = 0; n < code.Length; n++)
        {
            code[n] = Word(noise, n);
        }

        byte[] data = new byte[Spaces * PagesOfSpace * 4096];
        for (int n = 0; n < data.Length; n += 509)
        {
            data[n] = (byte)noise.Next();
        }

        uint[] protection = new uint[Spaces * PagesOfSpace];
        for (int n = 0; n < protection.Length; n++)
        {
            // R and C both, or as they come; most may be written; some are not there.
            protection[n] = noise.Below(12) == 0 ? uint.MaxValue : (uint)noise.Below(2) * 0x180 | (uint)(noise.Below(3) == 0 ? noise.Below(4) : 2);
        }

        foreach (CpuRig rig in rigs)
        {
            Assert.True(rig.Ram.TryFill(new PhysicalAddress(TableAt), 0x1_0000, 0));
            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(PagesAt), data));
            for (int n = 0; n < code.Length; n++)
            {
                rig.Write(CpuRig.CodeAt + (uint)(4 * n), code[n]);
            }

            rig.Cpu.State->Spr[SprNumber.Sdr1] = TableAt;
            rig.Cpu.Family.Reload();
            for (int n = 0; n < protection.Length; n++)
            {
                if (protection[n] != uint.MaxValue)
                {
                    Map(rig, n, protection[n]);
                }
            }
        }
    }

    private static uint Word(Noise noise, int n)
    {
        uint data = 28 + (uint)noise.Below(4);
        uint address = 10 + (uint)noise.Below(8);
        uint displacement = (uint)noise.Below(16) * (noise.Below(3) == 0 ? 1u : 4u);
        switch (noise.Below(20))
        {
            case 0:
                // bdnz or bne, back or on.
                int target = Math.Clamp(n + noise.Below(40) - 30, 0, CodeWords - 1);
                return (noise.Below(2) == 0 ? 0x4200_0000u : 0x4082_0000u) | (uint)(4 * (target - n)) & 0xfffc;
            case 1:
                // mtsr of segments 0 to 3.
                return 0x7c00_01a4 | (20 + (uint)noise.Below(4)) << 21 | (uint)noise.Below(4) << 16;
            case 2:
                // tlbie
                return noise.Below(3) == 0 ? 0x7c00_0264 | address << 11 : 0x6000_0000;
            case 3:
                // mtsrin
                return 0x7c00_01e4 | (20 + (uint)noise.Below(4)) << 21 | address << 11;
            case 4:
                // xoris: another page that shares the TLB entry.
                return 0x6c00_0000 | address << 21 | address << 16 | 0x40u << noise.Below(2);
            case 5:
                // xori: the next page, or the page's end.
                return 0x6800_0000 | address << 21 | address << 16 | 0x1000u << noise.Below(2);
            case 6:
                return 0x6800_0000 | address << 21 | address << 16 | 0xff8;
            case 7:
                // lwarx or stwcx.
                return (noise.Below(2) == 0 ? 0x7c00_0028u : 0x7c00_012du) | data << 21 | address << 11;
            case 8:
                // lmw, stmw
                return (46 + (uint)noise.Below(2)) << 26 | data << 21 | address << 16 | displacement & ~3u;
            case 9:
                // andi.
                return 0x7000_0000 | data << 21 | data << 16 | (uint)noise.Below(4);
            default:
                return (32 + 2 * (uint)noise.Below(7)) << 26 | data << 21 | address << 16 | displacement;
        }
    }

    private static void Prepare(Noise noise, CpuRig[] rigs, bool first)
    {
        ulong msr = Msr | (noise.Below(4) == 0 ? Problem : 0);
        uint pc = CpuRig.CodeAt + (uint)(4 * noise.Below(CodeWords));
        ulong ctr = (ulong)noise.Below(300);
        ulong[] gprs = new ulong[32];
        for (int n = 0; n < gprs.Length; n++)
        {
            gprs[n] = n switch
            {
                < 20 => (uint)noise.Below(4) << 28 | Offset(noise.Below(PagesOfSpace)) | (noise.Below(3) == 0 ? 0xff0 + (uint)noise.Below(16) : 4 * (uint)noise.Below(1000)),
                < 24 => (uint)noise.Below(4) << 29 | Vsid(noise.Below(Spaces)),
                _ => (uint)noise.Next(),
            };
        }

        (int page, uint protection) = (noise.Below(Spaces * PagesOfSpace), (uint)noise.Below(4));
        foreach (CpuRig rig in rigs)
        {
            rig.Cpu.Msr = msr;
            rig.Cpu.Pc = pc;
            rig.Cpu.State->Ctr = ctr;
            for (int n = 0; n < gprs.Length; n++)
            {
                rig.Cpu.WriteGpr(n, gprs[n]);
            }

            for (int n = 0; first && n < 4; n++)
            {
                rig.Cpu.Mmu.WriteSegment(n, (uint)gprs[20 + n]);
            }

            // A page table entry changes, and tlbie says so.
            if (Find(rig, page) is { } at)
            {
                rig.Write(at + 4, rig.Read(at + 4) & ~0x183u | protection);
                rig.Cpu.Mmu.InvalidatePage(Offset(page % PagesOfSpace));
            }
        }
    }

    /// <summary>Within its segment: four pages side by side, and the same 4 MiB further on, where they share the TLB's entries.</summary>
    private static uint Offset(int page) => (uint)(page & 3) << 12 | (uint)(page >> 2) << 22;

    private static uint Vsid(int space) => 0x12_3456 + (uint)(space * 0x111);

    private static uint Hash(int page) => ((Vsid(page / PagesOfSpace) & 0x7_ffff) ^ (Offset(page % PagesOfSpace) >> 12)) & 0x3ff;

    private static uint Upper(int page) => 0x8000_0000 | Vsid(page / PagesOfSpace) << 7 | Offset(page % PagesOfSpace) >> 22;

    private static void Map(CpuRig rig, int page, uint protection)
    {
        uint at = TableAt | Hash(page) << 6;
        while (rig.Read(at) != 0)
        {
            at += 8;
        }

        rig.Write(at, Upper(page));
        rig.Write(at + 4, PagesAt + ((uint)page << 12) | protection);
    }

    private static uint? Find(CpuRig rig, int page)
    {
        uint group = TableAt | Hash(page) << 6;
        for (uint at = group; at < group + 64; at += 8)
        {
            if (rig.Read(at) == Upper(page))
            {
                return at;
            }
        }

        return null;
    }

    private static long Run(CpuRig rig, long budget)
    {
        long ran = rig.Cpu.Run(budget);
        rig.Clock.AdvanceTo(rig.Clock.Now + new VirtualTime(Math.Max(1, ran)));
        return ran;
    }

    private static string Hash(CpuRig rig)
    {
        HashVisitor hash = new();
        rig.Cpu.Visit(hash);
        return hash.Result;
    }

    private static ulong Setting(string name, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
