using Firmament.Core.Memory;
using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>What QEMU's user mode cannot show of 64-bit CPUs: alignment interrupts, refused instructions, blocks of 128 bytes.</summary>
public sealed unsafe class Storage64Tests
{
    private const ulong Big = 0x8000_0000_0280_2000;
    private const long Rounds = 10_000;
    private const uint Alignment = 0x600;
    private const uint Program = 0x700;
    private const uint Facility = 0xf60;

    public static TheoryData<string> Multiples => ["lmw", "stmw", "lswi", "lswx", "stswi", "stswx"];

    [Theory]
    [MemberData(nameof(Multiples))]
    public void Multiples_and_strings_are_alignment_interrupts_in_little_endian_mode(string mnemonic)
    {
        OpcodeRow row = OpcodeTable.Rows.First(row => row.Mnemonic == mnemonic);
        uint word = row.Value | (20u << 21) | (3 << 16) | (mnemonic.EndsWith('w') ? 0u : mnemonic.EndsWith('x') ? 4u << 11 : 8u << 11);
        Assert.Equal(Alignment, After(word, Big | 1));
        Assert.Equal(CpuRig.CodeAt + 4, After(word, Big));
    }

    [Theory]
    [InlineData(0x7c00_060c)] // copy: 31/774 with bit 10
    [InlineData(0x7c20_060c)]
    [InlineData(0x7c20_070d)] // paste.
    [InlineData(0x0000_0000)]
    public void What_the_cpu_does_not_have_is_an_illegal_instruction(uint word)
    {
        Assert.Equal(Program, After(word, Big));
        Assert.Equal(Program, After(word, Big | 1));
    }

    [Fact]
    public void Scv_without_its_facility_is_facility_unavailable()
    {
        Assert.Equal(Facility, After(0x4400_0001, Big));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dcbz_clears_the_128_bytes_around_its_address(bool littleEndian)
    {
        using CpuRig rig = new("power9");
        byte[] ones = new byte[512];
        ones.AsSpan().Fill(0xff);
        rig.Ram.TryWrite(new PhysicalAddress(CpuRig.DataAt), ones);
        Run(rig, 0x7c00_07ec | (3 << 11), Big | (littleEndian ? 1u : 0), CpuRig.DataAt + 0x17f);
        byte[] after = new byte[512];
        rig.Ram.TryRead(new PhysicalAddress(CpuRig.DataAt), after);
        Assert.Equal(Enumerable.Range(0, 512).Select(static n => n is >= 0x100 and < 0x180 ? (byte)0 : (byte)0xff), after);
    }

    [Theory]
    [InlineData(0u, 0x89ab_cdeful)]
    [InlineData(1u, 0x0123_4567_89ab_cdeful)]
    [InlineData(2u, 0x0123_4567_89ab_cdeful)]
    [InlineData(3u, ulong.MaxValue)]
    public void Darn_draws_from_the_machines_numbers_in_the_form_it_names(uint form, ulong expected)
    {
        using CpuRig rig = new("power9", randomNumbers: static () => 0x0123_4567_89ab_cdef);
        Run(rig, 0x7ca0_05e6 | (form << 16), Big, 0);
        Assert.Equal(expected, rig.Cpu.ReadGpr(5));
    }

    [Fact]
    public void Darn_reports_its_error_where_there_is_no_source_of_randomness()
    {
        using CpuRig rig = new("power9");
        Run(rig, 0x7ca0_05e6, Big, 0);
        Assert.Equal(ulong.MaxValue, rig.Cpu.ReadGpr(5));
    }

    [Theory]
    [InlineData("power9", Big)]
    [InlineData("power9", Big | 1)]
    [InlineData("power9", 0x2000ul)]
    [InlineData("power9", 0x2001ul)]
    [InlineData("7457", 0x2000ul)]
    public void Every_encoding_runs_on_and_on_in_every_mode_without_growing_the_stack(string model, ulong mode)
    {
        // As in the 32-bit test, a handler that calls instead of jumping overflows the stack: here a small one, so that fewer rounds show it.
        Thread small = new(() => RunAll(model, mode), 256 << 10);
        small.Start();
        small.Join();
    }

    private static void RunAll(string model, ulong mode)
    {
        using CpuRig rig = new(model);
        byte[] page = new byte[4 * 1001];
        foreach (OpcodeRow row in OpcodeTable.Rows.Skip(1).Where(row => (row.Flags & OpcodeFlags.EndsRun) == 0 && (row.Feature & ~CpuModel.Find(model)!.Features) == 0))
        {
            // VEC and VSX with the mode.
            rig.Cpu.Reset();
            rig.Cpu.Msr = mode | 0x0280_0000;
            for (int n = 0; n < 32; n++)
            {
                rig.Cpu.WriteGpr(n, n == 4 ? 0ul : CpuRig.DataAt);
            }

            bool hasDisplacement = row.Operands.Contains('(', StringComparison.Ordinal);
            uint operands = (4u << 21) | (5u << 16) | (hasDisplacement ? 0 : (4u << 11) | (6u << 6));
            uint word = row.Value | (operands & ~row.Mask);
            for (int n = 0; n <= 1000; n++)
            {
                uint at = n == 1000 ? 0x4800_0000u | (unchecked((uint)-4000) & 0x03ff_fffc) : word;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(4 * n), (mode & 1) != 0 ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(at) : at);
            }

            rig.Ram.TryWrite(new PhysicalAddress(CpuRig.CodeAt), page);
            rig.Cpu.Pc = CpuRig.CodeAt;
            rig.Run(Rounds);
        }
    }

    private static uint After(uint word, ulong msr)
    {
        using CpuRig rig = new("power9");
        Run(rig, word, msr, CpuRig.DataAt);
        return rig.Pc;
    }

    private static void Run(CpuRig rig, uint word, ulong msr, ulong r3)
    {
        rig.Write(CpuRig.CodeAt, (msr & 1) != 0 ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word) : word);
        rig.Cpu.Msr = msr;
        rig.Cpu.Pc = CpuRig.CodeAt;
        rig.Cpu.WriteGpr(3, r3);
        rig.Cpu.WriteGpr(4, 0);
        rig.Cpu.State->SetXer(8);
        rig.Run(1);
    }
}
