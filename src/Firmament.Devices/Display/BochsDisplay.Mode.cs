using System.Buffers.Binary;
using Firmament.Core.Io;
using Firmament.Core.Memory;

namespace Firmament.Devices.Display;

/// <content>The DISPI registers, the mode they make, and the picture in it.</content>
public sealed partial class BochsDisplay
{
    private const int DispiRegisters = 11;
    private const int XRes = 1;
    private const int YRes = 2;
    private const int BitsPerPixel = 3;
    private const int EnableRegister = 4;
    private const int VirtualWidth = 6;
    private const int XOffset = 8;
    private const int YOffset = 9;

    private const ushort Newest = 0xb0c5;
    private const ushort Enabled = 0x01;
    private const ushort AsksLimits = 0x02;
    private const ushort EightBitPalette = 0x20;
    private const ushort KeepsMemory = 0x80;
    private const ushort MostColumns = 16000;
    private const ushort MostRows = 12000;
    private const ushort MostBits = 32;
    private const uint BigEndianPixels = 0xbebe_bebe;
    private const uint LittleEndianPixels = 0x1e1e_1e1e;

    private static readonly RegisterMap<BochsDisplay> Registers = new()
    {
        { 0x500, "ID", Access.ReadWrite, Newest, static d => d._dispi[0], static (d, v) => d._dispi[0] = (v & 0xfff0) == 0xb0c0 ? (ushort)v : d._dispi[0] },
        { 0x502, "XRES", Access.ReadWrite, 0, static d => d.Size(XRes, MostColumns), static (d, v) => d.SetSize(XRes, v & ~7u, MostColumns) },
        { 0x504, "YRES", Access.ReadWrite, 0, static d => d.Size(YRes, MostRows), static (d, v) => d.SetSize(YRes, v, MostRows) },
        { 0x506, "BPP", Access.ReadWrite, 0, static d => d.Size(BitsPerPixel, MostBits), static (d, v) => d.SetBits(v) },
        { 0x508, "ENABLE", Access.ReadWrite, 0, static d => d._dispi[EnableRegister], static (d, v) => d.Enable((ushort)v) },
        { 0x50a, "BANK", Access.ReadWrite, 0, static d => d._dispi[5], static (d, v) => d._dispi[5] = (ushort)v },
        { 0x50c, "VIRT_WIDTH", Access.ReadWrite, 0, static d => d._dispi[VirtualWidth], static (d, v) => d.SetVirtualWidth((ushort)v) },
        { 0x50e, "VIRT_HEIGHT", Access.ReadOnly, 0, static d => d.VirtualHeight },
        { 0x510, "X_OFFSET", Access.ReadWrite, 0, static d => d._dispi[XOffset], static (d, v) => d._dispi[XOffset] = (ushort)v },
        { 0x512, "Y_OFFSET", Access.ReadWrite, 0, static d => d._dispi[YOffset], static (d, v) => d._dispi[YOffset] = (ushort)v },
        { 0x514, "VIDEO_MEMORY_64K", Access.ReadOnly, DefaultMemory >> 16, static d => (uint)(d._memory.Size >> 16) },
        { 0x600, "EXT_SIZE", Access.ReadOnly, 8, static _ => 8 },
        {
            0x604, "BYTE_ORDER", Access.ReadWrite, LittleEndianPixels, static d => d._isBigEndian ? BigEndianPixels : LittleEndianPixels,
            static (d, v) => d._isBigEndian = v == BigEndianPixels || (v != LittleEndianPixels && d._isBigEndian)
        },
    };

    /// <summary>True while a mode is set and the picture is not blanked.</summary>
    public bool IsOn => (_dispi[EnableRegister] & Enabled) != 0 && _palette.IsScreenOn && BytesPerPixel != 0;

    private int BytesPerPixel => _dispi[BitsPerPixel] switch
    {
        8 => 1,
        15 or 16 => 2,
        24 => 3,
        32 => 4,
        _ => 0,
    };

