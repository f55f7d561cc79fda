using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>The engine's contract: exact budgets, exact state, the same on every dispatch.</summary>
public sealed class EngineTests
{
    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void A_budget_is_met_exactly_wherever_it_falls(EngineMode engine)
    {
        for (int budget = 1; budget < 40; budget++)
        {
            using CpuRig rig = new(engine: engine);
            rig.Load(static a =>
            {
                AssemblerLabel loop = a.LabelHere();
                a.Addi(3, 3, 1);
                a.Addi(4, 4, 1);
                a.Addi(5, 5, 1);
                a.B(loop);
            });
            rig.Run(budget);
            Assert.Equal((uint)((budget + 3) / 4), rig[3]);
            Assert.Equal((uint)((budget + 2) / 4), rig[4]);
            Assert.Equal((uint)((budget + 1) / 4), rig[5]);
            Assert.Equal(CpuRig.CodeAt + (uint)(4 * (budget % 4)), rig.Pc);
        }
    }

    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void Execution_falls_from_one_page_into_the_next(EngineMode engine)
    {
        using CpuRig rig = new(engine: engine);
        rig.Load(static a =>
        {
            for (int n = 0; n < 3000; n++)
            {
                a.Addi(3, 3, 1);
            }
        });
        rig.Run(2999);
        Assert.Equal(2999u, rig[3]);
        Assert.Equal(CpuRig.CodeAt + (4 * 2999), rig.Pc);
    }

    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void A_store_into_the_running_page_is_executed_as_stored(EngineMode engine)
    {
        using CpuRig rig = new(engine: engine);
        // Loops twice; the first pass replaces addi r3,r3,1 by addi r3,r3,100.
        rig.Load(static a =>
        {
            a.LoadImmediate(5, 0x3863_0064);
            a.LoadImmediate(6, CpuRig.CodeAt + 16);
            a.Addi(3, 3, 1);
            a.Stw(5, 0, 6);
            AssemblerLabel back = a.LabelAt(CpuRig.CodeAt + 16);
            a.B(back);
        });
        Assert.Equal(0x3863_0001u, rig.Read(CpuRig.CodeAt + 16));
        rig.Run(4 + 3 + 3);
        Assert.Equal(101u, rig[3]);
    }

    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void Code_written_by_a_device_replaces_what_was_decoded(EngineMode engine)
    {
        using CpuRig rig = new(engine: engine);
        rig.Execute(static a => a.Addi(3, 0, 1));
        rig.Execute(static a => a.Addi(3, 0, 2));
        Assert.Equal(2u, rig[3]);
    }

    [Fact]
    public void A_store_in_the_middle_of_a_run_that_undecodes_it_keeps_the_count_exact()
    {
        using CpuRig rig = new();
        rig.Load(static a =>
        {
            a.LoadImmediate(6, CpuRig.CodeAt);
            a.LoadImmediate(5, 0x6000_0000);
            for (int n = 0; n < 20; n++)
            {
                a.Stw(5, 0x100, 6);
                a.Addi(3, 3, 1);
            }

            AssemblerLabel here = a.LabelHere();
            a.B(here);
        });
        // lis; lis; 20 × (stw, addi): the store hits the page's code at +0x100 once that is decoded.
        long executed = rig.Cpu.Run(2 + 40 + 8);
        Assert.True(executed > 0);
        rig.Run(2 + 40 + 8 - executed);
        Assert.Equal(20u, rig[3]);
    }

    [Fact]
    public void An_unaligned_access_inside_a_page_and_across_pages_gives_the_same_bytes()
    {
        using CpuRig rig = new();
        rig.Write(CpuRig.DataAt + 0xffc, 0x1122_3344);
        rig.Write(CpuRig.DataAt + 0x1000, 0x5566_7788);
        rig[4] = CpuRig.DataAt + 0xffe;
        rig.Execute(static a =>
        {
            a.Lwz(5, 0, 4);
            a.Lhz(6, 1, 4);
            a.Stw(5, 8, 4);
        });
        Assert.Equal(0x3344_5566u, rig[5]);
        Assert.Equal(0x4455u, rig[6]);
        Assert.Equal(0x3344u, rig.Read(CpuRig.DataAt + 0x1004) & 0xffff);
        Assert.Equal(0x5566_0000u, rig.Read(CpuRig.DataAt + 0x1008));
    }

    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void A_branch_sees_what_was_put_into_the_field_after_a_comparison(EngineMode engine)
    {
        const uint Mtcrf = 0x7c8f_f120;
        const uint Mcrf = 0x4c14_0000;
        foreach (uint write in (uint[])[Mtcrf, Mcrf])
        {
            using CpuRig rig = new(engine: engine);
            // cmpwi r3,0; mtcrf 0xff,r4 or mcrf cr0,cr5; beq .+8; addi r5,r5,1; b .
            uint at = CpuRig.CodeAt;
            foreach (uint word in (uint[])[0x2c03_0000, write, 0x4182_0008, 0x38a5_0001, 0x4800_0000])
            {
                rig.Write(at, word);
                at += 4;
            }

            rig.Run(4);
            Assert.Equal(1u, rig[5]);
        }
    }

