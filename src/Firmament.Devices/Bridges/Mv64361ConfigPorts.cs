using Firmament.Core.State;
using Firmament.Core.Tracing;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>
/// The configuration address and data registers of one PCI interface. Bit 31 enables, 23:16 bus, 15:11 device, 10:8 function, 7:2 register.
/// </summary>
/// <remarks>Not modelled: bus numbers other than 0, as no bridge sits on either bus; they read all ones.</remarks>
internal sealed class Mv64361ConfigPorts(PciBus bus, Tracer tracer) : IStateful
{
    private uint _address;

    public uint Address
    {
        get => _address;
        set => _address = value & 0x80ff_fffc;
    }

    private bool SelectsThisBus => (_address & 0x80ff_0000) == 0x8000_0000;

    private int Register => (int)(_address & 0xfc);

    private int DevFn => (int)(_address >> 8) & 0xff;

    /// <summary>A read of <paramref name="size"/> bytes at data register + <paramref name="lane"/>.</summary>
    public uint Read(int lane, int size)
    {
        if ((_address >> 31) == 0)
        {
            tracer.GuestError(bus.Name, "configuration read while the address register's enable bit is clear");
        }

        return SelectsThisBus ? bus.ReadConfig(DevFn, Register + lane, size) : uint.MaxValue >> (32 - (8 * size));
    }

    /// <summary>A write of <paramref name="size"/> bytes at data register + <paramref name="lane"/>.</summary>
    public void Write(int lane, uint value, int size)
    {
        if (SelectsThisBus)
        {
            bus.WriteConfig(DevFn, Register + lane, value, size);
        }
        else
        {
            tracer.GuestError(bus.Name, $"configuration write with address 0x{_address:x8}: no such bus or not enabled");
        }
    }

    public void Reset() => _address = 0;

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => state.Field("address", ref _address);
}
