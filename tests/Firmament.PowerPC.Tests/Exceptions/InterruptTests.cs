using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Exceptions;

/// <summary>Each vector: what is saved, what the new MSR is, what DAR and DSISR say. PEM chapter 6, MPC7450 RM chapter 4.</summary>
public sealed unsafe class InterruptTests
{
    private const uint Me = 0x1000;
    private const uint User = 0x4000;
    private const uint Facilities = 0x0200_2000;
    private const uint Unmapped = 0x7000_0000;

    private sealed record Case(uint Msr, Action<Assembler> Code, uint Vector, uint Reason, uint? Dar = null, uint? Dsisr = null, uint After = 0, Action<CpuRig>? Setup = null);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["illegal word"] = new(Me, static a => a.Emit(0), 0x700, 0x8_0000),
        ["privileged mfmsr"] = new(Me | User, static a => a.Mfmsr(3), 0x700, 0x4_0000),
        ["privileged mfspr of PVR"] = new(Me | User, static a => a.Mfspr(3, 287), 0x700, 0x4_0000),
        ["privileged mtsprg0"] = new(Me | User, static a => a.Mtsprg0(3), 0x700, 0x4_0000),
        ["absent supervisor SPR in user mode"] = new(Me | User, static a => a.Mfspr(3, 1001), 0x700, 0x8_0000),
        ["absent SPR"] = new(Me, static a => a.Mfspr(3, 5), 0x700, 0x8_0000),
        ["trap"] = new(Me, static a => a.Tw(31, 3, 3), 0x700, 0x2_0000),
        ["floating point off"] = new(Me, static a => a.Fadd(1, 2, 3), 0x800, 0),
        ["floating point load off"] = new(Me, static a => a.Lfd(1, 0, 3), 0x800, 0),
        ["vectors off"] = new(Me, static a => a.Vaddubm(1, 2, 3), 0xf20, 0),
        ["vector load off"] = new(Me, static a => a.Lvx(1, 0, 3), 0xf20, 0),
        ["system call"] = new(Me | User, static a => a.Sc(0), 0xc00, 0, After: 4),
        ["system call at level 1 from user mode"] = new(Me | User, static a => a.Sc(1), 0xc00, 0, After: 4),
        ["lwarx unaligned"] = new(Me, static a => a.Lwarx(5, 0, 4), 0x600, 0, CpuRig.DataAt + 1, 0x0a0, Setup: static r => r[4]++),
        ["lmw unaligned"] = new(Me, static a => a.Lmw(30, 1, 4), 0x600, 0, CpuRig.DataAt + 1, 0x1fc4),
        ["stfd unaligned"] = new(Me | Facilities, static a => a.Stfd(1, 2, 4), 0x600, 0, CpuRig.DataAt + 2, 0x2c24),
        ["stfdx unaligned"] = new(Me | Facilities, static a => a.Stfdx(1, 4, 5), 0x600, 0, CpuRig.DataAt + 2, 0x1_ac24, Setup: static r => r[5] = 2),
        ["load of an unmapped page"] = new(Me | 0x10, static a => a.Lwz(5, 4, 4), 0x300, 0, CpuRig.DataAt + 4, 0x4000_0000),
        ["store to an unmapped page"] = new(Me | 0x10, static a => a.Stw(5, 4, 4), 0x300, 0, CpuRig.DataAt + 4, 0x4200_0000),
        ["dcbz of an unmapped page"] = new(Me | 0x10, static a => a.Dcbz(0, 4), 0x300, 0, CpuRig.DataAt, 0x4200_0000),
        ["dcbst of an unmapped page"] = new(Me | 0x10, static a => a.Dcbst(0, 4), 0x300, 0, CpuRig.DataAt, 0x4000_0000),
        ["fetch from an unmapped page"] = new(Me | 0x20, static a => a.Nop(), 0x400, 0x4000_0000),
        ["fetch from a direct-store segment"] = new(Me | 0x20, static a => a.Nop(), 0x400, 0x1000_0000, Setup: static r => r.Cpu.State->Sr[0] = 0x8000_0000),
        ["fetch from a no-execute segment"] = new(Me | 0x20, static a => a.Nop(), 0x400, 0x1000_0000, Setup: static r => r.Cpu.State->Sr[0] = 0x1000_0000),
        ["load from a direct-store segment"] = new(Me | 0x10, static a => a.Lwz(5, 0, 4), 0x300, 0, CpuRig.DataAt, 0x0400_0000, Setup: static r => r.Cpu.State->Sr[0] = 0x8000_0000),
        ["eciwx without EAR[E]"] = new(Me, static a => a.Eciwx(5, 0, 4), 0x300, 0, CpuRig.DataAt, 0x0010_0000),
        ["data breakpoint"] = new(Me, static a => a.Stb(5, 3, 4), 0x300, 0, CpuRig.DataAt + 3, 0x0240_0000, Setup: static r => r.Cpu.State->Spr[1013] = CpuRig.DataAt | 2),
        ["instruction breakpoint"] = new(Me, static a => a.Nop(), 0x1300, 0, Setup: static r => r.Cpu.State->Spr[1010] = CpuRig.CodeAt | 2),
        ["trace"] = new(Me | 0x400, static a => a.Nop(), 0xd00, 0, After: 4),
        ["branch trace"] = new(Me | 0x200, static a => a.Bc(4, 2, a.LabelAt(CpuRig.CodeAt + 0x100)), 0xd00, 0, After: 0x100),
        ["machine check"] = new(Me, static a => a.Lwz(5, 0, 4), 0x200, 0x4_0000, Setup: static r => r[4] = Unmapped),
        ["enabled floating-point exception"] = new(Me | Facilities | 0x900, static a => a.Fdiv(1, 2, 3), 0x700, 0x10_0000, Setup: static r => r.Cpu.State->Fpscr = 0x80),
    };

    public static TheoryData<string, EngineMode> Rows()
    {
        TheoryData<string, EngineMode> rows = [];
        foreach (string name in Cases.Keys)
        {
            foreach (EngineMode engine in Enum.GetValues<EngineMode>())
            {
                rows.Add(name, engine);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_interrupt_saves_what_the_manual_says(string name, EngineMode engine)
    {
        Case row = Cases[name];
        using CpuRig rig = new(engine: engine);
        rig[4] = CpuRig.DataAt;
        rig.Cpu.State->Spr[SprNumber.Dar] = 0x1111_1111;
        rig.Cpu.State->Spr[SprNumber.Dsisr] = 0x2222_2222;
        rig.Cpu.Msr = row.Msr;
        row.Setup?.Invoke(rig);
        rig.Load(row.Code);
        rig.Run(1);
        Assert.Equal(row.Vector, rig.Pc);
        Assert.Equal(CpuRig.CodeAt + row.After, rig.Spr(SprNumber.Srr0));
        Assert.Equal((row.Msr & 0x87c0_ffff) | row.Reason, rig.Spr(SprNumber.Srr1));
        Assert.Equal(row.Vector == 0x200 ? 0 : Me, (uint)rig.Cpu.Msr);
        Assert.Equal(row.Dar ?? 0x1111_1111, rig.Spr(SprNumber.Dar));
        Assert.Equal(row.Dsisr ?? 0x2222_2222, rig.Spr(SprNumber.Dsisr));
    }

    [Fact]
    public void Interrupts_go_to_the_high_vectors_and_to_little_endian_mode_when_MSR_says_so()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0x1_1040; // ILE, ME, IP
        rig.Load(static a => a.Sc(0));
        rig.Run(1);
        Assert.Equal(0xfff0_0c00u, rig.Pc);
        Assert.Equal(0x1_1041u, (uint)rig.Cpu.Msr);
    }

    [Fact]
    public void Rfi_brings_back_what_was_saved_and_leaves_ILE()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0x1_1000;
        rig.Cpu.State->Spr[SprNumber.Srr0] = 0x2003;
        rig.Cpu.State->Spr[SprNumber.Srr1] = 0x7004_f032;
        rig.Load(static a => a.Rfi());
        rig.Run(1);
        Assert.Equal(0x2000u, rig.Pc);
        Assert.Equal(0x1_f032u & 0x1_ff77, (uint)rig.Cpu.Msr);
    }

    [Fact]
    public void Branch_trace_passes_over_what_is_no_branch()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0x200;
        rig.Load(static a =>
        {
            a.Nop();
            a.Isync();
            a.Mtspr(1008, 3);
            a.Nop();
        });
        rig.Run(4);
        Assert.Equal(CpuRig.CodeAt + 16, rig.Pc);
    }

    [Fact]
    public void A_machine_check_with_ME_clear_stops_the_CPU_for_good()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0;
        rig[4] = Unmapped;
        rig.Load(static a => a.Lwz(5, 0, 4));
        rig.Cpu.Run(10);
        Assert.True(rig.Cpu.IsCheckstopped);
        Assert.Equal(0, rig.Cpu.Run(10));
    }

    [Fact]
    public void Enabling_an_exception_that_already_stands_interrupts_after_mtmsr()
    {
        using CpuRig rig = new();
        rig.Cpu.State->Fpscr = 0x6400_0080 | 0x0400_0000; // FEX, VX, ZX with VE
        rig[3] = 0x2900;
        rig.Load(static a =>
        {
            a.Mtmsr(3);
            a.Nop();
        });
        rig.Cpu.Run(1);
        rig.Cpu.Run(0);
        Assert.Equal(0x700u, rig.Pc);
        Assert.Equal(CpuRig.CodeAt + 4, rig.Spr(SprNumber.Srr0));
        Assert.Equal(0x11_2900u, rig.Spr(SprNumber.Srr1));
    }

    private sealed class Interceptor(Func<IProcessor, int, bool> serve) : ISystemCallInterceptor
    {
        public bool TryIntercept(IProcessor cpu, int level) => serve(cpu, level);
    }

    [Fact]
    public void An_intercepted_call_goes_on_where_the_firmware_says()
    {
        using CpuRig rig = new();
        rig.Cpu.Interceptor = new Interceptor(static (cpu, level) =>
        {
            Assert.Equal(CpuRig.CodeAt + 4, cpu.Pc);
            Assert.Equal(1, level);
            cpu.WriteGpr(3, 77);
            cpu.Pc = CpuRig.CodeAt + 12;
            cpu.Msr = 0x1000;
            return true;
        });
        rig.Load(static a =>
        {
            a.Sc(1);
            a.Li(3, 1);
            a.Li(3, 2);
            a.Addi(3, 3, 1);
        });
        rig.Run(2);
        Assert.Equal(78u, rig[3]);
        Assert.Equal(0x1000u, (uint)rig.Cpu.Msr);
        Assert.Equal(CpuRig.CodeAt + 16, rig.Pc);
    }

    [Theory]
    [MemberData(nameof(CpuRig.Engines), MemberType = typeof(CpuRig))]
    public void Reset_inside_an_intercepted_call_goes_on_at_the_reset_vector_and_counts_exactly(EngineMode engine)
    {
        using CpuRig rig = new(engine: engine);
        rig.Cpu.Interceptor = new Interceptor((_, _) =>
        {
            rig.Cpu.Reset();
            rig.Cpu.RequestStop();
            return true;
        });
        rig.Load(static a =>
        {
            a.Nop();
            a.Sc(0);
            a.Nop();
        });
        Assert.Equal(2, rig.Cpu.Run(100));
        Assert.Equal(0xfff0_0100u, rig.Pc);
        Assert.Equal(0x40u, (uint)rig.Cpu.Msr);
    }
}
