using Firmament.Core.Memory;

namespace Firmament.Firmware.Tests;

/// <summary>Executes the few instructions stubs are made of, as Power ISA Book I defines them, from guest memory.</summary>
internal static class StubRunner
{
    public const uint ReturnAddress = 0x01000040;

    /// <summary>Runs from <paramref name="entry"/> until it returns. Counts the instructions.</summary>
    public static int Run(Bench bench, uint entry)
    {
        FakeProcessor cpu = bench.Cpu;
        cpu.Lr = ReturnAddress;
        cpu.Pc = entry;
        int count = 0;
        while (cpu.Pc != ReturnAddress)
        {
            Assert.True(count++ < 100, "the stub does not return");
            Assert.True(bench.Platform.Ram.TryReadUInt32(new PhysicalAddress(cpu.Pc), out uint word));
            cpu.Pc += 4;
            Step(bench, cpu, word);
        }

        return count;
    }

    private static void Step(Bench bench, FakeProcessor cpu, uint word)
    {
        int rt = (int)(word >> 21) & 31;
        int ra = (int)(word >> 16) & 31;
        ulong baseValue = ra == 0 ? 0 : cpu.ReadGpr(ra);
        switch (word >> 26)
        {
            case 14:
                cpu.WriteGpr(rt, baseValue + (ulong)(short)word);
                break;
            case 15:
                cpu.WriteGpr(rt, baseValue + (ulong)((long)(short)word << 16));
                break;
            case 24:
                cpu.WriteGpr(ra, cpu.ReadGpr(rt) | (ushort)word);
                break;
            case 31 when (word & 0x7fe) == 444 << 1:
                cpu.WriteGpr(ra, cpu.ReadGpr(rt) | cpu.ReadGpr((int)(word >> 11) & 31));
                break;
            case 17 when (word & 2) != 0:
                Assert.True(bench.Firmware.SystemCalls.TryIntercept(cpu, (int)(word >> 5) & 0x7f), "the system call was not taken");
                break;
            case 19 when word == 0x4e800020:
                cpu.Pc = cpu.Lr;
                break;
            default:
                Assert.Fail($"a stub has the word 0x{word:x8}");
                break;
        }
    }
}
