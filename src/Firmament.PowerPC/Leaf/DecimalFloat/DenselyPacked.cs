namespace Firmament.PowerPC.Leaf.DecimalFloat;

/// <summary>Densely packed decimal: three digits in ten bits. Power ISA 2.07B Book I 5.4, appendix B.</summary>
internal static class DenselyPacked
{
    /// <summary>Three digits to the canonical declet.</summary>
    public static int Pack(int hundreds, int tens, int ones)
    {
        int a = hundreds & 7;
        int b = tens & 7;
        int c = ones & 7;
        int a0 = hundreds & 1;
        int b0 = tens & 1;
        int c0 = ones & 1;
        int large = ((hundreds >> 3) << 2) | ((tens >> 3) << 1) | (ones >> 3);
        return large switch
        {
            0 => (a << 7) | (b << 4) | c,
            1 => (a << 7) | (b << 4) | 8 | c0,
            2 => (a << 7) | ((c & 6) << 4) | (b0 << 4) | 10 | c0,
            3 => (a << 7) | 0x40 | (b0 << 4) | 14 | c0,
            4 => ((c & 6) << 7) | (a0 << 7) | (b << 4) | 12 | c0,
            5 => ((b & 6) << 7) | (a0 << 7) | 0x20 | (b0 << 4) | 14 | c0,
            6 => ((c & 6) << 7) | (a0 << 7) | (b0 << 4) | 14 | c0,
            _ => (a0 << 7) | 0x60 | (b0 << 4) | 14 | c0,
        };
    }

    /// <summary>A declet's three digits; redundant patterns too.</summary>
    public static void Unpack(int declet, out byte hundreds, out byte tens, out byte ones)
    {
        int p = (declet >> 7) & 7;
        int s = (declet >> 4) & 7;
        int w = declet & 7;
        int small2 = 8 | (p & 1);
        int small1 = 8 | (s & 1);
        int small0 = 8 | (w & 1);
        (int x, int y, int z) = ((declet >> 3) & 1) == 0 ? (p, s, w) : (w >> 1) switch
        {
            0 => (p, s, small0),
            1 => (p, small1, (s & 6) | (w & 1)),
            2 => (small2, s, (p & 6) | (w & 1)),
            _ => (s >> 1) switch
            {
                0 => (small2, small1, (p & 6) | (w & 1)),
                1 => (small2, (p & 6) | (s & 1), small0),
                2 => (p, small1, small0),
                _ => (small2, small1, small0),
            },
        };
        hundreds = (byte)x;
        tens = (byte)y;
        ones = (byte)z;
    }
}
