using System.Buffers.Binary;
using Firmament.Core.Interrupts;
using Firmament.Devices.Storage;
using Firmament.Devices.Tests.Virtio;

namespace Firmament.Devices.Tests.Storage;

/// <summary>An IDE controller at the registers the pegasos2 firmware leaves, and a polling driver for its primary channel.</summary>
internal sealed class IdeRig : IDisposable
{
    public const int DevFn = (12 << 3) | 1;
    public const uint BusMasterBase = 0xcc00;
    public const ulong Table = 0x1000;
    public const ulong Data = 0x10000;

    private readonly uint _commands;
    private readonly uint _control;

    public IdeRig(bool native = false, bool nativeUsesPciPin = false)
    {
        Controller = new IdeController(
            new InterruptLine("irq14", level => Irq14 = level), new InterruptLine("irq15", level => Irq15 = level), Pci.Tracer, nativeUsesPciPin);
        Pci.Bus.Place(Controller, 12, 1);
        Pci.Bus.Reset();
        Config(0x3c, 0x0109, 2);
        Config(0x09, native ? 0x0fu : 0x0au, 1);
        Config(0x40, 0x0b, 1);
        Config(0x50, 0x1717_1717, 4);
        Config(0x10, 0x1000, 4);
        Config(0x14, 0x100c, 4);
        Config(0x18, 0x1020, 4);
        Config(0x1c, 0x102c, 4);
        Config(0x04, 0x0087, 2);
        _commands = native ? 0x1000u : 0x1f0;
        _control = native ? 0x100eu : 0x3f6;
    }

    public PciRig Pci { get; } = new();

    public IdeController Controller { get; }

    public bool Irq14 { get; private set; }

    public bool Irq15 { get; private set; }

    public byte Status => Read(7);

    public byte AlternateStatus => (byte)Pci.Bus.Io.Read(_control, 1);

    public void Dispose() => Pci.Dispose();

    public void Config(int offset, uint value, int size) => Pci.Bus.WriteConfig(DevFn, offset, value, size);

    public byte Read(uint register) => (byte)Pci.Bus.Io.Read(_commands + register, 1);

    public void Write(uint register, byte value) => Pci.Bus.Io.Write(_commands + register, value, 1);

    public void Control(byte value) => Pci.Bus.Io.Write(_control, value, 1);

    public byte BusMaster(uint register) => (byte)Pci.Bus.Io.Read(BusMasterBase + register, 1);

    public void BusMaster(uint register, uint value, int size = 1) => Pci.Bus.Io.Write(BusMasterBase + register, value, size);

    /// <summary>Issues a command with a 28-bit address.</summary>
    public void Command(byte command, uint lba = 0, byte count = 0, byte features = 0, byte device = 0)
    {
        Write(6, (byte)(0xe0 | (device << 4) | (byte)(lba >> 24)));
        Write(1, features);
        Write(2, count);
        Write(3, (byte)lba);
        Write(4, (byte)(lba >> 8));
        Write(5, (byte)(lba >> 16));
        Write(7, command);
    }

    /// <summary>Issues a command with a 48-bit address.</summary>
    public void CommandExt(byte command, ulong lba, ushort count)
    {
        Write(6, 0xe0);
        Write(2, (byte)(count >> 8));
        Write(3, (byte)(lba >> 24));
        Write(4, (byte)(lba >> 32));
        Write(5, (byte)(lba >> 40));
        Write(2, (byte)count);
        Write(3, (byte)lba);
        Write(4, (byte)(lba >> 8));
        Write(5, (byte)(lba >> 16));
        Write(7, command);
    }

    public byte[] PioIn(int length, int width = 2)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += width)
        {
            ulong value = Pci.Bus.Io.Read(_commands, width);
            for (int j = 0; j < width && i + j < length; j++)
            {
                bytes[i + j] = (byte)(value >> (8 * j));
            }
        }

        return bytes;
    }

    public void PioOut(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i += 2)
        {
            Pci.Bus.Io.Write(_commands, BinaryPrimitives.ReadUInt16LittleEndian(bytes[i..]), 2);
        }
    }

    public void Regions(params (ulong Address, int Length)[] regions)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            byte[] entry = new byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)regions[i].Address);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), (uint)(regions[i].Length & 0xffff) | (i == regions.Length - 1 ? 0x8000_0000 : 0));
            Pci.Write(Table + (ulong)(8 * i), entry);
        }

        BusMaster(4, (uint)Table, 4);
        BusMaster(2, 6);
    }

    /// <summary>Sends a packet to the drive.</summary>
    public void Packet(byte[] packet, ushort limit = 0xfffe, byte features = 0)
    {
        Write(6, 0xa0);
        Write(1, features);
        Write(4, (byte)limit);
        Write(5, (byte)(limit >> 8));
        Write(7, 0xa0);
        Assert.Equal(1, Read(2) & 3);
        Assert.Equal(0x08, Status & 0x88);
        byte[] padded = new byte[12];
        packet.CopyTo(padded, 0);
        PioOut(padded);
    }

    /// <summary>Takes all data of a packet by PIO.</summary>
    public byte[] PacketData()
    {
        List<byte> bytes = [];
        while ((Status & 8) != 0)
        {
            Assert.Equal(2, Read(2) & 3);
            bytes.AddRange(PioIn(Read(4) | (Read(5) << 8)));
        }

        Assert.Equal(3, Read(2) & 3);
        return [.. bytes];
    }
}
