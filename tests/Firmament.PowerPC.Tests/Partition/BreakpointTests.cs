using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Partition;

/// <summary>DAWR0 and CIABR on POWER8 and POWER9. Power ISA 2.07B Book III-S 10.2, 10.4, 6.5.3, 6.5.15.</summary>
public sealed unsafe class BreakpointTests
{
    private const ulong Pr = 0x4000;
    private const int Dsisr = 18;
    private const int Dar = 19;
    private const int Srr0 = 26;
    private const int Srr1 = 27;
    private const int Dawr0 = 180;
    private const int Ciabr = 187;
    private const int Dawrx0 = 188;
    private const uint Watched = CpuRig.DataAt + 0x100;

    // DAWRX0: problem state 1, privileged 2, ignore translation 8, translated 0x10, reads 0x20, writes 0x40, more doublewords from 0x400.
    private const ulong Privileged = 2;
    private const ulong AnyTranslation = 8;
    private const ulong Reads = 0x20;
    private const ulong Writes = 0x40;
    private const ulong All = Privileged | AnyTranslation | Reads | Writes;

    private static readonly Dictionary<string, (Action<Assembler> Code, uint Address, ulong Control, uint At, uint Cause)> Matches = new()
    {
        ["stw"] = (static a => a.Stw(5, 0, 4), Watched + 4, All, Watched + 4, 0x0240_0000),
        ["ld"] = (static a => a.Ld(5, 0, 4), Watched, All, Watched, 0x0040_0000),
        ["lbz of the last byte"] = (static a => a.Lbz(5, 0, 4), Watched + 7, All, Watched + 7, 0x0040_0000),
        ["ld that begins before"] = (static a => a.Ld(5, 0, 4), Watched - 7, All, Watched, 0x0040_0000),
        ["lvx"] = (static a => a.Lvx(5, 0, 4), Watched + 8, Privileged | AnyTranslation | Reads, Watched, 0x0040_0000),
        ["stxvd2x"] = (static a => a.Stxvd2x(5, 0, 4), Watched - 8, All, Watched, 0x0240_0000),
        ["stfdu"] = (static a => a.Stfdu(1, 8, 4), Watched - 8, All, Watched, 0x0240_0000),
        ["ldarx"] = (static a => a.Ldarx(5, 0, 4), Watched, All, Watched, 0x0040_0000),
        ["stdcx"] = (static a => a.Stdcx_(5, 0, 4), Watched, All, Watched, 0x0240_0000),
        ["dcbz"] = (static a => a.Dcbz(0, 4), Watched + 0x7f, All, Watched, 0x0240_0000),
        ["std in the range"] = (static a => a.Std(5, 0, 4), Watched + 0x1f8, All | (63 << 10), Watched + 0x1f8, 0x0240_0000),
        ["lwz before"] = (static a => a.Lwz(5, 0, 4), Watched - 4, All, 0, 0),
        ["lwz behind"] = (static a => a.Lwz(5, 0, 4), Watched + 8, All, 0, 0),
        ["lwz when writes are watched"] = (static a => a.Lwz(5, 0, 4), Watched, Privileged | AnyTranslation | Writes, 0, 0),
        ["stw when reads are watched"] = (static a => a.Stw(5, 0, 4), Watched, Privileged | AnyTranslation | Reads, 0, 0),
        ["stw when problem state is watched"] = (static a => a.Stw(5, 0, 4), Watched, 1 | AnyTranslation | Reads | Writes, 0, 0),
        ["stw when translated accesses are watched"] = (static a => a.Stw(5, 0, 4), Watched, Privileged | 0x10 | Reads | Writes, 0, 0),
        ["stw when real accesses are watched"] = (static a => a.Stw(5, 0, 4), Watched, Privileged | Reads | Writes, Watched, 0x0240_0000),
        ["dcbst"] = (static a => a.Dcbst(0, 4), Watched, All, 0, 0),
    };

