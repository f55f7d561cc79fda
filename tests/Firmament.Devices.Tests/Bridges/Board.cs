using Firmament.Core.Interrupts;
using Firmament.Core.Memory;
using Firmament.Devices.Bridges;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Bridges;

/// <summary>An MV64361 with a VT8231 at device 12 of PCI1, wired as on the board; no CPU.</summary>
public sealed class Board : IDisposable
{
    public Board()
    {
        Ram = new GuestMemory(1 << 20);
        Map = new MemoryMap(Ram, Bench.Tracer);
        Bridge = new Mv64361(Map, Bench.Scheduler, Bench.Tracer, new NoMemory()) { CpuInterrupt = Bench.Line };
        South = new Vt8231(
            Bridge.GppInput(31), Bench, new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Unspecified), 512 << 20, Bench.Scheduler, Bench.Tracer);
        South.PlaceOn(Bridge.Pci1, 12);
        Bridge.InterruptAcknowledge1 = South.Pic.Acknowledge;
        for (int pin = 0; pin < 4; pin++)
        {
            Bridge.ConnectPciInterrupt(pin, South.PirqInput(pin));
        }
    }

    public Bench Bench { get; } = new();

    public GuestMemory Ram { get; }

    public MemoryMap Map { get; }

    public Mv64361 Bridge { get; }

    public Vt8231 South { get; }

    public InterruptLine Cpu => Bench.Line;

    public uint Read(uint address, int size = 4)
    {
        uint value = (uint)Map.Read(new PhysicalAddress(address), size, out _);
        return size switch { 4 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value), 2 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)value), _ => value };
    }

    /// <summary>A little-endian store, as a driver makes with byte-reversed instructions.</summary>
    public void Write(uint address, uint value, int size = 4) => Map.Write(
        new PhysicalAddress(address),
        size switch { 4 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value), 2 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)value), _ => value },
        size);

    public void Register(uint offset, uint value) => Write(0xf100_0000 + offset, value);

    public uint Register(uint offset) => Read(0xf100_0000 + offset);

    public void Config1(int function, int offset, uint value, int size) =>
        Bridge.Pci1.WriteConfig((12 << 3) | function, offset, value, size);

    public void Out(uint port, byte value) => Write(0xfe00_0000 + port, value, 1);

    public byte In(uint port) => (byte)Read(0xfe00_0000 + port, 1);

    /// <summary>The writes of pegasos2.md section 6, and an initialized 8259 pair.</summary>
    public void Configure()
    {
        Register(0x000, 0x0280_20ff);
        Register(0x278, 0x000a_31fc);
        Register(0xf300, 0x11ff_0400);
        Register(0xf10c, 0x8000_0000);
        Register(0x01c, 0x0800_0000);
        Config1(0, 0x3c, 0x0009, 2);
        Config1(0, 0x50, 0x06, 1);
        foreach ((byte index, byte value) in new (byte, byte)[] { (0xf4, 0xbe), (0xf6, 0xef), (0xf7, 0xfc), (0xf2, 0x14) })
        {
            Out(0x3f0, index);
            Out(0x3f1, value);
        }

        Config1(0, 0x50, 0x02, 1);
        Config1(0, 0x55, 0x90, 1);
        Config1(0, 0x56, 0x99, 1);
        Config1(0, 0x57, 0x90, 1);
        Config1(2, 0x3c, 0x0409, 2);
        Config1(2, 0x04, 0x0007, 2);
        Config1(4, 0x3c, 0x0009, 2);
        Config1(4, 0x48, 0x0000_0f00, 4);
        Config1(4, 0x40, 0x0055_8020, 4);
        Config1(4, 0x90, 0x0000_0d00, 4);
        foreach ((uint port, byte vector, byte cascade) in new (uint, byte, byte)[] { (0x20, 0, 4), (0xa0, 8, 2) })
        {
            Out(port, 0x11);
            Out(port + 1, vector);
            Out(port + 1, cascade);
            Out(port + 1, 1);
        }
    }

    public void Dispose() => Ram.Dispose();
}
