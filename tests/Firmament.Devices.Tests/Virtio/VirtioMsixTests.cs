using System.Buffers.Binary;
using Firmament.Core.Memory;
using Firmament.Devices.Buses;
using Firmament.Devices.Buses.Spapr;
using Firmament.Devices.Buses.Virtio;
using Firmament.Devices.Tests.Spapr;

namespace Firmament.Devices.Tests.Virtio;

public sealed class VirtioMsixTests : IDisposable
{
    private const uint Bar1 = 0x8000_0000;
    private const uint Bar2 = 0x8001_0000;
    private const int DevFn = 0x10;
    private const int Capability = 0x98;

    private readonly SpaprRig _rig = new();
    private readonly SpaprPhb _bridge;
    private readonly VirtioPciFunction _function;

    public VirtioMsixTests()
    {
        _bridge = _rig.Bridge();
        _function = _bridge.Bus.Place(
            new VirtioPciFunction(new VirtioEntropy("rng", new byte[32]), Endianness.Little, _rig.Tracer, transitional: true, hasMsix: true), 2);
        Config(0x14, Bar1, 4);
        Config(0x18, Bar2, 4);
        Config(4, 6, 2);
        Assert.True(_bridge.TryAllocateMessages(_function, 2));
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_capability_names_table_and_pending_bits_and_is_off_unless_asked_for()
    {
        Assert.Equal(0x11u, _bridge.Bus.ReadConfig(DevFn, Capability, 1));
        Assert.Equal(1u, _bridge.Bus.ReadConfig(DevFn, Capability + 2, 2));
        Assert.Equal(2u, _bridge.Bus.ReadConfig(DevFn, Capability + 4, 4));
        Assert.Equal(0x802u, _bridge.Bus.ReadConfig(DevFn, Capability + 8, 4));
        Config(Capability + 2, 0xffff, 2);
        Assert.Equal(0xc001u, _bridge.Bus.ReadConfig(DevFn, Capability + 2, 2));
        Assert.Null(new VirtioPciFunction(new VirtioEntropy("other", new byte[32]), Endianness.Little, _rig.Tracer).Msix);
    }

    [Fact]
    public void Firmware_puts_the_messages_into_the_table_and_the_guest_can_read_them()
    {
        Assert.Equal(0x400_0000_0000ul, Table(0, 8));
        Assert.Equal(0x1300ul, Table(8, 4));
        Assert.Equal(0x1301ul, Table(0x18, 4));
        Assert.Equal(1ul, Table(0xc, 4));
    }

    [Fact]
    public void A_queue_interrupts_by_its_vector_and_the_pin_stays_silent()
    {
        Enable();
        Unmask(0);
        Unmask(1);
        _function.InterruptQueue(0);
        Assert.Equal(1, _rig.Rises.GetValueOrDefault(0x1301));
        Assert.Equal(0, _rig.Rises.GetValueOrDefault(0x1202));
        Assert.Equal(0, _function.TakeIsr());
    }

    [Fact]
    public void A_masked_vector_is_pending_and_goes_once_when_unmasked()
    {
        Enable();
        _function.InterruptQueue(0);
        _function.InterruptQueue(0);
        Assert.Equal(2ul, Mem(Bar2 + 0x800, 8));
        Assert.Equal(0, _rig.Rises.GetValueOrDefault(0x1301));
        Unmask(1);
        Assert.Equal(1, _rig.Rises[0x1301]);
        Assert.Equal(0ul, Mem(Bar2 + 0x800, 8));
    }

    [Fact]
    public void The_function_mask_holds_all_vectors()
    {
        Enable();
        Unmask(1);
        Config(Capability + 2, 0xc000, 2);
        _function.InterruptQueue(0);
        Assert.True(_function.Msix!.IsPending(1));
        Config(Capability + 2, 0x8000, 2);
        Assert.Equal(1, _rig.Rises[0x1301]);
    }

    [Fact]
    public void A_vector_that_does_not_exist_reads_back_as_none_and_never_interrupts()
    {
        Enable();
        _bridge.Bus.Memory.Write(Bar1 + 0x1a, 2, 2);
        Assert.Equal(0xfffful, Mem(Bar1 + 0x1a, 2));
        Assert.Equal(0ul, Mem(Bar1 + 0x10, 2));
        _function.InterruptQueue(0);
        Assert.DoesNotContain(_rig.Rises, static pair => pair.Value != 0);
    }

    [Fact]
    public void While_it_is_off_the_pin_is_used()
    {
        _function.InterruptQueue(0);
        Assert.Equal(1, _rig.Rises[0x1202]);
        Assert.Equal(1, _function.TakeIsr());
    }

    [Fact]
    public void State_survives_save_and_load()
    {
        Enable();
        _function.InterruptQueue(0);
        using SpaprRig rig = new();
        VirtioPciFunction fresh = rig.Bridge().Bus.Place(
            new VirtioPciFunction(new VirtioEntropy("rng", new byte[32]), Endianness.Little, rig.Tracer, hasMsix: true), 2);
        FieldList.Copy(_function, fresh);
        Assert.Equal(FieldList.Hash(_function), FieldList.Hash(fresh));
        Assert.True(fresh.Msix!.IsPending(1));
    }

    private void Enable()
    {
        Config(Capability + 2, 0x8000, 2);
        _bridge.Bus.Memory.Write(Bar1 + 0x10, 0, 2);
        _bridge.Bus.Memory.Write(Bar1 + 0x1a, 1, 2);
        Assert.Equal(1ul, Mem(Bar1 + 0x1a, 2));
    }

    private void Unmask(int vector) => _bridge.Bus.Memory.Write(Bar2 + (ulong)(16 * vector) + 12, 0, 4);

    private ulong Table(uint offset, int size) => Mem(Bar2 + offset, size);

    private ulong Mem(uint address, int size) => _bridge.Bus.Memory.Read(address, size);

    private void Config(int offset, uint value, int size) => _bridge.Bus.WriteConfig(DevFn, offset, value, size);
}
