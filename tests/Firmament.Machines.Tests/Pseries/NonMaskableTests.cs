using System.Buffers.Binary;
using Firmament.Firmware;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;
using Firmament.PowerPC;

namespace Firmament.Machines.Tests.Pseries;

/// <summary>Handlers of system resets and machine checks that a guest registers (LoPAPR 1.1 7.3.14).</summary>
public sealed class NonMaskableTests : IDisposable
{
    private const uint Area = 0x00e0_0000;
    private const uint Log = Area + 0x30;
    private const uint Register = 0x202b;
    private const uint Interlock = 0x202c;
    private const ulong R3 = 0x1122_3344_5566_7788;

    private readonly PartitionBench _of = new();

    public void Dispose() => _of.Dispose();

    [Fact]
    public void Handlers_are_registered_once_rtas_has_been_placed()
    {
        Assert.Equal(-3, _of.Rtas(Register, 1, 0x2000, 0x3000));
        Assert.Equal(-3, _of.Rtas(Interlock, 1));
        Place();
        Assert.Equal(-3, _of.Rtas(Register, 1, 32 << 20, 0x3000));
        Assert.Equal(-3, _of.Rtas(Register, 1, 0x2000, 32 << 20));
        Assert.Null(_of.Partition.NonMaskable.SystemResetHandler);
        Assert.Equal(0, _of.Rtas(Register, 1, 0x2000, 0x3000));
        Assert.Equal((0x2000u, 0x3000u), (_of.Partition.NonMaskable.SystemResetHandler, _of.Partition.NonMaskable.MachineCheckHandler));
        Assert.Equal(0, _of.Rtas(Interlock, 1));
        _of.Partition.Reset();
        Assert.Null(_of.Partition.NonMaskable.SystemResetHandler);
        Assert.Equal(-3, _of.Rtas(Interlock, 1));
    }

    [Fact]
    public void An_area_that_is_not_memory_is_refused()
    {
        _of.Tree.Find("/rtas")!.SetCells("linux,rtas-base", 0x00ff_ff00);
        Assert.Equal(-3, _of.Rtas(Register, 1, 0x2000, 0x3000));
    }

    [Fact]
    public void Without_the_capability_there_are_no_handlers()
    {
        using PartitionBench of = new(new PseriesTopology { MemoryBytes = 256 << 20, HasFirmwareAssistedNmi = false });
        of.Tree.Find("/rtas")!.SetCells("linux,rtas-base", Area);
        Assert.Equal(-3, of.Rtas(Register, 1, 0x2000, 0x3000));
        Assert.Equal(-3, of.Rtas(Interlock, 1));
    }

    [Fact]
    public void Without_handlers_the_vectors_are_the_architected_ones()
    {
        INonMaskableHandlers handlers = _of.Cpus[2].NonMaskableHandlers!;
        _of.Cpus[2].WriteGpr(3, R3);
        Assert.Null(handlers.BeginSystemReset(_of.Cpus[2]));
        Assert.Null(handlers.BeginMachineCheck(_of.Cpus[2]));
        Assert.Equal(R3, _of.Cpus[2].ReadGpr(3));
    }

    [Fact]
    public void A_system_reset_leaves_r3_in_the_CPUs_own_place_and_no_log()
    {
        RegisterBoth();
        _of.Cpus[3].WriteGpr(3, R3);
        Assert.Equal(0x2000ul, _of.Cpus[3].NonMaskableHandlers!.BeginSystemReset(_of.Cpus[3]));
        const uint Place = Area + 0x800 + (3 * 16);
        Assert.Equal(Place, _of.Cpus[3].ReadGpr(3));
        byte[] saved = _of.Bytes(Place, 16);
        Assert.Equal((R3, 0ul), (BinaryPrimitives.ReadUInt64BigEndian(saved), BinaryPrimitives.ReadUInt64BigEndian(saved.AsSpan(8))));
    }

    [Fact]
    public void A_machine_check_leaves_r3_and_its_log_where_linux_looks()
    {
        RegisterBoth();
        _of.Cpus[1].WriteGpr(3, R3);
        Assert.Equal(0x3000ul, _of.Cpus[1].NonMaskableHandlers!.BeginMachineCheck(_of.Cpus[1]));
        Assert.Equal(Log, _of.Cpus[1].ReadGpr(3));
        byte[] saved = _of.Bytes(Log, 8 + 0x70);
        Assert.Equal(R3, BinaryPrimitives.ReadUInt64BigEndian(saved));
        ReadOnlySpan<byte> log = saved.AsSpan(8);
        Assert.Equal((0x0674_1000u, 16u + 48 + 40), (BinaryPrimitives.ReadUInt32BigEndian(log), BinaryPrimitives.ReadUInt32BigEndian(log[4..])));
        Assert.Equal((14, "IBM\0"), (log[10] & 15, System.Text.Encoding.ASCII.GetString(log[20..24])));
        ReadOnlySpan<byte> section = log[(8 + 16 + 48)..];
        Assert.Equal(("MC", 40), (System.Text.Encoding.ASCII.GetString(section[..2]), BinaryPrimitives.ReadUInt16BigEndian(section[2..])));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(section[12..]));
    }

    [Fact]
    public void A_second_CPUs_machine_check_waits_for_the_interlock()
    {
        RegisterBoth();
        NonMaskableRtas handlers = _of.Partition.NonMaskable;
        handlers.BeginMachineCheck(_of.Cpus[1]);
        Assert.False(handlers.MayBegin(_of.Cpus[2]));
        Assert.Equal(0, _of.RtasOn(0, Interlock, 1));
        Assert.False(handlers.MayBegin(_of.Cpus[2]));
        Assert.Equal(0, _of.RtasOn(1, Interlock, 1));
        Assert.True(handlers.MayBegin(_of.Cpus[2]));
        Assert.Empty(_of.Requests);
    }

    [Fact]
    public void A_second_machine_check_of_the_same_CPU_is_a_panic()
    {
        RegisterBoth();
        NonMaskableRtas handlers = _of.Partition.NonMaskable;
        handlers.BeginMachineCheck(_of.Cpus[1]);
        Assert.True(handlers.MayBegin(_of.Cpus[1]));
        handlers.BeginMachineCheck(_of.Cpus[1]);
        Assert.Equal(PlatformRequest.Panic, Assert.Single(_of.Requests).Request);
    }

    private void Place() => _of.Tree.Find("/rtas")!.SetCells("linux,rtas-base", Area);

    private void RegisterBoth()
    {
        Place();
        Assert.Equal(0, _of.Rtas(Register, 1, 0x2000, 0x3000));
    }
}
