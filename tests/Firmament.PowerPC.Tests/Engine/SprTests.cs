using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Tests.Engine;

/// <summary>Which special registers exist on which family, and what the polled ones read back. MPC7450 RM table 2-2, MPC7400 RM table 2-1.</summary>
public sealed class SprTests
{
    [Theory]
    [InlineData("7400", 1020, true)] // THRM1
    [InlineData("7457", 1020, false)]
    [InlineData("7400", 959, true)] // SDAR
    [InlineData("7457", 959, false)]
    [InlineData("7400", 945, false)] // PMC5
    [InlineData("7450", 945, true)]
    [InlineData("7400", 1018, false)] // L3CR
    [InlineData("7457", 1018, true)]
    [InlineData("7450", 276, false)] // SPRG4
    [InlineData("7455", 276, true)]
    [InlineData("7450", 560, false)] // IBAT4U
    [InlineData("7455", 575, true)] // DBAT7L
    [InlineData("7400", 980, false)] // TLBMISS
    [InlineData("7450", 980, true)]
    [InlineData("7400", 1011, false)] // ICTRL
    [InlineData("7400", 944, true)] // MMCR2
    [InlineData("7457", 931, false)]
    public void A_register_exists_where_the_manual_lists_it(string model, int spr, bool exists)
    {
        using CpuRig rig = new(model);
        rig.Load(a => a.Mfspr(3, spr));
        rig.Run(1);
        Assert.Equal(exists ? CpuRig.CodeAt + 4 : 0x700u, rig.Pc);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(268, true)]
    [InlineData(937, true)] // UPMC1
    [InlineData(953, false)] // PMC1
    [InlineData(22, false)]
    [InlineData(272, false)]
    [InlineData(1008, false)]
    public void User_mode_reads_what_is_user_level(int spr, bool allowed)
    {
        using CpuRig rig = new();
        rig.Cpu.Msr = 0x4000;
        rig.Load(a => a.Mfspr(3, spr));
        rig.Run(1);
        Assert.Equal(allowed ? CpuRig.CodeAt + 4 : 0x700u, rig.Pc);
    }

    [Theory]
    [InlineData("7457", 1017, 0x8020_0800u, 0x8000_0000u)] // L2I, L2HWF
    [InlineData("7400", 1017, 0x8020_0001u, 0x8000_0000u)] // L2I, L2IP
    [InlineData("7457", 1018, 0x8400_0c00u, 0x8400_0000u)] // L3HWF, L3I
    [InlineData("7457", 1008, 0x0000_cc00u, 0x0000_c000u)] // ICFI, DCFI
    [InlineData("7400", 1014, 0x0080_0000u, 0u)] // DL1HWF
    [InlineData("7457", 287, 0x1234_5678u, 0x8002_0102u)] // PVR
    public void Bits_that_guests_poll_read_back_clear(string model, int spr, uint written, uint read)
    {
        using CpuRig rig = new(model);
        rig[3] = written;
        rig.Execute(a =>
        {
            a.Mtspr(spr, 3);
            a.Mfspr(4, spr);
        });
        Assert.Equal(read, rig[4]);
    }

    [Fact]
    public void User_performance_registers_show_the_supervisor_ones()
    {
        using CpuRig rig = new();
        rig[3] = 1234;
        rig.Execute(static a =>
        {
            a.Mtspr(953, 3);
            a.Mtspr(937, 4);
            a.Mfspr(5, 937);
        });
        Assert.Equal(1234u, rig[5]);
    }
}
