using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// Pack modulo and unpack. Power ISA 2.07B Book I 6.8.1. Packs that saturate are in VectorEmissions.Saturating.cs.
internal static unsafe partial class VectorEmissions
{
    // pshufd: the even words of the host's order.
    private const int EvenWords = 0x88;

    private static void AddPacks()
    {
        Vector(Opcode.Vpkuhum, &PackHalfwords);
        Vector(Opcode.Vpkuwum, &PackWords);
        Vector(Opcode.Vpkudum, &PackDoublewords);
        Vector(Opcode.Vupkhsb, &UnpackHigh, PackedOperation.Pmovsxbw);
        Vector(Opcode.Vupkhsh, &UnpackHigh, PackedOperation.Pmovsxwd);
        Vector(Opcode.Vupkhsw, &UnpackHigh, PackedOperation.Pmovsxdq);
        Vector(Opcode.Vupklsb, &UnpackLow, PackedOperation.Pmovsxbw);
        Vector(Opcode.Vupklsh, &UnpackLow, PackedOperation.Pmovsxwd);
        Vector(Opcode.Vupklsw, &UnpackLow, PackedOperation.Pmovsxdq);
    }

    private static void PackHalfwords(VectorEmission v) => Pack(v, PackedOperation.Packuswb, VectorConstant.Halfwords00ff);

    private static void PackWords(VectorEmission v) => Pack(v, PackedOperation.Packusdw, VectorConstant.Words0000ffff);

    /// <summary>The low halves of elements, the first operand's in the upper half; masked, none saturates.</summary>
    private static void Pack(VectorEmission v, PackedOperation pack, VectorConstant mask)
    {
        v.Load(X2, mask);
        v.Apply(PackedOperation.Pand, X0, X2, v.Second);
        v.Apply(PackedOperation.Pand, X1, X2, v.First);
        v.Apply(pack, X0, X0, X1);
        v.Store(X0);
    }

    private static void PackDoublewords(VectorEmission v)
    {
        v.A.PackedImmediate(PackedOperation.Pshufd, X0, X0, v.Second, EvenWords);
        v.A.PackedImmediate(PackedOperation.Pshufd, X1, X0, v.First, EvenWords);
        v.Apply(PackedOperation.Punpcklqdq, X0, X0, X1);
        v.Store(X0);
    }

    private static void UnpackHigh(VectorEmission v)
    {
        v.A.Packed(v.Operation, X0, v.SecondFrom(8));
        v.Store(X0);
    }

    private static void UnpackLow(VectorEmission v)
    {
        v.A.Packed(v.Operation, X0, v.Second);
        v.Store(X0);
    }
}
