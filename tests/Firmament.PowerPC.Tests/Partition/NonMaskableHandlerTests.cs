using Firmament.Core.Memory;
using Firmament.PowerPC.Tests.Engine;

namespace Firmament.PowerPC.Tests.Partition;

/// <summary>A hypervisor that says where a partition's non-maskable interrupts go.</summary>
public sealed class NonMaskableHandlerTests
{
    private const ulong Me = 0x1000;
    private const ulong Nowhere = 0x7000_0000;
    private const int Srr0 = 26;

    [Fact]
    public void A_system_reset_goes_to_the_handler_with_the_r3_it_was_given()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.NonMaskableHandlers = new Handlers();
        rig.Ram.TryWriteUInt32(new PhysicalAddress(0x4000), 0x6000_0000);
        rig.Cpu.SystemReset();
        rig.Run(1);
        Assert.Equal(0x4004ul, rig.Cpu.Pc);
        Assert.Equal((0x1234ul, (ulong)CpuRig.CodeAt), (rig.Cpu.ReadGpr(3), rig.Cpu.ReadSpr(Srr0)));
    }

    [Theory]
    [InlineData(EngineMode.TailCalls)]
    [InlineData(EngineMode.Loop)]
    [InlineData(EngineMode.Translated)]
    public void A_machine_check_that_must_wait_is_met_again(EngineMode engine)
    {
        using CpuRig rig = new("power9", engine);
        Handlers handlers = new() { IsBusy = true };
        rig.Cpu.NonMaskableHandlers = handlers;
        rig.Load(static a => a.Lwz(5, 0, 4));
        rig.Cpu.Msr = rig.DefaultMsr | Me;
        rig.Cpu.WriteGpr(4, Nowhere);
        rig.Run(3);
        Assert.Equal((ulong)CpuRig.CodeAt, rig.Cpu.Pc);
        handlers.IsBusy = false;
        rig.Run(1);
        Assert.Equal(0x5000ul, rig.Cpu.Pc);
        Assert.Equal((ulong)CpuRig.CodeAt, rig.Cpu.ReadSpr(Srr0));
    }

    [Fact]
    public void A_handler_that_is_not_there_leaves_the_vector()
    {
        using CpuRig rig = new("power9");
        rig.Cpu.NonMaskableHandlers = new Handlers { IsAbsent = true };
        rig.Ram.TryWriteUInt32(new PhysicalAddress(0x100), 0x6000_0000);
        rig.Cpu.SystemReset();
        rig.Run(1);
        Assert.Equal(0x104ul, rig.Cpu.Pc);
    }

    private sealed class Handlers : INonMaskableHandlers
    {
        public bool IsBusy { get; set; }

        public bool IsAbsent { get; init; }

        public bool MayBegin(IPartitionProcessor processor) => !IsBusy;

        public ulong? BeginSystemReset(IPartitionProcessor processor)
        {
            processor.WriteGpr(3, 0x1234);
            return IsAbsent ? null : 0x4000;
        }

        public ulong? BeginMachineCheck(IPartitionProcessor processor) => 0x5000;
    }
}
