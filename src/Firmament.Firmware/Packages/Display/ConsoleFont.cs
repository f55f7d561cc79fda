namespace Firmament.Firmware.Packages.Display;

/// <summary>
/// The console's letters, 8 by 16 pixels, drawn for Firmament: each is a list of strokes through points of a grid that is 7 wide and 13 high, x as a
/// digit and y as a hexadecimal digit. y 0 is the top of capitals, 3 of small letters, 9 the base line, c the lowest descender.
/// </summary>
public static class ConsoleFont
{
    /// <summary>Pixels across.</summary>
    public const int Width = 8;

    /// <summary>Rows.</summary>
    public const int Height = 16;

    private const int First = 0x20;
    private const int Top = 2;

    private static readonly string[] Strokes =
    [
        "", "3036 3839", "2022 4042", "2029 4049 0363 0666", "615010010314546568591908 3039", "0020220200 6009 4767694947", "691211203041420508193966",
        "3032", "40222749", "20424729", "3137 0266 6206", "3238 0565", "383a2b", "0565", "28383929", "6009",
        "105061685919080110 1652", "123039 1959", "01105061630969", "01105061635424 546568591908", "500666 5059", "60000454656859 1908 5919", "6150100108195968655404",
        "006029", "105061635465685919080514030110 1454", "0819596861501001031464", "23333424 27373828", "23333424 383a2b", "510559", "0363 0666", "116519",
        "01105061633536 3839",
        "69190801105061664635344363", "0903306369 0565", "00095968655404 0050616354", "6150100108195968", "00094967624000", "60000969 0444", "600009 0444",
        "61501001081959686535", "0009 6069 0464", "1050 3039 1959", "606859190806", "0009 6005 2469", "000969", "0900346069", "09006960", "105061685919080110",
        "09005061645505", "105061685919080110 3669", "09005061645505 2569", "615010010314546568591908", "0060 3039", "000819596860", "0005396560", "0009366960",
        "0069 6009", "003460 3439", "00600969", "40202949", "0069", "20404929", "033063", "0b6b",
        "2042", "13536469 691908071666", "00095968645303", "6453130408195968", "60691908041363", "06666453130408195968", "50403139 1454", "631304081969 636b5c1c",
        "0009 0413536469", "3031 233339 1959", "4041 33434b3c1c", "0009 5306 2569", "203039 1959", "0903233439 3443536469", "0903 0413536469", "135364685919080413",
        "0c035364685909", "6c631304081969", "0903 05235364", "645313040516566768591908", "30384959 1353", "0308195968 6369", "033963", "0319355963",
        "0369 6309", "03081969 636b5c1c", "03630969", "504031332435384959", "303a", "102031334435382919", "051424465665",
    ];

    private static readonly byte[] Rows = Draw();

    /// <summary>The rows of a character, top first; the leftmost pixel is the high bit. A box for what there is no letter for.</summary>
    public static ReadOnlySpan<byte> Glyph(byte character)
    {
        int index = character - First;
        return Rows.AsSpan(((uint)index < (uint)Strokes.Length ? index : Strokes.Length) * Height, Height);
    }

    private static byte[] Draw()
    {
        byte[] rows = new byte[(Strokes.Length + 1) * Height];
        for (int i = 0; i < Strokes.Length; i++)
        {
            DrawGlyph(Strokes[i], rows.AsSpan(i * Height, Height));
        }

        DrawGlyph("0060690900", rows.AsSpan(Strokes.Length * Height, Height));
        return rows;
    }

    private static void DrawGlyph(string strokes, Span<byte> rows)
    {
        foreach (Range range in strokes.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> points = strokes.AsSpan()[range];
            for (int i = 0; i + 3 < points.Length; i += 2)
            {
                DrawLine(points[i] - '0', Digit(points[i + 1]), points[i + 2] - '0', Digit(points[i + 3]), rows);
            }
        }
    }

    private static void DrawLine(int x0, int y0, int x1, int y1, Span<byte> rows)
    {
        int steps = Math.Max(Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)), 1);
        for (int i = 0; i <= steps; i++)
        {
            // Rounded to the nearest, so that a line is the same from either end but for exact halves.
            int x = x0 + (((2 * (x1 - x0) * i) + steps) >> 1) / steps;
            int y = y0 + (((2 * (y1 - y0) * i) + steps) >> 1) / steps;
            rows[Top + y] |= (byte)(0x80 >> x);
        }
    }

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
