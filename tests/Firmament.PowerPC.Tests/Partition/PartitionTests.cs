using Firmament.Core.Memory;
using Firmament.Core.Time;
using Firmament.Core.Tracing;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Partition;

/// <summary>Book III-S as a partition sees it: modes, interrupts, registers, hypercalls, several CPUs.</summary>
public sealed unsafe class PartitionTests
{
    private const ulong Sf = 0x8000_0000_0000_0000;
    private const ulong Ee = 0x8000;
    private const ulong Pr = 0x4000;
    private const ulong Relocation = 0x30;
    private const int Srr0 = 26;
    private const int Srr1 = 27;
    private const int Fscr = 153;

    [Theory]
    [InlineData(EngineMode.TailCalls)]
    [InlineData(EngineMode.Loop)]
    [InlineData(EngineMode.Translated)]
    public void Little_endian_code_and_data_are_byte_reversed(EngineMode engine)
    {
        using CpuRig rig = new("power9", engine);
        Assembler a = new(CpuRig.CodeAt);
        a.Lwz(4, 0, 3);
        a.Ld(5, 0, 3);
        a.Lhz(6, 1, 3);
        a.Std(5, 8, 3);
        byte[] code = a.ToArray();
        for (int n = 0; n < code.Length; n += 4)
        {
            Array.Reverse(code, n, 4);
        }

        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), code);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), [1, 2, 3, 4, 5, 6, 7, 8]);
        rig.Cpu.Msr = Sf | 1;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.WriteGpr(3, CpuRig.DataAt);
        rig.Run(4);
        Assert.Equal(0x0403_0201ul, rig.Cpu.ReadGpr(4));
        Assert.Equal(0x0807_0605_0403_0201ul, rig.Cpu.ReadGpr(5));
        Assert.Equal(0x0302ul, rig.Cpu.ReadGpr(6));
        Assert.Equal(0x0102_0304u, rig.Read(CpuRig.DataAt + 8));
    }

    [Fact]
    public void Without_sf_addresses_compares_and_the_link_register_are_32_bits_wide()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.Msr = 0;
        rig.Load(a =>
        {
            a.Lwz(4, 0, 3);
            a.Add(5, 6, 6, rc: true);
            a.Mflr(7);
        });
        rig.Write(CpuRig.DataAt, 0x1234_5678);
        rig.Cpu.WriteGpr(3, 0xffff_ffff_0000_0000 | CpuRig.DataAt);
        rig.Cpu.WriteGpr(6, 0x4000_0000);
        rig.Run(3);
        Assert.Equal(0x1234_5678ul, rig.Cpu.ReadGpr(4));
        Assert.Equal(8u, rig.Cpu.State->GetCr() >> 28);
    }

    [Fact]
    public void A_page_crossing_access_in_little_endian_mode_is_one_number()
    {
        using CpuRig rig = new("power9");
        rig.Ram.TryWrite(new PhysicalAddress(0x2_0ffc), [1, 2, 3, 4, 5, 6, 7, 8]);
        Assembler a = new(CpuRig.CodeAt);
        a.Ld(5, 0, 3);
        byte[] code = a.ToArray();
        Array.Reverse(code);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), code);
        rig.Cpu.Msr = Sf | 1;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.WriteGpr(3, 0x2_0ffc);
        rig.Run(1);
        Assert.Equal(0x0807_0605_0403_0201ul, rig.Cpu.ReadGpr(5));
    }

    [Theory]
    [InlineData(0ul, 0ul, 0xc00ul, Sf)]
    [InlineData(0x0200_0000ul, 0ul, 0xc00ul, Sf | 1)]
    [InlineData(0x0180_0000ul, Relocation, 0xc000_0000_0000_4c00ul, Sf | Relocation)]
    [InlineData(0x0100_0000ul, Relocation, 0x1_8c00ul, Sf | Relocation)]
    [InlineData(0x0180_0000ul, 0ul, 0xc00ul, Sf)]
    public void A_system_call_goes_where_lpcr_says(ulong lpcr, ulong relocation, ulong pc, ulong msr)
    {
        using CpuRig rig = new("power9");
        rig.Cpu.Lpcr = lpcr;
        rig.Load(a => a.Sc(0));
        rig.Cpu.Msr = Sf;
        rig.Run(0);
        rig.Cpu.Pc = CpuRig.CodeAt;
        if (relocation != 0)
        {
            rig.Cpu.State->Msr |= relocation;
            rig.Cpu.Family.Take(0xc00, 0x1234, 0);
        }
        else
        {
            rig.Run(1);
            Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.ReadSpr(Srr0));
        }

        Assert.Equal(pc, rig.Cpu.Pc);
        Assert.Equal(msr, rig.Cpu.Msr);
    }

    [Fact]
    public void Rfid_returns_to_problem_state_with_interrupts_and_relocation_on()
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Rfid());
        rig.Cpu.WriteSpr(Srr0, 0x4000);
        rig.Cpu.WriteSpr(Srr1, Sf | Pr);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x4000ul, rig.Cpu.Pc);
        Assert.Equal(Sf | Pr | Ee | Relocation, rig.Cpu.Msr);
    }

    [Fact]
    public void Mtmsrd_with_l_changes_ee_and_ri_only()
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Mtmsrd(3, 1));
        rig.Cpu.WriteGpr(3, ulong.MaxValue);
        rig.Cpu.Msr = Sf;
        rig.Run(1);
        Assert.Equal(Sf | Ee | 2, rig.Cpu.Msr);
    }

    [Fact]
    public void A_hypercall_reaches_the_interceptor_from_both_states()
    {
        using CpuRig rig = new("power9");
        Counter counter = new();
        rig.Cpu.Interceptor = counter;
        rig.Load(a => a.Sc(1));
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.Pc);
        Assert.Equal(1, counter.Calls);
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(2, counter.Calls);
        rig.Cpu.Interceptor = null;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x700ul, rig.Cpu.Pc);
        Assert.Equal(0x0004_0000ul, rig.Cpu.ReadSpr(Srr1) & 0x000f_0000);
    }

    [Fact]
    public void The_decrementer_interrupts_while_it_is_negative()
    {
        using CpuRig rig = new("power9");
        rig.Load(a =>
        {
            a.Nop();
            a.Nop();
        });
        rig.Write(0x900, 0x6000_0000);
        rig.Cpu.WriteSpr(22, 0xffff_ffff);
        rig.Cpu.Msr = Sf | Ee;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.Run(1);
        Assert.Equal(CpuRig.CodeAt + 0ul, rig.Cpu.ReadSpr(Srr0));
        Assert.Equal(0x900ul, rig.Cpu.Pc & ~0xfful);
        rig.Cpu.WriteSpr(22, 0x7fff_ffff);
        rig.Cpu.Msr = Sf | Ee;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.Run(1);
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.Pc);
    }

    [Fact]
    public void The_large_decrementer_has_56_bits()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.Lpcr = 0x0002_0000;
        rig.Cpu.WriteSpr(22, 0x0080_0000_0000_0000);
        Assert.Equal(0xff80_0000_0000_0000ul, rig.Cpu.ReadSpr(22));
    }

    [Fact]
    public void A_facility_that_fscr_forbids_is_a_facility_unavailable_interrupt()
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Mfspr(3, 815));
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0xf60ul, rig.Cpu.Pc);
        Assert.Equal(8ul, rig.Cpu.ReadSpr(Fscr) >> 56);
        rig.Cpu.WriteSpr(Fscr, 0x100);
        rig.Cpu.Msr = Sf;
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.Pc);
    }

    [Theory]
    [InlineData(0x7c00_051du)] // tbegin.
    public void Transactional_memory_is_not_available(uint word)
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Emit(word));
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0xf60ul, rig.Cpu.Pc);
        Assert.Equal(5ul, rig.Cpu.ReadSpr(Fscr) >> 56);
    }

    [Theory]
    [InlineData(0x4c00_0064u, 0x0008_0000ul)] // rfi: not of this architecture
    [InlineData(0x4c00_0224u, 0x0004_0000ul)] // hrfid: the hypervisor's
    [InlineData(0x7c60_01a4u, 0x0008_0000ul)] // mtsr
    [InlineData(0x7c00_0264u, 0x0004_0000ul)] // tlbie without LPCR[GTSE]
    public void What_a_partition_may_not_do_is_a_program_interrupt(uint word, ulong reason)
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Emit(word));
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x700ul, rig.Cpu.Pc);
        Assert.Equal(reason, rig.Cpu.ReadSpr(Srr1) & 0x000f_0000);
    }

    [Fact]
    public void A_hypervisor_register_is_left_alone_in_supervisor_state_and_refused_in_problem_state()
    {
        using CpuRig rig = new("power9");
        rig.Load(a => a.Mfspr(3, 318));
        rig.Cpu.WriteGpr(3, 0x55);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x55ul, rig.Cpu.ReadGpr(3));
        rig.Cpu.State->Msr |= Pr;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x700ul, rig.Cpu.Pc);
    }

    [Fact]
    public void Hash_translation_without_a_segment_is_a_data_segment_interrupt()
    {
        using CpuRig rig = new("power8");
        rig.Load(a => a.Ld(4, 0, 3));
        rig.Cpu.WriteGpr(3, 0xc000_0000_0001_0000);
        rig.Cpu.Msr = Sf | 0x10;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        Assert.Equal(0x380ul, rig.Cpu.Pc);
        Assert.Equal(0xc000_0000_0001_0000ul, rig.Cpu.ReadSpr(19));
    }

    [Fact]
    public void Cede_waits_for_an_interrupt_or_a_prod()
    {
        using CpuRig rig = new("power9");
        rig.Load(static a => a.Nop());
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.WriteSpr(22, 0x7fff_ffff);
        rig.Cpu.Cede();
        Assert.True(rig.Cpu.IsCeded);
        Assert.Equal(0, rig.Cpu.Run(10));
        rig.Cpu.Prod();
        Assert.False(rig.Cpu.IsCeded);
        Assert.Equal(1, rig.Cpu.Run(1));
        rig.Cpu.Prod();
        rig.Cpu.Cede();
        Assert.False(rig.Cpu.IsCeded);
        rig.Cpu.Cede();
        rig.Write(0x500, 0x6000_0000);
        rig.Cpu.SetExternalInterrupt(true);
        rig.Cpu.Run(1);
        Assert.Equal(0x500ul, rig.Cpu.Pc & ~0xfful);
    }

    [Fact]
    public void A_stopped_cpu_runs_nothing_until_it_is_started()
    {
        using CpuRig rig = new("power9");
        rig.Load(static a => a.Nop());
        rig.Cpu.Stop();
        rig.Cpu.SetExternalInterrupt(true);
        Assert.Equal(0, rig.Cpu.Run(10));
        Assert.True(rig.Cpu.IsStopped);
        rig.Cpu.Start(CpuRig.CodeAt, 7);
        Assert.Equal(1, rig.Cpu.Run(1));
        Assert.Equal(7ul, rig.Cpu.ReadGpr(3));
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.Pc);
    }

    [Fact]
    public void A_reservation_does_not_survive_another_cpus_turn()
    {
        using CpuRig rig = new("power9");
        using Cpu second = new(CpuModel.Find("power9")!, rig.Map, rig.Clock, new Tracer(), 512_000_000, true, rig.Cpu, 1);
        rig.Load(a =>
        {
            a.Ldarx(4, 0, 3);
            a.Stdcx_(4, 0, 3);
        });
        rig.Cpu.WriteGpr(3, CpuRig.DataAt);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        second.Msr = Sf;
        second.Pc = CpuRig.CodeAt;
        second.WriteGpr(3, CpuRig.DataAt);
        Assert.Equal(2, second.Run(2));
        Assert.Equal(2u, second.State->GetCr() >> 28);
        rig.Run(1);
        Assert.Equal(0u, rig.Cpu.State->GetCr() >> 28);
    }

    [Fact]
    public void Code_that_one_cpu_overwrites_is_decoded_anew_by_all()
    {
        using CpuRig rig = new("power9");
        using Cpu second = new(CpuModel.Find("power9")!, rig.Map, rig.Clock, new Tracer(), 512_000_000, true, rig.Cpu, 1);
        Assembler a = new(0x4000);
        a.Li(5, 1);
        rig.Ram.TryWrite(new PhysicalAddress(0x4000), a.ToArray());
        second.Msr = Sf;
        second.Pc = 0x4000;
        Assert.Equal(1, second.Run(1));
        Assert.Equal(1ul, second.ReadGpr(5));
        rig.Load(b => b.Stw(6, 0, 3));
        rig.Cpu.WriteGpr(3, 0x4000);
        rig.Cpu.WriteGpr(6, 0x38a0_0002);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Run(1);
        second.Pc = 0x4000;
        Assert.Equal(1, second.Run(1));
        Assert.Equal(2ul, second.ReadGpr(5));
    }

    private sealed class Counter : ISystemCallInterceptor
    {
        public int Calls { get; private set; }

        public bool TryIntercept(IProcessor cpu, int level)
        {
            Calls++;
            return level == 1;
        }
    }
}
