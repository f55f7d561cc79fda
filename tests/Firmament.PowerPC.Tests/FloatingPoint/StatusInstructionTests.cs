namespace Firmament.PowerPC.Tests.FloatingPoint;

/// <summary>Power ISA 2.07B Book I 4.6.10: the instructions that move FPSCR.</summary>
public sealed class StatusInstructionTests
{
    private const uint Mcrfs = 64;
    private const uint Mtfsb0 = 70;
    private const uint Mtfsb1 = 38;
    private const uint Mtfsfi = 134;

    [Theory]
    // FLM all fields: everything but FEX, VX and the reserved bit; VX follows from VXSNAN, FEX from VX and VE.
    [InlineData(0xffu, false, false, 0u, 0xffff_ffffu, 0xffff_f7ffu)]
    [InlineData(0xffu, false, false, 0u, 0x6000_0000u, 0u)]
    [InlineData(0x01u, false, false, 0xffff_f700u, 0x0000_0002u, 0xbfff_f702u)]
    [InlineData(0x80u, false, false, 0u, 0x9fff_ffffu, 0x9000_0000u)]
    [InlineData(0x40u, false, false, 0u, 0x0100_0000u, 0x2100_0000u)]
    // L=1 writes all; W=1 names the high half, which is not there.
    [InlineData(0x00u, true, false, 0u, 0x0000_00ffu, 0x0000_00ffu)]
    [InlineData(0xffu, false, true, 0x0000_0001u, 0xffff_ffffu, 0x0000_0001u)]
    public void Mtfsf_writes_the_selected_fields(uint flm, bool l, bool w, uint before, uint value, uint after)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before;
        cpu[5] = 0xdead_beef_0000_0000 | value;
        Assert.True(cpu.Execute((63u << 26) | (l ? 1u << 25 : 0) | (flm << 17) | (w ? 1u << 16 : 0) | (5 << 11) | (711 << 1) | 1));
        Assert.Equal($"{after:x8}", $"{cpu.Fpscr:x8}");
        Assert.Equal(after >> 28, (cpu.Cr >> 24) & 0xf);
    }

    [Theory]
    [InlineData(7u, 3u, 0u, 0u, 0x0000_0003u)]
    [InlineData(0u, 15u, 0u, 0u, 0x9000_0000u)]
    [InlineData(5u, 4u, 0u, 0u, 0x2000_0400u)]
    [InlineData(7u, 3u, 1u, 0u, 0u)]
    [InlineData(6u, 8u, 0u, 0xa100_0000u, 0xe100_0080u)]
    public void Mtfsfi_writes_one_field(uint bf, uint u, uint w, uint before, uint after)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before;
        Assert.True(cpu.Execute((63u << 26) | (bf << 23) | (w << 16) | (u << 12) | (Mtfsfi << 1)));
        Assert.Equal($"{after:x8}", $"{cpu.Fpscr:x8}");
    }

    [Theory]
    [InlineData(Mtfsb1, 3, 0u, 0x9000_0000u)]
    [InlineData(Mtfsb1, 3, 0x1000_0000u, 0x1000_0000u)]
    [InlineData(Mtfsb1, 21, 0u, 0xa000_0400u)]
    [InlineData(Mtfsb1, 30, 0u, 0x0000_0002u)]
    [InlineData(Mtfsb1, 1, 0u, 0u)]
    [InlineData(Mtfsb1, 2, 0u, 0u)]
    [InlineData(Mtfsb1, 20, 0u, 0u)]
    [InlineData(Mtfsb1, 0, 0u, 0x8000_0000u)]
    [InlineData(Mtfsb1, 13, 0u, 0x0004_0000u)]
    [InlineData(Mtfsb1, 25, 0x9000_0000u, 0xd000_0040u)]
    [InlineData(Mtfsb0, 0, 0xa100_0000u, 0x2100_0000u)]
    [InlineData(Mtfsb0, 7, 0xe100_0080u, 0x8000_0080u)]
    [InlineData(Mtfsb0, 1, 0xe100_0080u, 0xe100_0080u)]
    public void Mtfsb_changes_one_bit_and_what_follows_from_it(uint extended, int bit, uint before, uint after)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before;
        Assert.True(cpu.Execute((63u << 26) | ((uint)bit << 21) | (extended << 1)));
        Assert.Equal($"{after:x8}", $"{cpu.Fpscr:x8}");
    }

    [Theory]
    [InlineData(0u, 0xf1ff_ff80u, 0xfu, 0x61ff_f780u)]
    [InlineData(1u, 0xff00_0000u, 0xfu, 0x9000_0000u)]
    [InlineData(3u, 0xa00f_f000u, 0xfu, 0x8007_f000u)]
    [InlineData(4u, 0x0001_f000u, 0xfu, 0x0001_f000u)]
    [InlineData(5u, 0xa000_0700u, 0x7u, 0x8000_0000u)]
    [InlineData(7u, 0x0000_000bu, 0xbu, 0x0000_000bu)]
    public void Mcrfs_copies_a_field_and_clears_its_exception_bits(uint bfa, uint before, uint copied, uint after)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = before & ~0x800u;
        Assert.True(cpu.Execute((63u << 26) | (6u << 23) | (bfa << 18) | (Mcrfs << 1)));
        Assert.Equal($"{copied << 4:x8}", $"{cpu.Cr:x8}");
        Assert.Equal($"{after:x8}", $"{cpu.Fpscr:x8}");
    }

    [Fact]
    public void Mffs_reads_zero_extended()
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = 0x9201_2003;
        cpu[3] = ulong.MaxValue;
        Assert.True(cpu.Execute((63u << 26) | (3 << 21) | (583 << 1) | 1));
        Assert.Equal(0x9201_2003UL, cpu[3]);
        Assert.Equal(0x0900_0000u, cpu.Cr);
    }

    [Theory]
    [InlineData(Mtfsb1, 24u << 21)]
    [InlineData(Mtfsfi, (6u << 23) | (8u << 12))]
    [InlineData(711u, (0x02u << 17) | (5u << 11))]
    public void Enabling_a_pending_exception_asks_for_the_interrupt(uint extended, uint fields)
    {
        using FloatingPointCpu cpu = new();
        cpu.Fpscr = 0xa100_0000;
        cpu.Msr = 0x100;
        cpu[5] = 0x80;
        Assert.True(cpu.Execute((63u << 26) | fields | (extended << 1)));
        Assert.Equal(0xe100_0080u, cpu.Fpscr);
        Assert.Equal(2u, cpu.Exit);
    }
}
