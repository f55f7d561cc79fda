using Firmament.Core.State;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Partition;

/// <summary>Counters, what freezes them, alerts and event-based branches. Power ISA 2.07B Book III-S chapter 9, Book II chapter 7.</summary>
public sealed unsafe class PerformanceMonitorTests
{
    private const int Srr0 = 26;
    private const int Ctrl = 152;
    private const int Fscr = 153;
    private const int UserMmcr2 = 769;
    private const int UserPmc1 = 771;
    private const int UserPmc5 = 775;
    private const int UserMmcr0 = 779;
    private const int Sier = 784;
    private const int Mmcr2 = 785;
    private const int Pmc1 = 787;
    private const int Pmc5 = 791;
    private const int Pmc6 = 792;
    private const int Mmcr0 = 795;
    private const int Siar = 796;
    private const int Mmcr1 = 798;
    private const int Ebbhr = 804;
    private const int Ebbrr = 805;
    private const int Bescr = 806;
    private const ulong Ee = 0x8000;
    private const ulong Pr = 0x4000;
    private const ulong Pm = 4;
    private const ulong FC = 0x8000_0000;
    private const ulong Pmae = 0x0400_0000;
    private const ulong Fcece = 0x0200_0000;
    private const ulong Ebe = 0x0010_0000;
    private const ulong Pmc1Ce = 0x8000;
    private const ulong PmcjCe = 0x4000;
    private const ulong Pmao = 0x80;
    private const ulong Instructions = 0x02;

    public static TheoryData<bool> Modes => [true, false];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Counters_count_what_ran_between_two_moves_exactly(bool tailCalls)
    {
        using CpuRig rig = new("power9", tailCalls);
        rig.Cpu.WriteGpr(4, FC);
        rig.Execute(static a =>
        {
            a.Nop();
            a.Mtspr(Mmcr0, 3);
            a.Nop();
            a.Nop();
            a.Nop();
            a.Mfspr(5, Pmc5);
            a.Mfspr(6, Pmc6);
            a.Mtspr(Mmcr0, 4);
            a.Nop();
            a.Mfspr(7, Pmc5);
        });
        Assert.Equal((3ul, 4ul, 6ul), (rig.Cpu.ReadGpr(5), rig.Cpu.ReadGpr(6), rig.Cpu.ReadGpr(7)));
    }

    [Theory]
    [InlineData(0, 0x02, true)]
    [InlineData(1, 0x1e, true)]
    [InlineData(2, 0x02, true)]
    [InlineData(3, 0x1e, true)]
    [InlineData(0, 0xfe, true)]
    [InlineData(1, 0xfe, false)]
    [InlineData(0, 0xf0, true)]
    [InlineData(1, 0xf4, true)]
    [InlineData(3, 0xfa, true)]
    [InlineData(2, 0x00, false)]
    [InlineData(0, 0x5e, false)]
    public void Mmcr1_chooses_what_the_first_four_count(int counter, int selected, bool counts)
    {
        using CpuRig rig = new("power8");
        rig.Cpu.WriteSpr(Mmcr1, (ulong)selected << (24 - (8 * counter)));
        rig.Cpu.WriteSpr(Mmcr0, 0);
        Nops(rig, 10);
        Assert.Equal(counts ? 10ul : 0, rig.Cpu.ReadSpr(Pmc1 + counter));
    }

