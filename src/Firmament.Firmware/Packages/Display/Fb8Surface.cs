using Firmament.Firmware.Drivers.Display;

namespace Firmament.Firmware.Packages.Display;

/// <summary>
/// Character cells on a picture of one byte a pixel, what IEEE 1275-1994 3.8.6 calls the fb8 support package: drawing, erasing and moving cells, and
/// rectangles of pixels.
/// </summary>
public sealed class Fb8Surface(IDisplayDriver display)
{
    private readonly byte[] _row = new byte[display.Width];

    /// <summary>The display.</summary>
    public IDisplayDriver Display => display;

    /// <summary>Characters in a line.</summary>
    public int Columns => display.Width / ConsoleFont.Width;

    /// <summary>Lines.</summary>
    public int Lines => display.Height / ConsoleFont.Height;

    /// <summary>First pixel of the text window: it is centred.</summary>
    public int Left => (display.Width - (Columns * ConsoleFont.Width)) / 2;

    /// <summary>First row of the text window.</summary>
    public int Top => (display.Height - (Lines * ConsoleFont.Height)) / 2;

    /// <summary>`draw-character`.</summary>
    public void Draw(int column, int line, byte character, byte foreground, byte background)
    {
        ReadOnlySpan<byte> glyph = ConsoleFont.Glyph(character);
        Span<byte> pixels = stackalloc byte[ConsoleFont.Width];
        for (int y = 0; y < ConsoleFont.Height; y++)
        {
            for (int x = 0; x < ConsoleFont.Width; x++)
            {
                pixels[x] = (glyph[y] & (0x80 >> x)) != 0 ? foreground : background;
            }

            display.Write(Left + (column * ConsoleFont.Width), Top + (line * ConsoleFont.Height) + y, pixels);
        }
    }

    /// <summary>Erases cells of a line.</summary>
    public void Erase(int column, int line, int count, byte background) =>
        Fill(Left + (column * ConsoleFont.Width), Top + (line * ConsoleFont.Height), count * ConsoleFont.Width, ConsoleFont.Height, background);

    /// <summary>Moves cells within a line, `insert-characters` and `delete-characters`.</summary>
    public void MoveCells(int line, int from, int to, int count)
    {
        Span<byte> pixels = _row.AsSpan(0, count * ConsoleFont.Width);
        for (int y = Top + (line * ConsoleFont.Height); y < Top + ((line + 1) * ConsoleFont.Height); y++)
        {
            display.Read(Left + (from * ConsoleFont.Width), y, pixels);
            display.Write(Left + (to * ConsoleFont.Width), y, pixels);
        }
    }

    /// <summary>Moves whole lines, `insert-lines` and `delete-lines`.</summary>
    public void MoveLines(int from, int to, int count)
    {
        int rows = count * ConsoleFont.Height;
        for (int i = 0; i < rows; i++)
        {
            int y = from > to ? i : rows - 1 - i;
            display.Read(0, Top + (from * ConsoleFont.Height) + y, _row);
            display.Write(0, Top + (to * ConsoleFont.Height) + y, _row);
        }
    }

    /// <summary>Swaps two colours in a cell, `toggle-cursor`.</summary>
    public void Invert(int column, int line, byte one, byte other)
    {
        Span<byte> pixels = stackalloc byte[ConsoleFont.Width];
        for (int y = Top + (line * ConsoleFont.Height); y < Top + ((line + 1) * ConsoleFont.Height); y++)
        {
            display.Read(Left + (column * ConsoleFont.Width), y, pixels);
            foreach (ref byte pixel in pixels)
            {
                pixel = pixel == one ? other : pixel == other ? one : pixel;
            }

            display.Write(Left + (column * ConsoleFont.Width), y, pixels);
        }
    }

    /// <summary>`invert-screen`: swaps two colours everywhere.</summary>
    public void InvertAll(byte one, byte other)
    {
        for (int y = 0; y < display.Height; y++)
        {
            display.Read(0, y, _row);
            foreach (ref byte pixel in _row.AsSpan())
            {
                pixel = pixel == one ? other : pixel == other ? one : pixel;
            }

            display.Write(0, y, _row);
        }
    }

    /// <summary>Fills a rectangle of pixels; what lies outside the picture is left out.</summary>
    public void Fill(int x, int y, int width, int height, byte color)
    {
        (int right, int bottom) = ((int)Math.Min((long)x + width, display.Width), (int)Math.Min((long)y + height, display.Height));
        if (x >= right || x < 0 || y < 0)
        {
            return;
        }

        Span<byte> pixels = _row.AsSpan(0, right - x);
        pixels.Fill(color);
        for (; y < bottom; y++)
        {
            display.Write(x, y, pixels);
        }
    }
}
