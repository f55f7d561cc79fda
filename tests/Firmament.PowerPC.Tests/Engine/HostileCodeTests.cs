using System.Globalization;
using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Differential;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>
/// Memory full of random words as a program. Whatever it does, the CPU executes what it was asked to, stays in its memory and throws
/// nothing. FIRMAMENT_HOSTILE sets the number of programs for each row.
/// </summary>
public sealed unsafe class HostileCodeTests
{
    private const ulong Problem = 0x8000_0000_0280_6900;
    private const ulong Supervisor = 0x8000_0000_0280_2930;
    private const ulong Real = 0x8000_0000_0280_2900;
    private const ulong Narrow = 0x0280_2930;

    [Theory]
    [InlineData("power9", Problem)]
    [InlineData("power9", Problem | 1)]
    [InlineData("power9", Supervisor)]
    [InlineData("power9", Supervisor | 1)]
    [InlineData("power9", Real)]
    [InlineData("power9", Narrow)]
    [InlineData("power8", Problem | 1)]
    [InlineData("power8", Supervisor)]
    [InlineData("7457", 0x0200_6930ul)]
    [InlineData("7457", 0x0200_2900ul)]
    public void Random_words_as_code_neither_crash_nor_hang_the_cpu(string model, ulong msr)
    {
        const int Bytes = 0x4_0000;
        Noise noise = new(Setting("FIRMAMENT_HOSTILE_SEED", 1) + msr);
        OpcodeRow[] rows = [.. OpcodeTable.Rows.Skip(1).Where(row => (row.Feature & ~CpuModel.Find(model)!.Features) == 0)];
        using CpuRig rig = model == "7457" ? new CpuRig(model) : Differential64Tests.Rig(model);
        byte[] code = new byte[Bytes];
        for (ulong program = 0; program < Setting("FIRMAMENT_HOSTILE", 6); program++)
        {
            for (int at = 0; at < Bytes; at += 4)
            {
                OpcodeRow row = rows[noise.Below(rows.Length)];
                uint word = noise.Below(16) == 0 ? (uint)noise.Next() : row.Value | ((uint)noise.Next() & ~row.Mask);
                if ((msr & 1) != 0)
                {
                    word = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
                }

                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(at), word);
            }

            Assert.True(rig.Ram.TryWrite(new PhysicalAddress(0), code));
            for (int n = 0; n < 32; n++)
            {
                rig.Cpu.WriteGpr(n, noise.Below(3) == 0 ? noise.Next() : (ulong)noise.Below(Bytes));
            }

            rig.Cpu.State->Lr = (ulong)noise.Below(Bytes);
            rig.Cpu.State->Ctr = (ulong)noise.Below(Bytes);
            rig.Cpu.Msr = msr;
            rig.Cpu.Pc = (ulong)noise.Below(Bytes) & ~3ul;
            for (int slice = 0; slice < 40 && !rig.Cpu.IsCheckstopped; slice++)
            {
                long budget = 1 + noise.Below(200);
                long ran = rig.Cpu.Run(budget);
                Assert.InRange(ran, 0, budget);
                Assert.True(ran > 0 || rig.Cpu.IsIdle || rig.Cpu.IsCheckstopped, $"nothing ran at {rig.Cpu.Pc:x}, MSR {rig.Cpu.Msr:x}");
                Assert.Equal(0ul, rig.Cpu.Pc & 3);
                rig.Clock.AdvanceTo(rig.Clock.Now + new VirtualTime(Math.Max(1, ran)));
                if (noise.Below(8) == 0)
                {
                    // Out of whatever loop it may be in.
                    rig.Cpu.Msr = msr;
                    rig.Cpu.Pc = (ulong)noise.Below(Bytes) & ~3ul;
                }
            }

            if (rig.Cpu.IsCheckstopped)
            {
                rig.Cpu.Reset();
            }
        }
    }

    private static ulong Setting(string name, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