    [Theory]
    [InlineData(0x8000_0000ul, 0ul, 0ul, false)]
    [InlineData(0x4000_0000ul, 0ul, 0ul, false)]
    [InlineData(0x4000_0000ul, 0ul, Pr, true)]
    [InlineData(0x2000_0000ul, 0ul, 0ul, true)]
    [InlineData(0x2000_0000ul, 0ul, Pr, false)]
    [InlineData(0x0000_1000ul, 0ul, Pr, false)]
    [InlineData(0x2000_1000ul, 0ul, Pr, true)]
    [InlineData(0x1000_0000ul, 0ul, 0ul, true)]
    [InlineData(0x1000_0000ul, 0ul, Pm, false)]
    [InlineData(0x0800_0000ul, 0ul, 0ul, false)]
    [InlineData(0x0800_0000ul, 0ul, Pm, true)]
    [InlineData(0x0000_0001ul, 0ul, 0ul, true)]
    [InlineData(0ul, 0x8000_0000_0000_0000ul, 0ul, false)]
    [InlineData(0ul, 0x8000_0000_0000_0000ul, Pr, true)]
    [InlineData(0ul, 0x4000_0000_0000_0000ul, Pr, false)]
    [InlineData(0ul, 0x4000_0000_0000_0000ul, 0ul, true)]
    [InlineData(0ul, 0x1000_0000_0000_0000ul, Pm, false)]
    [InlineData(0ul, 0x0800_0000_0000_0000ul, 0ul, false)]
    [InlineData(0ul, 0x0200_0000_0000_0000ul, 0ul, true)]
    public void Freeze_bits_stop_a_counter_in_the_states_they_name(ulong mmcr0, ulong mmcr2, ulong msr, bool counts)
    {
        using CpuRig rig = new("power9");
        rig.Cpu.Msr = rig.DefaultMsr | (msr & Pm);
        rig.Cpu.State->Msr |= msr & Pr;
        rig.Cpu.WriteSpr(Mmcr1, Instructions << 24);
        rig.Cpu.WriteSpr(Mmcr2, mmcr2);
        rig.Cpu.WriteSpr(Mmcr0, mmcr0);
        Nops(rig, 7);
        Assert.Equal(counts ? 7ul : 0, rig.Cpu.ReadSpr(Pmc1));
    }

