namespace Firmament.PowerPC.Tests.Vector;

using Model = Func<VectorCase, Quadword>;

/// <summary>
/// What each instruction does, from the pseudo-code of the manuals, as plain loops over elements in big-endian numbering. Knows
/// nothing of the leaves.
/// </summary>
internal static partial class VectorReference
{
    private static readonly (char Letter, int Bits)[] Widths = [('b', 8), ('h', 16), ('w', 32)];

    public static Dictionary<string, Model> Models { get; } = Build();

    private static Dictionary<string, Model> Build()
    {
        Dictionary<string, Model> m = [];
        AddArithmetic(m, Widths);
        AddSums(m);
        AddCompares(m, Widths);
        AddLogical(m);
        AddShifts(m, Widths);
        AddPermutes(m);
        AddFloats(m);
        return m;
    }

    private static void AddArithmetic(Dictionary<string, Model> m, (char Letter, int Bits)[] widths)
    {
        foreach ((char z, int n) in widths)
        {
            m[$"vaddu{z}m"] = c => Quadword.Of(n, i => c.A.U(n, i) + c.B.U(n, i));
            m[$"vsubu{z}m"] = c => Quadword.Of(n, i => c.A.U(n, i) - c.B.U(n, i));
            m[$"vaddu{z}s"] = c => Quadword.Of(n, i => c.ClampUnsigned(n, c.A.U(n, i) + c.B.U(n, i)));
            m[$"vsubu{z}s"] = c => Quadword.Of(n, i => c.ClampUnsigned(n, c.A.U(n, i) - c.B.U(n, i)));
            m[$"vadds{z}s"] = c => Quadword.Of(n, i => c.ClampSigned(n, c.A.S(n, i) + c.B.S(n, i)));
            m[$"vsubs{z}s"] = c => Quadword.Of(n, i => c.ClampSigned(n, c.A.S(n, i) - c.B.S(n, i)));
            m[$"vavgu{z}"] = c => Quadword.Of(n, i => (c.A.U(n, i) + c.B.U(n, i) + 1) >> 1);
            m[$"vavgs{z}"] = c => Quadword.Of(n, i => (c.A.S(n, i) + c.B.S(n, i) + 1) >> 1);
            m[$"vmaxu{z}"] = c => Quadword.Of(n, i => Int128.Max(c.A.U(n, i), c.B.U(n, i)));
            m[$"vmaxs{z}"] = c => Quadword.Of(n, i => Int128.Max(c.A.S(n, i), c.B.S(n, i)));
            m[$"vminu{z}"] = c => Quadword.Of(n, i => Int128.Min(c.A.U(n, i), c.B.U(n, i)));
            m[$"vmins{z}"] = c => Quadword.Of(n, i => Int128.Min(c.A.S(n, i), c.B.S(n, i)));
            m[$"vmuleu{z}"] = c => Quadword.Of(2 * n, i => c.A.U(n, 2 * i) * c.B.U(n, 2 * i));
            m[$"vmulou{z}"] = c => Quadword.Of(2 * n, i => c.A.U(n, (2 * i) + 1) * c.B.U(n, (2 * i) + 1));
            m[$"vmules{z}"] = c => Quadword.Of(2 * n, i => c.A.S(n, 2 * i) * c.B.S(n, 2 * i));
            m[$"vmulos{z}"] = c => Quadword.Of(2 * n, i => c.A.S(n, (2 * i) + 1) * c.B.S(n, (2 * i) + 1));
        }

        m["vaddcuw"] = c => Quadword.Of(32, i => (c.A.U(32, i) + c.B.U(32, i)) >> 32);
        m["vsubcuw"] = c => Quadword.Of(32, i => (c.A.U(32, i) + (0xffff_ffff - c.B.U(32, i)) + 1) >> 32);
    }

