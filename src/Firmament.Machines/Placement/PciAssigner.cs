using System.Numerics;

namespace Firmament.Machines.Placement;

/// <summary>
/// Board firmware's walk over a PCI bus: sizes each base address register and gives it an address inside the host bridge's windows,
/// by configuration cycles only. Source: PCI Local Bus Specification 2.2, 6.2.5.1.
/// </summary>
internal sealed class PciAssigner
{
    private const int CommandRegister = 0x04;
    private const int FirstBar = 0x10;
    private const int RomRegister = 0x30;
    private const uint DecodeIo = 1;
    private const uint DecodeMemory = 2;

    private readonly IConfigAccess _config;
    private readonly Window _io;
    private readonly Window _memory;

    /// <summary>Prepares a walk.</summary>
    /// <param name="config">Configuration cycles on the bus.</param>
    /// <param name="io">First port and first port after the window.</param>
    /// <param name="memory">First bus address and first address after the window.</param>
    public PciAssigner(IConfigAccess config, (uint Start, uint End) io, (uint Start, uint End) memory)
    {
        _config = config;
        _io = new Window(io.Start, io.End);
        _memory = new Window(memory.Start, memory.End);
    }

    /// <summary>Assigns every base address register of the bus. Larger ones first, so that alignment wastes nothing.</summary>
    /// <returns>The registers that found no room and stay 0, as "device.function register".</returns>
    public IReadOnlyList<string> Assign()
    {
        List<Bar> bars = [];
        for (int devfn = 0; devfn < 256; devfn++)
        {
            if (IsPresent(devfn) && !IsHostBridge(devfn))
            {
                Size(devfn, bars);
            }
        }

        List<string> homeless = [];
        foreach (Bar bar in bars.OrderByDescending(static bar => bar.Length))
        {
            uint? address = (bar.IsIo ? _io : _memory).Take(bar.Length);
            if (address is { } given)
            {
                _config.Write(bar.DevFn, bar.Register, given, 4);
                uint command = _config.Read(bar.DevFn, CommandRegister, 2);
                _config.Write(bar.DevFn, CommandRegister, command | (bar.IsIo ? DecodeIo : DecodeMemory), 2);
            }
            else
            {
                homeless.Add($"{bar.DevFn >> 3:x}.{bar.DevFn & 7} {bar.Register:x2}");
            }
        }

        return homeless;
    }

    private bool IsPresent(int devfn)
    {
        const uint MultiFunction = 0x80;
        const uint NoVendor = 0xffff;
        return _config.Read(devfn, 0, 2) is not (NoVendor or 0)
            && ((devfn & 7) == 0 || (_config.Read(devfn & ~7, 0x0e, 1) & MultiFunction) != 0);
    }

    /// <summary>The bridge's own registers describe system memory; its BARs are the board's business.</summary>
    private bool IsHostBridge(int devfn) => _config.Read(devfn, 0x0a, 2) == 0x0600;

    private void Size(int devfn, List<Bar> bars)
    {
        uint command = _config.Read(devfn, CommandRegister, 2);
        _config.Write(devfn, CommandRegister, command & ~(DecodeIo | DecodeMemory), 2);
        for (int register = FirstBar; register < FirstBar + (6 * 4); register += 4)
        {
            uint before = _config.Read(devfn, register, 4);
            _config.Write(devfn, register, uint.MaxValue, 4);
            uint mask = _config.Read(devfn, register, 4);
            _config.Write(devfn, register, before, 4);
            bool isIo = (mask & 1) != 0;
            uint writable = mask & (isIo ? ~3u : ~15u);
            if (writable != 0)
            {
                bars.Add(new Bar(devfn, register, isIo, 1u << BitOperations.TrailingZeroCount(writable)));
            }

            const uint Is64Bit = 4;
            if (!isIo && (mask & 6) == Is64Bit)
            {
                register += 4;
                _config.Write(devfn, register, 0, 4);
            }
        }

        SizeRom(devfn, bars);
        _config.Write(devfn, CommandRegister, command, 2);
    }

    /// <summary>An expansion ROM gets an address and stays off: whoever reads it sets the enable bit for the time (PCI 2.2 6.2.5.2).</summary>
    private void SizeRom(int devfn, List<Bar> bars)
    {
        const uint AddressBits = 0xffff_f800;
        uint before = _config.Read(devfn, RomRegister, 4);
        _config.Write(devfn, RomRegister, AddressBits, 4);
        uint mask = _config.Read(devfn, RomRegister, 4) & AddressBits;
        _config.Write(devfn, RomRegister, before, 4);
        if (mask != 0)
        {
            bars.Add(new Bar(devfn, RomRegister, false, 1u << BitOperations.TrailingZeroCount(mask)));
        }
    }

    private sealed record Bar(int DevFn, int Register, bool IsIo, uint Length);

    private sealed class Window(uint start, uint end)
    {
        private ulong _next = start;

        public uint? Take(uint length)
        {
            ulong address = (_next + length - 1) & ~((ulong)length - 1);
            if (address + length > end)
            {
                return null;
            }

            _next = address + length;
            return (uint)address;
        }
    }
}
