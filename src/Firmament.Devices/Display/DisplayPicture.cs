using System.Globalization;
using System.Text;

namespace Firmament.Devices.Display;

/// <summary>What a monitor would show: rows from the top, three bytes a pixel (red, green, blue).</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Width × Height × 3 bytes.</param>
public sealed record DisplayPicture(int Width, int Height, byte[] Pixels)
{
    /// <summary>The colour of a pixel, 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 3;
            return (Pixels[at] << 16) | (Pixels[at + 1] << 8) | Pixels[at + 2];
        }
    }

    /// <summary>The picture as a portable pixmap (PPM, "P6").</summary>
    public byte[] ToPpm() => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P6\n{Width} {Height}\n255\n")), .. Pixels];
}
