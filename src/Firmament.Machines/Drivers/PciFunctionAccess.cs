using System.Buffers.Binary;
using System.Numerics;
using Firmament.Core.State;
using Firmament.Firmware.Drivers;
using Firmament.Firmware.Drivers.Pci;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Drivers;

/// <summary>
/// A PCI function for a driver of the firmware's: configuration cycles, and loads and stores in the windows of its host bridge. Base address registers
/// that a guest is to set (all of them on pseries) have an address only while a driver uses the function.
/// </summary>
/// <param name="name">For traces.</param>
/// <param name="windows">Its bus.</param>
/// <param name="devfn">Device × 8 + function.</param>
/// <param name="dma">What translates its bus mastering.</param>
internal sealed class PciFunctionAccess(string name, PciWindows windows, int devfn, IDmaMapper dma) : IPciFunctionAccess, IStateful
{
    private const int Registers = 6;
    private const int FirstBar = 0x10;
    private const int CommandRegister = 0x04;
    private const int RomRegister = 0x30;
    private const uint DecodeMemory = 2;
    private const uint Decode = 3;
    private const uint MasterWithoutInterrupt = 0x404;

    private readonly LittleEndianBus _bus = new(windows.Map);
    private readonly uint[] _before = new uint[Registers];
    private readonly ulong[] _addresses = new ulong[Registers];
    private uint _command;
    private int _users;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IDmaMapper Dma => dma;

    /// <inheritdoc/>
    public bool TryEnable()
    {
        if (_users > 0)
        {
            _users++;
            return true;
        }

        _command = ReadConfig(CommandRegister, 2);
        for (int bar = 0; bar < Registers; bar++)
        {
            _before[bar] = ReadConfig(FirstBar + (4 * bar), 4);
        }

        // Registers are sized while the function answers at none of them.
        WriteConfig(CommandRegister, _command & ~Decode, 2);
        bool ok = TryPlaceRegisters();
        _users = 1;
        if (!ok)
        {
            Disable();
            return false;
        }

        WriteConfig(CommandRegister, _command | Decode | MasterWithoutInterrupt, 2);
        return true;
    }

    /// <inheritdoc/>
    public void Disable()
    {
        if (_users == 0 || --_users > 0)
        {
            return;
        }

        WriteConfig(CommandRegister, _command & ~Decode, 2);
        for (int bar = 0; bar < Registers; bar++)
        {
            WriteConfig(FirstBar + (4 * bar), _before[bar], 4);
            _before[bar] = 0;
            _addresses[bar] = 0;
        }

        WriteConfig(CommandRegister, _command, 2);
        _command = 0;
    }

    /// <inheritdoc/>
    public uint ReadConfig(int offset, int size) => windows.Config.Read(devfn, offset, size);

    /// <inheritdoc/>
    public void WriteConfig(int offset, uint value, int size) => windows.Config.Write(devfn, offset, value, size);

    /// <inheritdoc/>
    public ulong Address(int bar) => _addresses[bar];

    /// <inheritdoc/>
    public uint Read(int bar, uint offset, int size) => _bus.Read(_addresses[bar] + offset, size);

