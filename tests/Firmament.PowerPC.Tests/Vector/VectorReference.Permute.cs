namespace Firmament.PowerPC.Tests.Vector;

using Model = Func<VectorCase, Quadword>;

internal static partial class VectorReference
{
    private static void AddPermutes(Dictionary<string, Model> m)
    {
        m["vperm"] = c => Quadword.Of(8, i => OfBoth(c, 8, (int)c.C.U(8, i) & 31));
        m["vsldoi"] = c => Quadword.Of(8, i => OfBoth(c, 8, i + c.Shift));
        foreach ((char z, int n) in Widths)
        {
            int half = 64 / n;
            m[$"vmrgh{z}"] = c => Quadword.Of(n, i => (i % 2 == 0 ? c.A : c.B).U(n, i / 2));
            m[$"vmrgl{z}"] = c => Quadword.Of(n, i => (i % 2 == 0 ? c.A : c.B).U(n, (i / 2) + half));
            m[$"vsplt{z}"] = c => Quadword.Of(n, _ => c.B.U(n, c.Immediate % (128 / n)));
            m[$"vspltis{z}"] = c => Quadword.Of(n, _ => c.Immediate < 16 ? c.Immediate : c.Immediate - 32);
        }

        AddPacks(m, 'h', 16);
        AddPacks(m, 'w', 32);
        AddUnpacks(m, 'b', 8);
        AddUnpacks(m, 'h', 16);
        m["vpkpx"] = c => Quadword.Of(16, i =>
        {
            uint w = (uint)OfBoth(c, 32, i);
            return (((w >> 24) & 1) << 15) | (((w >> 19) & 31) << 10) | (((w >> 11) & 31) << 5) | ((w >> 3) & 31);
        });
        m["vupkhpx"] = c => Quadword.Of(32, i => UnpackPixel((uint)c.B.U(16, i)));
        m["vupklpx"] = c => Quadword.Of(32, i => UnpackPixel((uint)c.B.U(16, i + 4)));
    }

    private static void AddPacks(Dictionary<string, Model> m, char z, int n)
    {
        m[$"vpku{z}um"] = c => Quadword.Of(n / 2, i => OfBoth(c, n, i));
        m[$"vpku{z}us"] = c => Quadword.Of(n / 2, i => c.ClampUnsigned(n / 2, OfBoth(c, n, i)));
        m[$"vpks{z}us"] = c => Quadword.Of(n / 2, i => c.ClampUnsigned(n / 2, SignedOfBoth(c, n, i)));
        m[$"vpks{z}ss"] = c => Quadword.Of(n / 2, i => c.ClampSigned(n / 2, SignedOfBoth(c, n, i)));
    }

    private static void AddUnpacks(Dictionary<string, Model> m, char z, int n)
    {
        m[$"vupkhs{z}"] = c => Quadword.Of(2 * n, i => c.B.S(n, i));
        m[$"vupkls{z}"] = c => Quadword.Of(2 * n, i => c.B.S(n, i + (64 / n)));
    }

    private static Int128 UnpackPixel(uint p) =>
        ((p >> 15) * 0xff000000u) | (((p >> 10) & 31) << 16) | (((p >> 5) & 31) << 8) | (p & 31);

    /// <summary>Element <paramref name="i"/> of VRA followed by VRB.</summary>
    private static Int128 OfBoth(VectorCase c, int bits, int i)
    {
        int count = 128 / bits;
        return i < count ? c.A.U(bits, i) : c.B.U(bits, i - count);
    }

    private static Int128 SignedOfBoth(VectorCase c, int bits, int i)
    {
        int count = 128 / bits;
        return i < count ? c.A.S(bits, i) : c.B.S(bits, i - count);
    }
}
