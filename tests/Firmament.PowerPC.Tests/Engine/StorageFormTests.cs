using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>Strings, multiples, reservations, dcbz, vector elements.</summary>
public sealed unsafe class StorageFormTests
{
    private static CpuRig Rig()
    {
        CpuRig rig = new();
        rig[4] = CpuRig.DataAt;
        for (uint n = 0; n < 64; n++)
        {
            rig.Write(CpuRig.DataAt + (4 * n), 0x0001_0203 + (n * 0x0404_0404));
        }

        return rig;
    }

    [Theory]
    [InlineData(1, 0x0000_0000u, 0xaaaa_aaaau)]
    [InlineData(4, 0x0001_0203u, 0xaaaa_aaaau)]
    [InlineData(5, 0x0001_0203u, 0x0400_0000u)]
    [InlineData(8, 0x0001_0203u, 0x0405_0607u)]
    public void Lswi_fills_registers_from_the_left_and_clears_the_rest(int count, uint first, uint second)
    {
        using CpuRig rig = Rig();
        rig[31] = 0xbbbb_bbbb;
        rig[0] = 0xaaaa_aaaa;
        rig.Execute(a => a.Lswi(31, 4, count));
        Assert.Equal(first, rig[31]);
        Assert.Equal(second, rig[0]);
    }

    [Fact]
    public void Strings_of_count_0_move_32_bytes_by_immediate_and_none_by_XER()
    {
        using CpuRig rig = Rig();
        rig[5] = 99;
        rig.Execute(static a =>
        {
            a.Mtxer(6);
            a.Lswx(5, 0, 4);
            a.Lswi(10, 4, 32);
            a.Stswx(10, 0, 3);
        });
        Assert.Equal(99u, rig[5]);
        Assert.Equal(0x1c1d_1e1fu, rig[17]);
        Assert.Equal(0u, rig[18]);
    }

    [Fact]
    public void A_multiple_goes_from_its_register_to_r31_and_back()
    {
        using CpuRig rig = Rig();
        rig.Execute(static a =>
        {
            a.Lmw(29, 4, 4);
            a.Stmw(29, 0x100, 4);
        });
        Assert.Equal((0x0405_0607u, 0x0809_0a0bu, 0x0c0d_0e0fu), (rig[29], rig[30], rig[31]));
        Assert.Equal(0x0c0d_0e0fu, rig.Read(CpuRig.DataAt + 0x108));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(28, true)] // the same 32-byte granule
    [InlineData(32, false)]
    public void A_conditional_store_succeeds_once_in_the_reserved_granule(int offset, bool succeeds)
    {
        using CpuRig rig = Rig();
        rig[5] = 1;
        rig[6] = (uint)offset;
        rig.Cpu.State->XerSo = 1;
        rig.Execute(static a =>
        {
            a.Lwarx(7, 0, 4);
            a.Stwcx_(5, 4, 6);
            a.Mfcr(8);
            a.Stwcx_(5, 4, 6);
            a.Mfcr(9);
        });
        Assert.Equal(succeeds ? 0x3000_0000u : 0x1000_0000u, rig[8]);
        Assert.Equal(0x1000_0000u, rig[9]);
        Assert.Equal(succeeds, rig.Read(CpuRig.DataAt + (uint)offset) == 1);
    }

    [Fact]
    public void Dcbz_clears_its_32_bytes_and_code_in_them()
    {
        using CpuRig rig = Rig();
        rig[5] = CpuRig.DataAt + 45;
        rig.Execute(static a => a.Dcbz(0, 5));
        Assert.NotEqual(0u, rig.Read(CpuRig.DataAt + 28));
        for (uint at = 32; at < 64; at += 4)
        {
            Assert.Equal(0u, rig.Read(CpuRig.DataAt + at));
        }

        Assert.NotEqual(0u, rig.Read(CpuRig.DataAt + 64));
    }

    [Theory]
    [InlineData(0, 0x0001_0203_0405_0607ul)]
    [InlineData(5, 0x0506_0708_090a_0b0cul)]
    [InlineData(15, 0x0f10_1112_1314_1516ul)]
    public void Lvsl_and_lvsr_make_the_permute_masks_of_an_address(int offset, ulong left)
    {
        using CpuRig rig = Rig();
        rig[5] = (uint)offset;
        rig.Execute(static a =>
        {
            a.Lvsl(1, 4, 5);
            a.Lvsr(2, 4, 5);
        });
        Assert.Equal(left, rig.Cpu.State->Vsr[67]);
        Assert.Equal(0x1011_1213_1415_1617ul - ((ulong)offset * 0x0101_0101_0101_0101), rig.Cpu.State->Vsr[69]);
    }

    [Fact]
    public void Element_forms_touch_their_element_alone()
    {
        using CpuRig rig = Rig();
        rig[5] = 7;
        rig[6] = 0x100;
        rig.Execute(static a =>
        {
            a.Lvebx(1, 4, 5);
            a.Lvehx(2, 4, 5);
            a.Lvewx(3, 4, 5);
            a.Add(7, 4, 6);
            a.Stvebx(1, 7, 5);
            a.Stvehx(2, 7, 5);
        });
        Assert.Equal(0x07ul, rig.Cpu.State->Vsr[67]);
        Assert.Equal(0x0607ul, rig.Cpu.State->Vsr[69]);
        Assert.Equal(0x0405_0607ul, rig.Cpu.State->Vsr[71]);
        Assert.Equal(0x0607u, rig.Read(CpuRig.DataAt + 0x104) & 0xffff);
    }
}
