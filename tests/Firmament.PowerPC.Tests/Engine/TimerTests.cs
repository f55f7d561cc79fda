using Firmament.Core.Time;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>Time base and decrementer against the one clock, nap, the external input. 33333333 Hz: a tick every 30 instructions.</summary>
public sealed unsafe class TimerTests
{
    private const int Ee = 0x8000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_decrementer_interrupts_at_the_same_instruction_however_the_run_is_cut(int slice)
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = Ee;
        rig[3] = 5;
        rig.Load(static a =>
        {
            a.Mtspr(22, 3);
            AssemblerLabel loop = a.LabelHere();
            a.Addi(4, 4, 1);
            a.B(loop);
        });
        rig.Write(0x900, 0x4800_0000); // b .
        long steps = 0;
        while (rig.Cpu.InterruptsTaken == 0 && steps < 2000)
        {
            rig.Run(Math.Min(slice, 400));
            steps += slice;
        }

        // DEC was written during the first instruction, at tick 0, and passes below zero at tick 6: 180 instructions later.
        Assert.Equal(90u, rig[4]);
        Assert.Equal(1, rig.Cpu.InterruptsTaken);
    }

    [Fact]
    public void A_request_waits_for_EE_and_survives_a_new_count()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0;
        rig[3] = 1;
        rig[5] = 100_000;
        rig[6] = Ee;
        rig.Load(static a =>
        {
            a.Mtspr(22, 3);
            for (int n = 0; n < 100; n++)
            {
                a.Nop();
            }

            a.Mtspr(22, 5);
            a.Mtmsr(6);
            a.Nop();
        });
        rig.Run(102);
        Assert.Equal(0, rig.Cpu.InterruptsTaken);
        rig.Run(1);
        Assert.Equal(0x900u, rig.Pc);
        Assert.Equal(CpuRig.CodeAt + (4 * 103), rig.Spr(SprNumber.Srr0));
    }

    [Fact]
    public void A_negative_count_over_a_positive_one_interrupts_at_once_and_only_once()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = Ee;
        rig[3] = 0xffff_ff00;
        rig.Load(static a => a.Mtspr(22, 3));
        rig.Write(0x900, 0x4c00_0064); // rfi
        rig.Run(1);
        rig.Run(1);
        Assert.Equal(1, rig.Cpu.InterruptsTaken);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        rig.Cpu.Run(0);
        Assert.Equal(1, rig.Cpu.InterruptsTaken);
        // It comes round to 0 after 0xffffff00 ticks and to -1 after one more, not after another turn.
        Assert.InRange(rig.Cpu.NextDeadline.Nanoseconds, 128_849_000_000, 128_850_000_000);
    }

    [Fact]
    public void The_time_base_counts_the_clock_and_its_halves_are_written_apart()
    {
        using CpuRig rig = new();
        rig.Clock.AdvanceTo(new VirtualTime(3_000_000_000));
        rig[4] = 7;
        rig.Execute(static a =>
        {
            a.Mftb(3, 268);
            a.Mtspr(285, 4);
            a.Mtspr(284, 4);
            a.Mftb(5, 269);
            a.Mftb(6, 268);
            a.Mfspr(7, 268);
        });
        Assert.Equal(99_999_999u, rig[3]);
        Assert.Equal((7u, 7u, 7u), (rig[5], rig[6], rig[7]));
    }

    [Theory]
    [InlineData("7457", 0x0040_0000u, true)]
    [InlineData("7457", 0x0080_0000u, false)] // HIGH_BAT_EN
    [InlineData("7400", 0x0080_0000u, true)] // DOZE
    [InlineData("7457", 0u, false)]
    public void POW_stops_the_CPU_where_HID0_allows_it_until_an_interrupt(string model, uint hid0, bool naps)
    {
        using CpuRig rig = new(model);
        rig.Cpu.Msr = 0;
        rig[3] = hid0;
        rig[4] = 0x4_8000;
        rig.Load(static a =>
        {
            a.Mtspr(1008, 3);
            a.Mtmsr(4);
            a.Nop();
            a.Nop();
        });
        Assert.Equal(naps ? 2 : 4, rig.Cpu.Run(4));
        Assert.Equal(naps, rig.Cpu.IsIdle);
        Assert.Equal(0x8000u, (uint)rig.Cpu.Msr);
        rig.Write(0x500, 0x6000_0000);
        rig.Cpu.SetExternalInterrupt(true);
        Assert.Equal(1, rig.Cpu.Run(1));
        Assert.False(rig.Cpu.IsIdle);
        Assert.Equal(0x504u, rig.Pc);
        Assert.Equal(CpuRig.CodeAt + (naps ? 8u : 16u), rig.Spr(SprNumber.Srr0));
    }
}
