using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>MSR[LE]: addresses are XORed, bytes are not exchanged (PEM 3.1.4, AltiVec PEM 3.1).</summary>
public sealed unsafe class LittleEndianTests
{
    private const uint Mode = 0x0200_3001; // VEC, FP, ME, LE

    /// <summary>Puts the words of each doubleword where a little-endian fetch looks for them.</summary>
    private static void LoadSwapped(CpuRig rig, Action<Assembler> program)
    {
        Assembler a = new(CpuRig.CodeAt);
        program(a);
        a.Align(8);
        byte[] code = a.ToArray();
        for (int at = 0; at < code.Length; at += 4)
        {
            rig.Write(CpuRig.CodeAt + (uint)(at ^ 4), System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(code.AsSpan(at)));
        }
    }

    [Fact]
    public void Loads_and_stores_of_each_size_go_to_their_exchanged_address()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = Mode;
        rig[4] = CpuRig.DataAt;
        rig.Write(CpuRig.DataAt, 0x0011_2233);
        rig.Write(CpuRig.DataAt + 4, 0x4455_6677);
        LoadSwapped(rig, static a =>
        {
            a.Lbz(5, 0, 4);
            a.Lhz(6, 2, 4);
            a.Lwz(7, 0, 4);
            a.Lwarx(8, 0, 4);
            a.Stwcx_(7, 0, 4);
            a.Stb(5, 9, 4);
        });
        rig.Run(6);
        Assert.Equal((0x77u, 0x4455u, 0x4455_6677u, 0x4455_6677u), (rig[5], rig[6], rig[7], rig[8]));
        Assert.Equal(0x0011_2233u, rig.Read(CpuRig.DataAt));
        Assert.Equal(0x77u << 8, rig.Read(CpuRig.DataAt + 12));
        Assert.Equal(CpuRig.CodeAt + 24, rig.Pc);
    }

    [Fact]
    public void A_switch_of_mode_decodes_the_page_anew()
    {
        using CpuRig rig = new();
        rig[3] = 0x1000_0001 & 0x3001u;
        rig.Load(static a =>
        {
            a.Addi(5, 0, 1);
            a.Addi(5, 0, 2);
        });
        rig.Run(1);
        Assert.Equal(1u, rig[5]);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.Msr = Mode;
        rig.Run(1);
        Assert.Equal(2u, rig[5]);
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.Msr = 0;
        rig.Run(1);
        Assert.Equal(1u, rig[5]);
    }

    [Fact]
    public void What_needs_alignment_or_several_words_interrupts()
    {
        foreach (Action<Assembler> code in (Action<Assembler>[])[
            static a => a.Lwz(5, 2, 4), static a => a.Lhz(5, 1, 4), static a => a.Lfd(1, 4, 4), static a => a.Lmw(30, 0, 4), static a => a.Stmw(30, 0, 4),
            static a => a.Lswi(5, 4, 8), static a => a.Lswx(5, 0, 4), static a => a.Stswi(5, 4, 8), static a => a.Stswx(5, 0, 4)])
        {
            using CpuRig rig = new();
            rig.Cpu.Msr = Mode;
            rig[4] = CpuRig.DataAt;
            LoadSwapped(rig, code);
            rig.Run(1);
            Assert.Equal(0x600u, rig.Pc);
        }
    }

    [Fact]
    public void A_vector_changes_its_doublewords_and_its_elements_their_end()
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = Mode;
        rig[4] = CpuRig.DataAt;
        rig[5] = 4;
        for (uint n = 0; n < 4; n++)
        {
            rig.Write(CpuRig.DataAt + (4 * n), 0x1111_1111 * (n + 1));
        }

        LoadSwapped(rig, static a =>
        {
            a.Lvx(1, 0, 4);
            a.Stvx(1, 4, 4);
            a.Lvewx(2, 4, 5);
        });
        rig.Run(1);
        Assert.Equal(0x3333_3333_4444_4444ul, rig.Cpu.State->Vsr[67]);
        Assert.Equal(0x1111_1111_2222_2222ul, rig.Cpu.State->Vsr[66]);
        rig.Cpu.Pc = CpuRig.CodeAt + 8;
        rig.Run(1);
        Assert.Equal(0x1111_1111u, (uint)(rig.Cpu.State->Vsr[68] >> 32));
    }
}
