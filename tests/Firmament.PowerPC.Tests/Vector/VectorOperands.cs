namespace Firmament.PowerPC.Tests.Vector;

/// <summary>A seeded stream of operands: random bits, element edges of every width, and floats where something happens.</summary>
internal sealed class VectorOperands(int seed)
{
    private static readonly ulong[] Edges =
    [
        0, 1, 2, ulong.MaxValue, ulong.MaxValue - 1, 0x8000_0000_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0001,
        0x0080_0080_0080_0080, 0x007f_007f_007f_007f, 0x8080_8080_8080_8080, 0x7f7f_7f7f_7f7f_7f7f, 0x8000_8000_8000_8000,
        0x7fff_7fff_7fff_7fff, 0x8000_0000_8000_0000, 0x7fff_ffff_7fff_ffff, 0x0000_ffff_0000_ffff, 0x00ff_00ff_00ff_00ff,
    ];

    private static readonly uint[] Floats =
    [
        0x00000000, 0x00000001, 0x007fffff, 0x00400000, 0x00800000, 0x00800001, 0x00ffffff, 0x01000000, 0x33800000, 0x34000000,
        0x3effffff, 0x3f000000, 0x3f7fffff, 0x3f800000, 0x3f800001, 0x3fc00000, 0x40000000, 0x40200000, 0x4affffff, 0x4b000001,
        0x4b7fffff, 0x4effffff, 0x4f000000, 0x4f7fffff, 0x4f800000, 0x5f000000, 0x7e800000, 0x7f000000, 0x7f7fffff, 0x7f800000,
        0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fc12345, 0x42fe0000, 0x42ff0000, 0x43000000, 0x43150000, 0x43160000, 0x20000000,
    ];

    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public Quadword Next() => _random.Next(4) switch
    {
        0 => Quadword.Of(64, _ => _random.NextInt64(long.MinValue, long.MaxValue)),
        1 => Quadword.Of(64, _ => Edges[_random.Next(Edges.Length)]),
        2 => Quadword.Of(8, _ => Edges[_random.Next(Edges.Length)] & 0xff),
        _ => Quadword.Of(32, _ => NextFloat()),
    };

    public Quadword NextFloats() => Quadword.Of(32, _ => NextFloat());

    /// <summary>Any float: special, of any exponent, or of an exponent near the integers.</summary>
    public uint NextFloat()
    {
        uint sign = (uint)_random.Next(2) << 31;
        uint fraction = (uint)_random.Next(1 << 23);
        return _random.Next(4) switch
        {
            0 => sign | Floats[_random.Next(Floats.Length)],
            1 => sign | ((uint)_random.Next(256) << 23) | fraction,
            2 => sign | ((uint)_random.Next(120, 160) << 23) | fraction,
            _ => sign | ((uint)_random.Next(120, 160) << 23) | (fraction & 0x700000),
        };
    }

    /// <summary>Multiply-add operands whose exact result is within a few units of the smallest normal number, or cancels.</summary>
    public (uint A, uint C, uint B) NextNearTiny()
    {
        uint exponent = (uint)_random.Next(1, 130);
        uint a = (exponent << 23) | (uint)_random.Next(1 << 23);
        uint c = (uint)Math.Clamp(128 - (int)exponent + _random.Next(-1, 2), 1, 254) << 23 | (uint)_random.Next(1 << 23);
        float product = BitConverter.UInt32BitsToSingle(a) * BitConverter.UInt32BitsToSingle(c);
        uint near = BitConverter.SingleToUInt32Bits(product) + (uint)_random.Next(-2, 3);
        uint wanted = 0x00800000 + (uint)_random.Next(-3, 4);
        float addend = BitConverter.UInt32BitsToSingle(wanted) - BitConverter.UInt32BitsToSingle(near);
        return (a, c, BitConverter.SingleToUInt32Bits(addend));
    }
}
