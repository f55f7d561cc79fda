using Firmament.Core.Memory;
using Firmament.Devices.Buses;

namespace Firmament.Devices.Bridges;

/// <summary>Processor address decoding: the windows that registers 0x048 to 0x358 describe and 0x278 opens.</summary>
public sealed partial class Mv64361
{
    private const uint CpuConfiguration = 0x000;
    private const uint RegisterBase = 0x068;
    private const uint SramBase = 0x268;
    private const uint BaseAddressDisable = 0x278;
    private const int SramBit = 19;
    private const int RegisterBit = 20;
    private const uint RegisterSpaceLength = 0x1_0000;

    // PCI windows answer below ROM (the machine maps it at 0); registers and SRAM answer above them.
    private const int WindowPriority = -1;
    private const int RegisterPriority = 1;

    private void WriteBase(Mv64361Window window, uint value)
    {
        _stored[window.Base >> 2] = value & (window.Space == PciSpace.Io ? 0x030f_ffffu : 0x070f_ffff);
        if ((value & 0x0300_0000) != 0x0100_0000)
        {
            _tracer.GuestError("mv64361", $"window {window.Name}: data swap mode {(value >> 24) & 3} is not modelled");
        }

        if ((_stored[CpuConfiguration] & (1u << 27)) == 0)
        {
            _stored[window.Remap >> 2] = value & 0xffff;
        }

        MapWindows();
    }

    private void WriteWindow(uint offset, uint value)
    {
        _stored[offset >> 2] = value;
        MapWindows();
    }

    /// <summary>Makes the memory map agree with the registers; regions that did not change stay.</summary>
    private void MapWindows()
    {
        foreach (Mv64361Window window in Mv64361Window.All)
        {
            uint start = _stored[window.Base >> 2] << 16;
            ulong length = ((ulong)(_stored[window.Size >> 2] & 0xffff) + 1) << 16;
            uint busBase = _stored[window.Remap >> 2] << 16;
            PciBus bus = window.Bus == 0 ? Pci0 : Pci1;
            IMmioTarget space = window.Space == PciSpace.Io ? bus.Io : bus.Memory;
            Place(window.Bit, window.Name, start, length, busBase, () => new Mv64361WindowTarget(space, busBase), Endianness.Little, WindowPriority);
        }

        Place(SramBit, "mv64361-sram", _stored[SramBase >> 2] << 16, Mv64361Sram.Size, 0, () => _sram, Endianness.Big, RegisterPriority);
        Place(RegisterBit, "mv64361", _stored[RegisterBase >> 2] << 16, RegisterSpaceLength, 0, () => this, Endianness.Little, RegisterPriority);
    }

    private void Place(int bit, string name, uint start, ulong length, uint busBase, Func<IMmioTarget> target, Endianness endianness, int priority)
    {
        bool open = (_stored[BaseAddressDisable >> 2] & (1u << bit)) == 0;
        string key = $"{name}@{busBase:x}";
        if (_mapped.TryGetValue(bit, out MemoryRegion? region))
        {
            if (open && region.Start == start && region.Length == length && region.Name == key)
            {
                return;
            }

            _map.Remove(region);
            _mapped.Remove(bit);
        }

        if (open)
        {
            region = new MemoryRegion(key, start, length, target(), endianness, priority);
            _mapped.Add(bit, region);
            _map.Add(region);
        }
    }
}