    private int LineBytes => Math.Max(_dispi[VirtualWidth], _dispi[XRes]) * BytesPerPixel;

    private uint VirtualHeight => LineBytes == 0 ? 0 : (uint)Math.Min(_memory.Size / (ulong)LineBytes, ushort.MaxValue);

    /// <summary>What the monitor shows; null while it is dark. Rows past the end of the card's memory are black.</summary>
    public DisplayPicture? Picture()
    {
        if (!IsOn || _dispi[XRes] == 0 || _dispi[YRes] == 0)
        {
            return null;
        }

        (int width, int height, int step) = (_dispi[XRes], (int)Math.Min(_dispi[YRes], VirtualHeight), BytesPerPixel);
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            ulong start = ((ulong)(y + _dispi[YOffset]) * (ulong)LineBytes) + ((ulong)_dispi[XOffset] * (ulong)step);
            if (_memory.TrySlice(new PhysicalAddress(start), (ulong)(width * step), out ReadOnlySpan<byte> row))
            {
                for (int x = 0; x < width; x++)
                {
                    Convert(row.Slice(x * step, step), pixels.AsSpan(((y * width) + x) * 3, 3));
                }
            }
        }

        return new DisplayPicture(width, height, pixels);
    }

    private void Convert(ReadOnlySpan<byte> pixel, Span<byte> color)
    {
        switch (pixel.Length)
        {
            case 1:
                (color[0], color[1], color[2]) = _palette.Color(pixel[0], (_dispi[EnableRegister] & EightBitPalette) != 0);
                break;
            case 2:
                int value = _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(pixel) : BinaryPrimitives.ReadUInt16LittleEndian(pixel);
                int green = _dispi[BitsPerPixel] == 15 ? (value >> 4) & 0x3e : (value >> 5) & 0x3f;
                int red = _dispi[BitsPerPixel] == 15 ? (value >> 10) & 0x1f : value >> 11;
                (color[0], color[1], color[2]) = ((byte)((red << 3) | (red >> 2)), (byte)((green << 2) | (green >> 4)), (byte)(((value & 0x1f) << 3) | ((value & 0x1f) >> 2)));
                break;
            default:
                // 0xRRGGBB, or 0x00RRGGBB, in the order of bytes that the register says.
                int first = _isBigEndian ? pixel.Length - 3 : 2;
                int direction = _isBigEndian ? 1 : -1;
                (color[0], color[1], color[2]) = (pixel[first], pixel[first + direction], pixel[first + (2 * direction)]);
                break;
        }
    }

    private void ResetRegisters()
    {
        Array.Clear(_dispi);
        _dispi[0] = Newest;
        _isBigEndian = _startsBigEndian;
    }

    private ushort Size(int register, ushort most) => (_dispi[EnableRegister] & AsksLimits) != 0 ? most : _dispi[register];

    private void SetSize(int register, uint value, ushort most)
    {
        if (value <= most)
        {
            _dispi[register] = (ushort)value;
        }
    }

    private void SetBits(uint value)
    {
        value = value == 0 ? 8 : value;
        if (value is 8 or 15 or 16 or 24 or 32)
        {
            _dispi[BitsPerPixel] = (ushort)value;
        }
    }

    private void SetVirtualWidth(ushort value) => _dispi[VirtualWidth] = Math.Max(value, _dispi[XRes]);

    /// <summary>Turning a mode on clears the memory, unless asked not to, and shows its first rows.</summary>
    private void Enable(ushort value)
    {
        bool turnsOn = (value & ~_dispi[EnableRegister] & Enabled) != 0;
        _dispi[EnableRegister] = value;
        if (!turnsOn)
        {
            return;
        }

        _dispi[VirtualWidth] = _dispi[XRes];
        _dispi[XOffset] = 0;
        _dispi[YOffset] = 0;
        if ((value & KeepsMemory) == 0)
        {
            _ = _memory.TryFill(new PhysicalAddress(0), _memory.Size, 0);
        }
    }
}
