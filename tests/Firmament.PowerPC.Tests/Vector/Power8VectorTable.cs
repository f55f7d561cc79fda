using Firmament.PowerPC.Leaf.Vector;

namespace Firmament.PowerPC.Tests.Vector;

/// <summary>The instructions Power ISA 2.07 adds to the vector facility: name, form, extended opcode, leaf.</summary>
internal static unsafe class Power8VectorTable
{
    public static readonly VectorLeaf[] Rows =
    [
        new("vaddudm", VectorForm.VX, 192, &VectorLeaves.Vaddudm),
        new("vsubudm", VectorForm.VX, 1216, &VectorLeaves.Vsubudm),
        new("vmaxud", VectorForm.VX, 194, &VectorLeaves.Vmaxud),
        new("vmaxsd", VectorForm.VX, 450, &VectorLeaves.Vmaxsd),
        new("vminud", VectorForm.VX, 706, &VectorLeaves.Vminud),
        new("vminsd", VectorForm.VX, 962, &VectorLeaves.Vminsd),
        new("vmuluwm", VectorForm.VX, 137, &VectorLeaves.Vmuluwm),
        new("vmulouw", VectorForm.VX, 136, &VectorLeaves.Vmulouw),
        new("vmulosw", VectorForm.VX, 392, &VectorLeaves.Vmulosw),
        new("vmuleuw", VectorForm.VX, 648, &VectorLeaves.Vmuleuw),
        new("vmulesw", VectorForm.VX, 904, &VectorLeaves.Vmulesw),

        new("vadduqm", VectorForm.VX, 256, &VectorLeaves.Vadduqm),
        new("vaddcuq", VectorForm.VX, 320, &VectorLeaves.Vaddcuq),
        new("vsubuqm", VectorForm.VX, 1280, &VectorLeaves.Vsubuqm),
        new("vsubcuq", VectorForm.VX, 1344, &VectorLeaves.Vsubcuq),
        new("vrld", VectorForm.VX, 196, &VectorLeaves.Vrld),
        new("vsld", VectorForm.VX, 1476, &VectorLeaves.Vsld),
        new("vsrd", VectorForm.VX, 1732, &VectorLeaves.Vsrd),
        new("vsrad", VectorForm.VX, 964, &VectorLeaves.Vsrad),

        new("vpkudum", VectorForm.VX, 1102, &VectorLeaves.Vpkudum),
        new("vpkudus", VectorForm.VX, 1230, &VectorLeaves.Vpkudus),
        new("vpksdus", VectorForm.VX, 1358, &VectorLeaves.Vpksdus),
        new("vpksdss", VectorForm.VX, 1486, &VectorLeaves.Vpksdss),
        new("vupkhsw", VectorForm.VX, 1614, &VectorLeaves.Vupkhsw),
        new("vupklsw", VectorForm.VX, 1742, &VectorLeaves.Vupklsw),
        new("vmrgow", VectorForm.VX, 1676, &VectorLeaves.Vmrgow),
        new("vmrgew", VectorForm.VX, 1932, &VectorLeaves.Vmrgew),

        new("veqv", VectorForm.VX, 1668, &VectorLeaves.Veqv),
        new("vnand", VectorForm.VX, 1412, &VectorLeaves.Vnand),
        new("vorc", VectorForm.VX, 1348, &VectorLeaves.Vorc),
        new("vclzb", VectorForm.VX, 1794, &VectorLeaves.Vclzb),
        new("vclzh", VectorForm.VX, 1858, &VectorLeaves.Vclzh),
        new("vclzw", VectorForm.VX, 1922, &VectorLeaves.Vclzw),
        new("vclzd", VectorForm.VX, 1986, &VectorLeaves.Vclzd),
        new("vpopcntb", VectorForm.VX, 1795, &VectorLeaves.Vpopcntb),
        new("vpopcnth", VectorForm.VX, 1859, &VectorLeaves.Vpopcnth),
        new("vpopcntw", VectorForm.VX, 1923, &VectorLeaves.Vpopcntw),
        new("vpopcntd", VectorForm.VX, 1987, &VectorLeaves.Vpopcntd),

        new("vgbbd", VectorForm.VX, 1292, &VectorLeaves.Vgbbd),
        new("vbpermq", VectorForm.VX, 1356, &VectorLeaves.Vbpermq),
        new("vcipher", VectorForm.VX, 1288, &VectorLeaves.Vcipher),
        new("vcipherlast", VectorForm.VX, 1289, &VectorLeaves.Vcipherlast),
        new("vncipher", VectorForm.VX, 1352, &VectorLeaves.Vncipher),
        new("vncipherlast", VectorForm.VX, 1353, &VectorLeaves.Vncipherlast),
        new("vsbox", VectorForm.VX, 1480, &VectorLeaves.Vsbox),
        new("vshasigmaw", VectorForm.VX, 1666, &VectorLeaves.Vshasigmaw),
        new("vshasigmad", VectorForm.VX, 1730, &VectorLeaves.Vshasigmad),

        new("vpmsumb", VectorForm.VX, 1032, &VectorLeaves.Vpmsumb),
        new("vpmsumh", VectorForm.VX, 1096, &VectorLeaves.Vpmsumh),
        new("vpmsumw", VectorForm.VX, 1160, &VectorLeaves.Vpmsumw),
        new("vpmsumd", VectorForm.VX, 1224, &VectorLeaves.Vpmsumd),

        new("vpermxor", VectorForm.VA, 45, &VectorLeaves.Vpermxor),
        new("vaddeuqm", VectorForm.VA, 60, &VectorLeaves.Vaddeuqm),
        new("vaddecuq", VectorForm.VA, 61, &VectorLeaves.Vaddecuq),
        new("vsubeuqm", VectorForm.VA, 62, &VectorLeaves.Vsubeuqm),
        new("vsubecuq", VectorForm.VA, 63, &VectorLeaves.Vsubecuq),

        new("vcmpequd", VectorForm.VC, 199, &VectorLeaves.Vcmpequd),
        new("vcmpgtud", VectorForm.VC, 711, &VectorLeaves.Vcmpgtud),
        new("vcmpgtsd", VectorForm.VC, 967, &VectorLeaves.Vcmpgtsd),

        new("bcdadd", VectorForm.Decimal, 1025, &VectorLeaves.Bcdadd),
        new("bcdsub", VectorForm.Decimal, 1089, &VectorLeaves.Bcdsub),
    ];
}