    [Fact]
    public void An_update_form_that_faults_leaves_both_registers()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr |= 0x1000; // ME
        rig[4] = 0x7000_0000;
        rig[5] = 42;
        rig.Load(static a => a.Lwzu(5, 4, 4));
        rig.Run(1);
        Assert.Equal(0x7000_0000u, rig[4]);
        Assert.Equal(42u, rig[5]);
        Assert.Equal(0xfff0_0200u & 0x200u, rig.Pc & 0xfffu);
    }

    [Fact]
    public void The_tail_call_self_test_holds_on_this_runtime_so_the_fast_dispatch_is_what_the_tests_run()
    {
        Assert.True(Interpreter.DispatchSelfTest.TailCallsWork());
    }

    [Fact]
    public void Every_encoding_runs_a_quarter_of_a_million_times_in_a_row_without_growing_the_stack()
    {
        // A handler that calls instead of jumping would need some 48 bytes of stack for each instruction of a page-long run,
        // and a loop around the page would overflow the host's stack long before the count is reached.
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1).Where(static row => (row.Flags & OpcodeFlags.EndsRun) == 0))
        {
            if ((row.Feature & ~CpuModel.Find("7457")!.Features) != 0)
            {
                continue;
            }

            using CpuRig rig = new();
            rig.Cpu.Msr = 0x0200_2000;
            // Memory operands: every register holds a valid, aligned address; operand fields are register 4.
            for (int n = 0; n < 32; n++)
            {
                rig[n] = n == 4 ? 0 : CpuRig.DataAt;
            }

            // Displacements are 0, so that update forms stay where they are.
            bool hasDisplacement = row.Immediate == ImmediateKind.Signed16 && row.Value >> 26 >= 32;
            uint operands = (4u << 21) | (5u << 16) | (hasDisplacement ? 0 : (4u << 11) | (6u << 6));
            uint word = row.Value | (operands & ~row.Mask);
            rig.Load(a =>
            {
                AssemblerLabel loop = a.LabelHere();
                for (int n = 0; n < 1000; n++)
                {
                    a.Emit(word);
                }

                a.B(loop);
            });
            rig.Run(250_000);
        }
    }

    [Fact]
    public void Random_words_never_leave_the_contract()
    {
        // Deterministic noise (xorshift), run as code: whatever it does, the budget is met and the host survives.
        ulong x = 0x9e37_79b9_7f4a_7c15;
        for (int round = 0; round < 60; round++)
        {
            using CpuRig rig = new(round % 2 == 0 ? "7457" : "7400", (EngineMode)(round % 3));
            byte[] noise = new byte[0x4000];
            for (int n = 0; n < noise.Length; n++)
            {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                noise[n] = (byte)(x >> 32);
            }

            // Half of the rounds favour real opcodes, so that the noise does more than trap.
            for (int n = 0; round % 2 == 0 && n < noise.Length; n += 4)
            {
                noise[n] = (byte)(new byte[] { 0x7c, 0x10, 0xfc, 0x38, 0x80, 0x90, 0x4c, 0x40 }[n / 4 % 8] | (noise[n] & 3));
            }

            rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), noise);
            rig.Ram.TryWrite(new PhysicalAddress(0), noise);
            long total = 0;
            for (int slice = 0; slice < 50 && !rig.Cpu.IsIdle && !rig.Cpu.IsCheckstopped; slice++)
            {
                long ran = rig.Cpu.Run(997);
                Assert.InRange(ran, 0, 997);
                total += ran;
            }

            Assert.True(total > 0);
        }
    }
}