    /// <inheritdoc/>
    public void Write(int bar, uint offset, uint value, int size) => _bus.Write(_addresses[bar] + offset, value, size);

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("users", ref _users);
        state.Field("command", ref _command);
        for (int bar = 0; bar < Registers; bar++)
        {
            state.Field("before", ref _before[bar]);
            state.Field("address", ref _addresses[bar]);
        }
    }

    /// <summary>
    /// Reads the expansion ROM through its base address register, which answers only meanwhile (PCI Local Bus Specification 2.2, 6.2.5.2).
    /// Empty where there is none, or no room for it.
    /// </summary>
    public byte[] ReadRom()
    {
        const uint Enable = 1;
        const uint AddressBits = 0xffff_f800;
        uint command = ReadConfig(CommandRegister, 2);
        uint before = ReadConfig(RomRegister, 4);
        WriteConfig(CommandRegister, command & ~Decode, 2);
        WriteConfig(RomRegister, AddressBits, 4);
        uint mask = ReadConfig(RomRegister, 4) & AddressBits;
        uint length = mask == 0 ? 0 : 1u << BitOperations.TrailingZeroCount(mask);
        byte[] contents = length > PciWindows.LargeSpareMemory ? [] : new byte[length];
        uint address = (before & AddressBits) != 0 ? before & AddressBits
            : length <= PciWindows.SpareMemory ? windows.SpareMemoryOf(devfn) : windows.LargeSpareOf(devfn);
        WriteConfig(RomRegister, address | Enable, 4);
        WriteConfig(CommandRegister, command | DecodeMemory, 2);
        ulong start = windows.Memory + (address - windows.MemoryBus);
        for (int at = 0; at < contents.Length; at += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(contents.AsSpan(at), _bus.Read(start + (uint)at, 4));
        }

        WriteConfig(CommandRegister, command & ~Decode, 2);
        WriteConfig(RomRegister, before, 4);
        WriteConfig(CommandRegister, command, 2);
        return contents;
    }

    private bool TryPlaceRegisters()
    {
        const uint Io = 1;
        const uint TypeMask = 6;
        const uint Is64Bit = 4;
        bool isLarge = NeedsLargeSpare();
        uint firstMemory = isLarge ? windows.LargeSpareOf(devfn) : windows.SpareMemoryOf(devfn);
        uint spareMemory = isLarge ? PciWindows.LargeSpareMemory : PciWindows.SpareMemory;
        uint nextMemory = firstMemory;
        uint nextIo = PciWindows.SpareIoOf(devfn);
        for (int bar = 0; bar < Registers; bar++)
        {
            int register = FirstBar + (4 * bar);
            bool isIo = (_before[bar] & Io) != 0;
            uint address = _before[bar] & (isIo ? ~3u : ~15u);
            if (address == 0)
            {
                uint length = Measure(register, isIo);
                ref uint next = ref isIo ? ref nextIo : ref nextMemory;
                uint end = isIo ? PciWindows.SpareIoOf(devfn) + PciWindows.SpareIo : firstMemory + (spareMemory - 1);
                address = (next + length - 1) & ~(length - 1);
                if (length == 0)
                {
                    continue;
                }

                if (address < next || length > spareMemory || address + length - 1 > end)
                {
                    return false;
                }

                WriteConfig(register, address, 4);
                next = address + length;
            }

            _addresses[bar] = isIo ? windows.Io + address : windows.Memory + (address - windows.MemoryBus);
            if (!isIo && (_before[bar] & TypeMask) == Is64Bit)
            {
                bar++;
            }
        }

        return true;
    }

    /// <summary>True when the memory registers without addresses ask for more than every function's own part of the window.</summary>
    private bool NeedsLargeSpare()
    {
        ulong wanted = 0;
        for (int bar = 0; bar < Registers; bar++)
        {
            const uint Io = 1;
            bool counts = (_before[bar] & Io) == 0 && (_before[bar] & ~15u) == 0;
            wanted += counts ? Measure(FirstBar + (4 * bar), isIo: false) : 0;
        }

        return wanted > PciWindows.SpareMemory;
    }

    /// <summary>Bytes that a base address register asks for; 0 where there is none. Source: PCI Local Bus Specification 2.2, 6.2.5.1.</summary>
    private uint Measure(int register, bool isIo)
    {
        uint before = ReadConfig(register, 4);
        WriteConfig(register, uint.MaxValue, 4);
        uint mask = ReadConfig(register, 4) & (isIo ? ~3u : ~15u);
        WriteConfig(register, before, 4);
        return mask == 0 ? 0 : 1u << BitOperations.TrailingZeroCount(mask);
    }
}
