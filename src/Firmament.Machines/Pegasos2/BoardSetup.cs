using Firmament.Core.Memory;
using Firmament.Machines.Placement;

namespace Firmament.Machines.Pegasos2;

/// <summary>
/// What the board's firmware does before it starts a client: opens the bridge's windows, routes interrupts, sets up the VT8231, and
/// (unless the guest is to do it) gives PCI cards addresses. All by ordinary accesses to the CPU's address space.
/// Source: pegasos2 reference, section 6.
/// </summary>
internal sealed class BoardSetup
{
    /// <summary>CPU address of the MV64361's registers.</summary>
    public const uint Bridge = 0xf100_0000;

    /// <summary>CPU address of the VT8231's port 0.</summary>
    public const uint IsaPorts = 0xfe00_0000;

    /// <summary>The ISA interrupt that all PCI interrupts are routed to.</summary>
    public const byte PciIrq = 9;

    private const uint Pci0Config = Bridge + 0xcf8;
    private const uint Pci1Config = Bridge + 0xc78;
    private const int SouthBridge = 0x0c << 3;
    private const int CommandRegister = 0x04;
    private const int InterruptLine = 0x3c;
    private const int InterruptPin = 0x3d;

    /// <summary>Ports below this belong to ISA devices and to the VT8231's power management block at 0xf00.</summary>
    private const uint FirstCardPort = 0x1000;

    private static readonly (uint Register, uint Value)[] BridgeWrites =
    [
        (0x000, 0x0280_20ff),
        (0x278, 0x000a_31fc),
        (0xf300, 0x11ff_0400),
        (0xf10c, 0x8000_0000),
        (0x01c, 0x0800_0000),
    ];

    private static readonly (int Function, int Register, uint Value, int Size)[] SouthBridgeWrites =
    [
        (0, 0x3c, 0x0009, 2),
        (0, 0x55, 0x90, 1), // PIRQA
        (0, 0x56, 0x99, 1), // PIRQC and PIRQB
        (0, 0x57, 0x90, 1), // PIRQD
        (1, 0x3c, 0x0109, 2),
        (1, 0x09, 0x0f, 1),
        (1, 0x40, 0x0b, 1),
        (1, 0x50, 0x1717_1717, 4),
        (1, 0x04, 0x0087, 2),
        (2, 0x3c, 0x0409, 2),
        (2, 0x04, 0x0007, 2),
        (3, 0x3c, 0x0409, 2),
        (3, 0x04, 0x0007, 2),
        (4, 0x3c, 0x0009, 2),
        (4, 0x48, 0x0000_0f00, 4),
        (4, 0x40, 0x0055_8020, 4),
        (4, 0x90, 0x0000_0d00, 4),
        (5, 0x3c, 0x0309, 2),
        (6, 0x3c, 0x0309, 2),
    ];

    /// <summary>SuperIO: UART at 0x2f8, parallel port at 0x3bc, floppy at 0x3f0; all three enabled.</summary>
    private static readonly (byte Index, byte Value)[] SuperIoWrites = [(0xf4, 0xbe), (0xf6, 0xef), (0xf7, 0xfc), (0xf2, 0x14)];

    private readonly LittleEndianBus _bus;

    /// <summary>Prepares to write through the CPU's address space.</summary>
    public BoardSetup(MemoryMap map)
    {
        _bus = new LittleEndianBus(map);
        Pci0 = new BridgeConfigAccess(_bus, Pci0Config);
        Pci1 = new BridgeConfigAccess(_bus, Pci1Config);
    }

    /// <summary>Configuration cycles on the bus at 0xc0000000.</summary>
    public IConfigAccess Pci0 { get; }

    /// <summary>Configuration cycles on the bus at 0x80000000.</summary>
    public IConfigAccess Pci1 { get; }

    /// <summary>Writes the state every client of the board finds.</summary>
    public void WriteRegisters()
    {
        foreach ((uint register, uint value) in BridgeWrites)
        {
            _bus.Write(Bridge + register, value, 4);
        }

        const uint IoMemoryMaster = 7;
        Pci0.Write(0, CommandRegister, IoMemoryMaster, 2);
        Pci1.Write(0, CommandRegister, IoMemoryMaster, 2);
        WriteSuperIo();
        foreach ((int function, int register, uint value, int size) in SouthBridgeWrites)
        {
            Pci1.Write(SouthBridge | function, register, value, size);
        }

        // All PCI interrupts share one ISA interrupt, so it must be level triggered: an edge would be lost while another card holds the line.
        WritePort(0x4d0, 0);
        WritePort(0x4d1, 1 << (PciIrq - 8));
    }

    /// <summary>Tells every card which ISA interrupt its pin leads to, and gives its base address registers addresses when asked.</summary>
    /// <param name="assignAddresses">False leaves base address registers to the guest.</param>
    /// <returns>Base address registers without room, for a note to the user.</returns>
    public IReadOnlyList<string> SetUpCards(bool assignAddresses)
    {
        RouteInterrupts(Pci0);
        RouteInterrupts(Pci1);
        if (!assignAddresses)
        {
            return [];
        }

        return
        [
            .. new PciAssigner(Pci1, (FirstCardPort, 0x1_0000), (0x8000_0000, 0xc000_0000)).Assign().Select(static bar => "pci.1 " + bar),
            .. new PciAssigner(Pci0, (FirstCardPort, 0x1_0000), (0xc000_0000, 0xe000_0000)).Assign().Select(static bar => "pci.0 " + bar),
        ];
    }

    /// <summary>The ISA interrupt that pin <paramref name="pin"/> (1 to 4) of a device leads to, from the VT8231's routing registers.</summary>
    public byte IrqOf(int device, int pin)
    {
        // The board rotates pins by device number; VT8231 registers 0x55 to 0x57 hold PIRQA, C and D in bits 7:4, B in bits 3:0.
        uint routing = ((pin - 1 + device) & 3) switch
        {
            0 => Pci1.Read(SouthBridge, 0x55, 1) >> 4,
            1 => Pci1.Read(SouthBridge, 0x56, 1),
            2 => Pci1.Read(SouthBridge, 0x56, 1) >> 4,
            _ => Pci1.Read(SouthBridge, 0x57, 1) >> 4,
        };
        return (byte)(routing & 15);
    }

    /// <summary>Linux finds no interrupt-map on this board and takes the interrupt from the line register; QEMU leaves it 0, so cards get none there.</summary>
    private void RouteInterrupts(IConfigAccess config)
    {
        for (int devfn = 0; devfn < 256; devfn++)
        {
            bool isSouthBridge = config == Pci1 && (devfn & ~7) == SouthBridge;
            if (isSouthBridge || config.Read(devfn, 0, 2) == 0xffff)
            {
                continue;
            }

            uint pin = config.Read(devfn, InterruptPin, 1);
            if (pin is >= 1 and <= 4)
            {
                config.Write(devfn, InterruptLine, IrqOf(devfn >> 3, (int)pin), 1);
            }
        }
    }

    private void WriteSuperIo()
    {
        const int IsaConfiguration = 0x50;
        const ushort Index = 0x3f0;
        const ushort Data = 0x3f1;
        Pci1.Write(SouthBridge, IsaConfiguration, 0x06, 1);
        foreach ((byte index, byte value) in SuperIoWrites)
        {
            WritePort(Index, index);
            WritePort(Data, value);
        }

        Pci1.Write(SouthBridge, IsaConfiguration, 0x02, 1);
    }

    private void WritePort(ushort port, byte value) => _bus.Write(IsaPorts + port, value, 1);
}
