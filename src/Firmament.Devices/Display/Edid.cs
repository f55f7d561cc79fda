using System.Buffers.Binary;

namespace Firmament.Devices.Display;

/// <summary>The 128 bytes by which a monitor describes itself. Source: VESA E-EDID standard, release A, structure 1.3.</summary>
internal static class Edid
{
    /// <summary>Bytes of the block.</summary>
    public const int Length = 128;

    /// <summary>A monitor that likes one mode best, at 60 Hz, and takes the usual smaller ones.</summary>
    /// <param name="width">Pixels, 1 to 4095.</param>
    /// <param name="height">Rows, 1 to 4095.</param>
    public static byte[] For(int width, int height)
    {
        byte[] edid = new byte[Length];
        ((ReadOnlySpan<byte>)[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]).CopyTo(edid);
        BinaryPrimitives.WriteUInt16BigEndian(edid.AsSpan(8), ('F' - '@') << 10 | ('M' - '@') << 5 | ('T' - '@'));
        ((ReadOnlySpan<byte>)[0x01, 0x00, 0, 0, 0, 0, 1, 30, 1, 3, 0xa5, (byte)(width / 38), (byte)(height / 38), 120, 0x06]).CopyTo(edid.AsSpan(10));

        // Chromaticity of sRGB; established timings 640x480, 800x600, 1024x768 at 60 Hz; no standard timings.
        ((ReadOnlySpan<byte>)[0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54, 0x21, 0x08, 0x00]).CopyTo(edid.AsSpan(25));
        edid.AsSpan(38, 16).Fill(1);
        WriteTiming(edid.AsSpan(54, 18), width, height);
        WriteText(edid.AsSpan(72, 18), 0xfc, "Firmament"u8);
        edid.AsSpan(90 + 3, 1).Fill(0x10);
        edid.AsSpan(108 + 3, 1).Fill(0x10);
        byte sum = 0;
        foreach (byte b in edid)
        {
            sum += b;
        }

        edid[127] = (byte)-sum;
        return edid;
    }

    private static void WriteTiming(Span<byte> block, int width, int height)
    {
        int horizontalBlank = width / 4;
        int verticalBlank = (height / 25) + 8;
        long clock = (long)(width + horizontalBlank) * (height + verticalBlank) * 60 / 10_000;
        BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)Math.Min(clock, ushort.MaxValue));
        block[2] = (byte)width;
        block[3] = (byte)horizontalBlank;
        block[4] = (byte)(((width >> 8) << 4) | (horizontalBlank >> 8));
        block[5] = (byte)height;
        block[6] = (byte)verticalBlank;
        block[7] = (byte)(((height >> 8) << 4) | (verticalBlank >> 8));
        block[8] = (byte)(horizontalBlank / 4 & 0xff);
        block[9] = (byte)(horizontalBlank / 4 & 0xff);
        block[10] = 0x36;
        block[17] = 0x18;
    }

    private static void WriteText(Span<byte> block, byte kind, ReadOnlySpan<byte> text)
    {
        block[3] = kind;
        block[5..].Fill((byte)' ');
        text.CopyTo(block[5..]);
        block[5 + text.Length] = (byte)'\n';
    }
}