    public static TheoryData<string, EngineMode> Rows()
    {
        TheoryData<string, EngineMode> rows = [];
        foreach (string name in Matches.Keys)
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
    public void An_access_to_a_watched_byte_interrupts_before_it_is_made(string name, EngineMode engine)
    {
        (Action<Assembler> code, uint address, ulong control, uint at, uint cause) = Matches[name];
        using CpuRig rig = new("power8", engine);
        rig.Write(Watched, 0x1234_5678);
        rig.Load(a =>
        {
            // The page is in the TLB, for reads and writes, when the watchpoint is set.
            a.Stw(5, 0, 3);
            code(a);
        });
        rig.Cpu.WriteGpr(3, CpuRig.DataAt);
        rig.Run(1);
        rig.Cpu.WriteGpr(4, address);
        rig.Cpu.WriteSpr(Dawr0, Watched);
        rig.Cpu.WriteSpr(Dawrx0, control);
        rig.Run(1);
        if (at == 0)
        {
            Assert.Equal(CpuRig.CodeAt + 8ul, rig.Cpu.Pc);
            return;
        }

        Assert.Equal(0x300ul, rig.Cpu.Pc);
        Assert.Equal(CpuRig.CodeAt + 4ul, rig.Cpu.ReadSpr(Srr0));
        Assert.Equal((at, cause), ((uint)rig.Cpu.ReadSpr(Dar), (uint)rig.Cpu.ReadSpr(Dsisr)));
        Assert.Equal(0x1234_5678u, rig.Read(Watched));
        Assert.Equal(address, rig.Cpu.ReadGpr(4));
    }

    [Fact]
    public void An_access_across_pages_is_compared_as_a_whole()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Dawr0, CpuRig.DataAt + 0x1000);
        rig.Cpu.WriteSpr(Dawrx0, All);
        rig.Load(static a => a.Std(5, 0, 4));
        rig.Cpu.WriteGpr(4, CpuRig.DataAt + 0xffc);
        rig.Cpu.WriteGpr(5, ulong.MaxValue);
        rig.Run(1);
        Assert.Equal(CpuRig.DataAt + 0x1000ul, rig.Cpu.ReadSpr(Dar));
        Assert.Equal(0u, rig.Read(CpuRig.DataAt + 0xffc));
    }

    [Fact]
    public void A_watchpoint_that_is_taken_away_watches_nothing()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteSpr(Dawr0, Watched);
        rig.Cpu.WriteSpr(Dawrx0, All);
        rig.Cpu.WriteSpr(Dawrx0, 0);
        rig.Cpu.WriteGpr(4, Watched);
        rig.Execute(static a => a.Stw(4, 0, 4));
        Assert.Equal(Watched, rig.Read(Watched));
    }

    [Fact]
    public void A_guest_cannot_set_breakpoints_by_itself()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.WriteGpr(3, ulong.MaxValue);
        rig.Execute(static a =>
        {
            a.Mtspr(Dawr0, 3);
            a.Mtspr(Dawrx0, 3);
            a.Mtspr(Ciabr, 3);
        });
        Assert.Equal((0ul, 0ul, 0ul), (rig.Cpu.ReadSpr(Dawr0), rig.Cpu.ReadSpr(Dawrx0), rig.Cpu.ReadSpr(Ciabr)));
    }

    [Theory]
    [InlineData(EngineMode.TailCalls)]
    [InlineData(EngineMode.Loop)]
    [InlineData(EngineMode.Translated)]
    public void Ciabr_traces_the_instruction_that_completed(EngineMode engine)
    {
        using CpuRig rig = new("power9", engine);
        rig.Load(static a =>
        {
            a.Nop();
            a.Addi(5, 5, 1);
            a.Nop();
        });
        rig.Cpu.WriteSpr(Ciabr, CpuRig.CodeAt + 4 | 2);
        rig.Run(2);
        Assert.Equal(0xd00ul, rig.Cpu.Pc);
        Assert.Equal(1ul, rig.Cpu.ReadGpr(5));
        Assert.Equal(CpuRig.CodeAt + 8ul, rig.Cpu.ReadSpr(Srr0));
        Assert.Equal(0x4010_0000ul, rig.Cpu.ReadSpr(Srr1) & 0x783f_0000);
    }

    [Theory]
    [InlineData(EngineMode.TailCalls)]
    [InlineData(EngineMode.Loop)]
    [InlineData(EngineMode.Translated)]
    public void Ciabr_is_met_in_a_page_that_branches_reached_without_it(EngineMode engine)
    {
        const uint Far = CpuRig.CodeAt + 0x2000;
        using CpuRig rig = new("power9", engine);
        rig.Load(static a =>
        {
            a.Mtctr(3);
            a.Addi(5, 5, 1);
            a.Bcctr(20, 0);
        });
        Assembler there = new(Far);
        there.Nop();
        there.Addi(6, 6, 1);
        there.B(there.LabelAt(CpuRig.CodeAt + 4));
        Assert.True(rig.Ram.TryWrite(new Core.Memory.PhysicalAddress(Far), there.ToArray()));
        rig.Cpu.WriteGpr(3, Far);
        rig.Run(1 + (5 * 10));
        Assert.Equal(10ul, rig.Cpu.ReadGpr(6));
        rig.Cpu.WriteSpr(Ciabr, Far + 4 | 2);
        rig.Run(4);
        Assert.Equal(0xd00ul, rig.Cpu.Pc);
        Assert.Equal(Far + 8ul, rig.Cpu.ReadSpr(Srr0));
        Assert.Equal((11ul, 11ul), (rig.Cpu.ReadGpr(5), rig.Cpu.ReadGpr(6)));
        rig.Cpu.WriteSpr(Ciabr, 0);
        rig.Cpu.Pc = Far + 8;
        rig.Run(10);
        Assert.Equal((13ul, 13ul), (rig.Cpu.ReadGpr(5), rig.Cpu.ReadGpr(6)));
    }

    [Theory]
    [InlineData(Pr, 2ul)]
    [InlineData(0ul, 1ul)]
    [InlineData(0ul, 0ul)]
    [InlineData(0ul, 3ul)]
    public void Ciabr_matches_in_the_state_it_names_only(ulong msr, ulong privilege)
    {
        using CpuRig rig = new("power9");
        rig.Load(static a =>
        {
            a.Nop();
            a.Nop();
        });
        rig.Cpu.State->Msr |= msr;
        rig.Cpu.WriteSpr(Ciabr, CpuRig.CodeAt | privilege);
        rig.Run(2);
        Assert.Equal(CpuRig.CodeAt + 8ul, rig.Cpu.Pc);
    }

    [Fact]
    public void An_instruction_that_interrupts_has_not_completed()
    {
        using CpuRig rig = new("power9");
        rig.Load(static a => a.Emit(0));
        rig.Cpu.WriteSpr(Ciabr, CpuRig.CodeAt | 2);
        rig.Run(1);
        Assert.Equal(0x700ul, rig.Cpu.Pc);
    }
}
