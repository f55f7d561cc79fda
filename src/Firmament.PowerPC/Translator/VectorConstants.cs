using System.Runtime.InteropServices;

namespace Firmament.PowerPC.Translator;

/// <summary>The values of <see cref="VectorConstant"/>.</summary>
internal static class VectorConstants
{
    /// <summary>All constants in order, 16 bytes each.</summary>
    public static ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Values);

    // Low doubleword, high doubleword.
    private static ReadOnlySpan<ulong> Values =>
    [
        0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607,
        0x0908_0b0a_0d0c_0f0e, 0x0100_0302_0504_0706,
        0x0607_0405_0203_0001, 0x0e0f_0c0d_0a0b_0809,
        0x0405_0607_0001_0203, 0x0c0d_0e0f_0809_0a0b,
        0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f,
        0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908,
        0x7776_7574_7372_7170, 0x7f7e_7d7c_7b7a_7978,
        0x1819_1a1b_1c1d_1e1f, 0x1011_1213_1415_1617,
        0x8040_2010_0804_0201, 0x8040_2010_0804_0201,
        0x0102_0408_1020_4080, 0x0102_0408_1020_4080,
        0x0302_0201_0201_0100, 0x0403_0302_0302_0201,
        0x0101_0101_0101_0101, 0x0101_0101_0101_0101,
        0x0707_0707_0707_0707, 0x0707_0707_0707_0707,
        0x0f0f_0f0f_0f0f_0f0f, 0x0f0f_0f0f_0f0f_0f0f,
        0x1010_1010_1010_1010, 0x1010_1010_1010_1010,
        0x1f1f_1f1f_1f1f_1f1f, 0x1f1f_1f1f_1f1f_1f1f,
        0x7070_7070_7070_7070, 0x7070_7070_7070_7070,
        0x7878_7878_7878_7878, 0x7878_7878_7878_7878,
        0x0001_0001_0001_0001, 0x0001_0001_0001_0001,
        0x000f_000f_000f_000f, 0x000f_000f_000f_000f,
        0x007f_007f_007f_007f, 0x007f_007f_007f_007f,
        0x00ff_00ff_00ff_00ff, 0x00ff_00ff_00ff_00ff,
        0xff00_ff00_ff00_ff00, 0xff00_ff00_ff00_ff00,
        0xff80_ff80_ff80_ff80, 0xff80_ff80_ff80_ff80,
        0x0000_0001_0000_0001, 0x0000_0001_0000_0001,
        0x0000_001f_0000_001f, 0x0000_001f_0000_001f,
        0x0000_7fff_0000_7fff, 0x0000_7fff_0000_7fff,
        0x0000_ffff_0000_ffff, 0x0000_ffff_0000_ffff,
        0xffff_0000_ffff_0000, 0xffff_0000_ffff_0000,
        0xffff_8000_ffff_8000, 0xffff_8000_ffff_8000,
        0x7fff_ffff_7fff_ffff, 0x7fff_ffff_7fff_ffff,
        0x8000_0000_8000_0000, 0x8000_0000_8000_0000,
        0x0000_0000_0000_003f, 0x0000_0000_0000_003f,
        0x0000_0000_0000_0040, 0x0000_0000_0000_0040,
        0x8000_0000_0000_0000, 0x8000_0000_0000_0000,
        0x7fff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff,
    ];
}
