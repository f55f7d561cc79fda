namespace Firmament.PowerPC.Tests.Vector;

using Model = Func<VectorCase, Quadword>;

internal static partial class VectorReference
{
    private static readonly int[] Forward = [2, 3, 1, 1];
    private static readonly int[] Backward = [14, 11, 13, 9];
    private static readonly int[] Substitution = [.. Enumerable.Range(0, 256).Select(Substitute)];

    /// <summary>AES by the definitions of FIPS 197: the S-box from inverses in the field, the state as columns of four bytes.</summary>
    private static void AddCipher(Dictionary<string, Model> m)
    {
        m["vsbox"] = c => new(Bytes(i => Substitution[At(c.A, i)]).Value);
        m["vcipherlast"] = c => new(Bytes(i => Substitution[At(c.A, (i + (4 * (i % 4))) % 16)]).Value ^ c.B.Value);
        m["vcipher"] = c => new(Mixed(Bytes(i => Substitution[At(c.A, (i + (4 * (i % 4))) % 16)]), Forward).Value ^ c.B.Value);
        m["vncipherlast"] = c => new(Unsubstituted(c).Value ^ c.B.Value);
        m["vncipher"] = c => Mixed(new(Unsubstituted(c).Value ^ c.B.Value), Backward);
    }

    private static Quadword Unsubstituted(VectorCase c) => Bytes(i => Array.IndexOf(Substitution, At(c.A, (i + 16 - (4 * (i % 4))) % 16)));

    private static Quadword Mixed(Quadword state, int[] polynomial) => Bytes(i =>
    {
        int sum = 0;
        for (int k = 0; k < 4; k++)
        {
            sum ^= FieldProduct(polynomial[k], At(state, (i / 4 * 4) + ((i + k) % 4)));
        }

        return sum;
    });

    private static Quadword Bytes(Func<int, int> element) => Quadword.Of(8, i => element(i));

    private static int At(Quadword q, int i) => (int)q.U(8, i);

    private static int FieldProduct(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
            a = (a << 1) ^ ((a & 0x80) != 0 ? 0x11b : 0);
        }

        return product;
    }

    private static int Substitute(int x)
    {
        int inverse = Enumerable.Range(0, 256).FirstOrDefault(y => FieldProduct(x, y) == 1);
        int result = 0x63;
        for (int rotation = 0; rotation < 5; rotation++)
        {
            result ^= ((inverse << rotation) | (inverse >> (8 - rotation))) & 0xff;
        }

        return result;
    }
}