    [Theory]
    [InlineData(0x02ul, 0ul, 0ul)]
    [InlineData(0x00ul, 7ul, 0ul)]
    [InlineData(0x100ul, 7ul, 7ul)]
    [InlineData(0x110ul, 7ul, 0ul)]
    public void A_clear_run_latch_stops_what_asks_for_it(ulong mmcr0, ulong first, ulong fifth)
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Ctrl, 0);
        rig.Cpu.WriteSpr(Mmcr1, Instructions << 24);
        rig.Cpu.WriteSpr(Mmcr0, mmcr0);
        Nops(rig, 7);
        Assert.Equal((first, fifth), (rig.Cpu.ReadSpr(Pmc1), rig.Cpu.ReadSpr(Pmc5)));
    }

    [Fact]
    public void Instructions_count_in_the_state_they_began_in()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Mmcr1, (Instructions << 24) | (Instructions << 16));
        rig.Cpu.WriteSpr(Mmcr2, 0x8000_0000_0000_0000 | (0x4000_0000_0000_0000 >> 9)); // PMC1 user, PMC2 kernel
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.WriteSpr(Mmcr0, 0);
        rig.Load(static a =>
        {
            a.Nop();
            a.Nop();
            a.Sc(0);
        });
        rig.Write(0xc00, 0x6000_0000);
        rig.Write(0xc04, 0x4c00_0024); // rfid
        rig.Run(5);
        Assert.Equal((3ul, 2ul), (rig.Cpu.ReadSpr(Pmc1), rig.Cpu.ReadSpr(Pmc1 + 1)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void An_overflow_interrupts_at_its_instruction_and_freezes(bool tailCalls)
    {
        using CpuRig rig = new("power9", tailCalls);
        Arm(rig, Pmae | Fcece | PmcjCe);
        rig.Cpu.WriteSpr(Pmc5, 0x8000_0000 - 5);
        rig.Load(static a =>
        {
            for (int n = 0; n < 20; n++)
            {
                a.Nop();
            }
        });
        rig.Write(0xf00, 0x6000_0000);
        rig.Run(6);
        Assert.Equal(0xf04ul, rig.Cpu.Pc);
        Assert.Equal(CpuRig.CodeAt + 20ul, rig.Cpu.ReadSpr(Srr0));
        Assert.Equal(0x8000_0000ul, rig.Cpu.ReadSpr(Pmc5));
        Assert.Equal(FC | Fcece | PmcjCe | Pmao, rig.Cpu.ReadSpr(Mmcr0));
        Assert.Equal((CpuRig.CodeAt + 20ul, 0x0040_0000ul), (rig.Cpu.ReadSpr(Siar), rig.Cpu.ReadSpr(Sier)));
    }

    [Fact]
    public void An_alert_waits_for_EE_and_goes_with_PMAO()
    {
        using CpuRig rig = new("power9");
        Arm(rig, Pmae | Pmc1Ce, ee: false);
        rig.Cpu.WriteSpr(Mmcr1, Instructions << 24);
        rig.Cpu.WriteSpr(Pmc1, 0x7fff_ffff);
        Nops(rig, 3);
        Assert.Equal(CpuRig.CodeAt + 12ul, rig.Cpu.Pc);
        Assert.Equal(Pmao, rig.Cpu.ReadSpr(Mmcr0) & (Pmao | Pmae));
        Assert.Equal(0x8000_0002ul, rig.Cpu.ReadSpr(Pmc1));
        rig.Write(0xf00, 0x6000_0000);
        rig.Cpu.Msr = rig.DefaultMsr | Ee;
        rig.Run(1);
        Assert.Equal(0xf04ul, rig.Cpu.Pc);
        rig.Cpu.WriteSpr(Mmcr0, FC);
        rig.Cpu.Msr = rig.DefaultMsr | Ee;
        Nops(rig, 1);
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.Pc);
    }

    [Theory]
    [InlineData(Pmae | PmcjCe, 0)]
    [InlineData(Pmc1Ce, 0)]
    [InlineData(Pmae, 0)]
    public void A_negative_counter_that_is_not_enabled_alerts_nobody(ulong control, int counter)
    {
        using CpuRig rig = new("power9");
        Arm(rig, control);
        rig.Cpu.WriteSpr(Pmc1 + counter, 0xffff_fff0);
        Nops(rig, 3);
        Assert.Equal(CpuRig.CodeAt + 12ul, rig.Cpu.Pc);
    }

    [Theory]
    [InlineData(0ul, UserPmc1, false, 0ul)]
    [InlineData(0ul, UserPmc1, true, 0x700ul)]
    [InlineData(1ul, UserPmc1, false, 0xf60ul)]
    [InlineData(1ul, UserPmc1, true, 0xf60ul)]
    [InlineData(1ul, 780, false, 0xf60ul)]
    [InlineData(2ul, UserPmc1, true, 0ul)]
    [InlineData(2ul, UserPmc5, true, 0ul)]
    [InlineData(2ul, 780, true, 0x700ul)]
    [InlineData(3ul, UserPmc5, true, 0xf60ul)]
    [InlineData(3ul, UserPmc5, false, 0xf60ul)]
    [InlineData(3ul, UserPmc1, true, 0ul)]
    public void Pmcc_says_what_problem_state_may(ulong access, int spr, bool write, ulong vector)
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Mmcr0, FC | (access << 18));
        rig.Cpu.State->Msr |= Pr;
        rig.Load(a =>
        {
            if (write)
            {
                a.Mtspr(spr, 3);
            }
            else
            {
                a.Mfspr(4, spr);
            }
        });
        rig.Cpu.WriteGpr(3, 0x1234);
        rig.Run(1);
        Assert.Equal(vector == 0 ? CpuRig.CodeAt + 4ul : vector, rig.Cpu.Pc);
        Assert.Equal(vector == 0xf60 ? 3ul : 0, rig.Cpu.ReadSpr(Fscr) >> 56);
        Assert.Equal(vector == 0 && write ? 0x1234ul : 0, rig.Cpu.ReadSpr(spr + 16));
    }

    [Fact]
    public void Problem_state_reaches_some_bits_of_the_controls_only()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Mmcr0, FC | 0x4000_0000 | (2ul << 18) | PmcjCe);
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.WriteGpr(4, ulong.MaxValue);
        rig.Execute(static a =>
        {
            a.Mfspr(3, UserMmcr0);
            a.Mtspr(UserMmcr2, 4);
            a.Mtspr(UserMmcr0, 5);
        });
        Assert.Equal(FC, rig.Cpu.ReadGpr(3));
        Assert.Equal(0x4020_1008_0402_0000ul, rig.Cpu.ReadSpr(Mmcr2));
        Assert.Equal(0x4000_0000 | (2ul << 18) | PmcjCe, rig.Cpu.ReadSpr(Mmcr0));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_program_that_listens_branches_to_its_handler_and_comes_back(bool tailCalls)
    {
        const uint Handler = CpuRig.CodeAt + 0x100;
        using CpuRig rig = new("power8", tailCalls);
        rig.Cpu.WriteSpr(Fscr, 1 << 7);
        rig.Cpu.WriteSpr(Ebbhr, Handler);
        rig.Cpu.WriteSpr(Bescr, (1ul << 63) | (1ul << 32));
        rig.Cpu.WriteSpr(Pmc5, 0x8000_0000 - 3);
        rig.Cpu.State->Msr |= Pr | Ee;
        rig.Cpu.WriteSpr(Mmcr0, Pmae | Fcece | Ebe | PmcjCe | (2ul << 18));
        rig.Load(static a =>
        {
            a.Nop();
            a.Nop();
            a.Nop();
            a.Addi(3, 3, 1);
        });
        Assembler handler = new(Handler);
        handler.Mfspr(5, Ebbrr);
        handler.Rfebb(1);
        Assert.True(rig.Ram.TryWrite(new Core.Memory.PhysicalAddress(Handler), handler.ToArray()));
        rig.Run(4);
        Assert.Equal(Handler + 4ul, rig.Cpu.Pc);
        Assert.Equal(CpuRig.CodeAt + 12ul, rig.Cpu.ReadGpr(5));
        Assert.Equal((1ul << 32) | 1, rig.Cpu.ReadSpr(Bescr));
        rig.Cpu.WriteSpr(Bescr, 1ul << 32);
        rig.Run(2);
        Assert.Equal(CpuRig.CodeAt + 16ul, rig.Cpu.Pc);
        Assert.Equal(1ul, rig.Cpu.ReadGpr(3));
        Assert.Equal((1ul << 63) | (1ul << 32), rig.Cpu.ReadSpr(Bescr));
    }

    [Fact]
    public void Rfebb_needs_the_facility_in_problem_state()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.State->Msr |= Pr;
        rig.Load(static a => a.Rfebb(0));
        rig.Run(1);
        Assert.Equal((0xf60ul, 7ul), (rig.Cpu.Pc, rig.Cpu.ReadSpr(Fscr) >> 56));
    }

    [Fact]
    public void Looking_at_the_state_changes_nothing()
    {
        Assert.Equal(Hash(look: false), Hash(look: true));

        static string Hash(bool look)
        {
            using CpuRig rig = new("power9");
            Arm(rig, Pmae | PmcjCe);
            rig.Cpu.WriteSpr(Pmc5, 0x8000_0000 - 15);
            Nops(rig, 10);
            if (look)
            {
                HashVisitor first = new();
                first.Component("cpu", rig.Cpu);
            }

            rig.Cpu.Pc = CpuRig.CodeAt;
            rig.Run(6);
            HashVisitor hash = new();
            hash.Component("cpu", rig.Cpu);
            return hash.Result;
        }
    }

    private static void Arm(CpuRig rig, ulong control, bool ee = true)
    {
        rig.Cpu.Msr = rig.DefaultMsr | (ee ? Ee : 0);
        rig.Cpu.WriteSpr(Mmcr0, control);
    }

    private static void Nops(CpuRig rig, int count) => rig.Execute(a =>
    {
        for (int n = 0; n < count; n++)
        {
            a.Nop();
        }
    });
}
