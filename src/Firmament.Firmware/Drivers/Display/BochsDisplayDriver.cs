using System.Buffers.Binary;
using Firmament.Firmware.Drivers.Pci;

namespace Firmament.Firmware.Drivers.Display;

/// <summary>The display card with the DISPI registers (docs/chips/bochs-display.md): 800 by 600 pixels of 8 bits.</summary>
public sealed class BochsDisplayDriver(DriverHost host, IPciFunctionAccess card) : CountedDriver, IDisplayDriver
{
    private const int Memory = 0;
    private const int Registers = 2;
    private const uint Vga = 0x400 - 0x3c0;
    private const uint Dispi = 0x500;
    private const uint Id = 0;
    private const uint XRes = 1;
    private const uint YRes = 2;
    private const uint BitsPerPixel = 3;
    private const uint Enable = 4;
    private const uint EnabledLinearEightBitPalette = 0x61;

    /// <inheritdoc/>
    public int Width => 800;

    /// <inheritdoc/>
    public int Height => 600;

    /// <inheritdoc/>
    public uint? Address => card.Address(Memory) is var address and > 0 and <= uint.MaxValue ? (uint)address : null;

    /// <inheritdoc/>
    public void SetColor(byte index, byte red, byte green, byte blue)
    {
        WritePort(0x3c8, index);
        WritePort(0x3c9, red);
        WritePort(0x3c9, green);
        WritePort(0x3c9, blue);
    }

    /// <inheritdoc/>
    public (byte Red, byte Green, byte Blue) GetColor(byte index)
    {
        WritePort(0x3c7, index);
        byte red = ReadPort(0x3c9);
        byte green = ReadPort(0x3c9);
        return (red, green, ReadPort(0x3c9));
    }

    /// <inheritdoc/>
    public void Read(int x, int y, Span<byte> pixels)
    {
        uint at = (uint)((y * Width) + x);
        while (pixels.Length > 0)
        {
            if (at % 4 == 0 && pixels.Length >= 4)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(pixels, card.Read(Memory, at, 4));
                at += 4;
                pixels = pixels[4..];
                continue;
            }

            pixels[0] = (byte)card.Read(Memory, at, 1);
            at += 1;
            pixels = pixels[1..];
        }
    }

    /// <inheritdoc/>
    public void Write(int x, int y, ReadOnlySpan<byte> pixels)
    {
        uint at = (uint)((y * Width) + x);
        while (pixels.Length > 0)
        {
            if (at % 4 == 0 && pixels.Length >= 4)
            {
                card.Write(Memory, at, BinaryPrimitives.ReadUInt32LittleEndian(pixels), 4);
                at += 4;
                pixels = pixels[4..];
                continue;
            }

            card.Write(Memory, at, pixels[0], 1);
            at += 1;
            pixels = pixels[1..];
        }
    }

    /// <inheritdoc/>
    protected override bool TryStartDevice()
    {
        if (!card.TryEnable())
        {
            host.Report(card.Name, "no room for its registers");
            return false;
        }

        if ((card.Read(Registers, Dispi + (2 * Id), 2) & 0xfff0) != 0xb0c0)
        {
            host.Report(card.Name, "no mode registers answer");
            return false;
        }

        WriteDispi(Enable, 0);
        WriteDispi(XRes, (uint)Width);
        WriteDispi(YRes, (uint)Height);
        WriteDispi(BitsPerPixel, 8);
        WriteDispi(Enable, EnabledLinearEightBitPalette);

        // The attribute controller's switch: index 0x20 lets the picture through, after a read that makes the port expect an index.
        _ = ReadPort(0x3da);
        WritePort(0x3c0, 0x20);
        return true;
    }

    /// <inheritdoc/>
    protected override void StopDevice() => card.Disable();

    private void WriteDispi(uint register, uint value) => card.Write(Registers, Dispi + (2 * register), value, 2);

    private void WritePort(uint port, byte value) => card.Write(Registers, Vga + port, value, 1);

    private byte ReadPort(uint port) => (byte)card.Read(Registers, Vga + port, 1);
}