    private static void AddSums(Dictionary<string, Model> m)
    {
        m["vmhaddshs"] = c => Quadword.Of(16, i => c.ClampSigned(16, ((c.A.S(16, i) * c.B.S(16, i)) >> 15) + c.C.S(16, i)));
        m["vmhraddshs"] = c => Quadword.Of(16, i => c.ClampSigned(16, (((c.A.S(16, i) * c.B.S(16, i)) + 0x4000) >> 15) + c.C.S(16, i)));
        m["vmladduhm"] = c => Quadword.Of(16, i => (c.A.U(16, i) * c.B.U(16, i)) + c.C.U(16, i));
        m["vmsumubm"] = c => Quadword.Of(32, i => Sum(4, i, j => c.A.U(8, j) * c.B.U(8, j)) + c.C.U(32, i));
        m["vmsummbm"] = c => Quadword.Of(32, i => Sum(4, i, j => c.A.S(8, j) * c.B.U(8, j)) + c.C.S(32, i));
        m["vmsumuhm"] = c => Quadword.Of(32, i => Sum(2, i, j => c.A.U(16, j) * c.B.U(16, j)) + c.C.U(32, i));
        m["vmsumshm"] = c => Quadword.Of(32, i => Sum(2, i, j => c.A.S(16, j) * c.B.S(16, j)) + c.C.S(32, i));
        m["vmsumuhs"] = c => Quadword.Of(32, i => c.ClampUnsigned(32, Sum(2, i, j => c.A.U(16, j) * c.B.U(16, j)) + c.C.U(32, i)));
        m["vmsumshs"] = c => Quadword.Of(32, i => c.ClampSigned(32, Sum(2, i, j => c.A.S(16, j) * c.B.S(16, j)) + c.C.S(32, i)));
        m["vsum4ubs"] = c => Quadword.Of(32, i => c.ClampUnsigned(32, Sum(4, i, j => c.A.U(8, j)) + c.B.U(32, i)));
        m["vsum4sbs"] = c => Quadword.Of(32, i => c.ClampSigned(32, Sum(4, i, j => c.A.S(8, j)) + c.B.S(32, i)));
        m["vsum4shs"] = c => Quadword.Of(32, i => c.ClampSigned(32, Sum(2, i, j => c.A.S(16, j)) + c.B.S(32, i)));
        m["vsum2sws"] = c => Quadword.Of(64, i => c.ClampSigned(32, Sum(2, i, j => c.A.S(32, j)) + c.B.S(32, (2 * i) + 1)) & 0xffff_ffff);
        m["vsumsws"] = c => Quadword.Of(128, i => c.ClampSigned(32, Sum(4, i, j => c.A.S(32, j)) + c.B.S(32, 3)) & 0xffff_ffff);
    }

    /// <summary>The sum over the <paramref name="count"/> narrow elements inside wide element <paramref name="i"/>.</summary>
    private static Int128 Sum(int count, int i, Func<int, Int128> term)
    {
        Int128 sum = 0;
        for (int j = count * i; j < count * (i + 1); j++)
        {
            sum += term(j);
        }

        return sum;
    }

    private static void AddCompares(Dictionary<string, Model> m, (char Letter, int Bits)[] widths)
    {
        foreach ((char z, int n) in widths)
        {
            m[$"vcmpequ{z}"] = c => c.Compare(n, i => c.A.U(n, i) == c.B.U(n, i));
            m[$"vcmpgtu{z}"] = c => c.Compare(n, i => c.A.U(n, i) > c.B.U(n, i));
            m[$"vcmpgts{z}"] = c => c.Compare(n, i => c.A.S(n, i) > c.B.S(n, i));
        }
    }

    private static void AddLogical(Dictionary<string, Model> m)
    {
        m["vand"] = c => new(c.A.Value & c.B.Value);
        m["vandc"] = c => new(c.A.Value & ~c.B.Value);
        m["vor"] = c => new(c.A.Value | c.B.Value);
        m["vnor"] = c => new(~(c.A.Value | c.B.Value));
        m["vxor"] = c => new(c.A.Value ^ c.B.Value);
        m["vsel"] = c => Quadword.Of(1, i => c.C.U(1, i) == 0 ? c.A.U(1, i) : c.B.U(1, i));
        m["mfvscr"] = c => new(c.Vscr);
        m["mtvscr"] = c =>
        {
            c.Vscr = c.B.Word(3) & 0x00010001;
            return c.T;
        };
    }

    private static void AddShifts(Dictionary<string, Model> m, (char Letter, int Bits)[] widths)
    {
        foreach ((char z, int n) in widths)
        {
            m[$"vrl{z}"] = c => Quadword.Of(n, i => (c.A.U(n, i) << Count(c, n, i)) | (c.A.U(n, i) >> (n - Count(c, n, i))));
            m[$"vsl{z}"] = c => Quadword.Of(n, i => c.A.U(n, i) << Count(c, n, i));
            m[$"vsr{z}"] = c => Quadword.Of(n, i => c.A.U(n, i) >> Count(c, n, i));
            m[$"vsra{z}"] = c => Quadword.Of(n, i => c.A.S(n, i) >> Count(c, n, i));
        }

        m["vsl"] = c => new(c.A.Value << (int)c.B.U(8, 15) % 8);
        m["vsr"] = c => new(c.A.Value >> (int)c.B.U(8, 15) % 8);
        m["vslo"] = c => Quadword.Of(8, i => i + Octets(c) < 16 ? c.A.U(8, i + Octets(c)) : 0);
        m["vsro"] = c => Quadword.Of(8, i => i - Octets(c) >= 0 ? c.A.U(8, i - Octets(c)) : 0);
    }

    private static int Count(VectorCase c, int bits, int i) => (int)(c.B.U(bits, i) % bits);

    private static int Octets(VectorCase c) => (int)(c.B.U(8, 15) >> 3) & 15;
}
