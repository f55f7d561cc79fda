using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// VSCR, and the moves of signs that have no status. AltiVec PEM 6.2; Power ISA 2.07B Book I 6.17, 7.6.1.
internal static unsafe partial class VectorEmissions
{
    // VSCR[NJ] and VSCR[SAT].
    private const int VscrBits = 0x10001;

    private static void AddMoves()
    {
        Vector(Opcode.Mfvscr, &MoveFromStatus);
        Vector(Opcode.Mtvscr, &MoveToStatus);
        VectorScalar(Opcode.Xvabsdp, &Masked, PackedOperation.Pand);
        VectorScalar(Opcode.Xvnabsdp, &Signed, PackedOperation.Por);
        VectorScalar(Opcode.Xvnegdp, &Signed, PackedOperation.Pxor);
        VectorScalar(Opcode.Xvcpsgndp, &CopyDoubleSigns);
        VectorScalar(Opcode.Xvabssp, &MaskedSingles, PackedOperation.Pand);
        VectorScalar(Opcode.Xvnabssp, &SignedSingles, PackedOperation.Por);
        VectorScalar(Opcode.Xvnegsp, &SignedSingles, PackedOperation.Pxor);
        VectorScalar(Opcode.Xvcpsgnsp, &CopySingleSigns);
    }

    private static void MoveFromStatus(VectorEmission v)
    {
        v.A.Load(HostRegister.Rax, StateOffset.Vscr, false);
        v.A.MoveToVector(X0, HostRegister.Rax, false);
        v.Store(X0);
    }

    private static void MoveToStatus(VectorEmission v)
    {
        v.A.Load(HostRegister.Rax, v.Second, false);
        v.A.Alu(AluOperation.And, HostRegister.Rax, VscrBits, false);
        v.A.Store(StateOffset.Vscr, HostRegister.Rax, false);
    }

    private static void Masked(VectorEmission v) => WithConstant(v, VectorConstant.DoublewordsMagnitude);

    private static void Signed(VectorEmission v) => WithConstant(v, VectorConstant.DoublewordsSign);

    private static void MaskedSingles(VectorEmission v) => WithConstant(v, VectorConstant.Words7fffffff);

    private static void SignedSingles(VectorEmission v) => WithConstant(v, VectorConstant.Words80000000);

    private static void WithConstant(VectorEmission v, VectorConstant constant)
    {
        v.Load(X0, v.Second);
        v.Apply(v.Operation, X0, X0, constant);
        v.Store(X0);
    }

    private static void CopyDoubleSigns(VectorEmission v) => CopySigns(v, VectorConstant.DoublewordsSign);

    private static void CopySingleSigns(VectorEmission v) => CopySigns(v, VectorConstant.Words80000000);

    private static void CopySigns(VectorEmission v, VectorConstant sign)
    {
        v.Load(X0, sign);
        v.Apply(PackedOperation.Pand, X1, X0, v.First);
        v.Apply(PackedOperation.Pandn, X0, X0, v.Second);
        v.Apply(PackedOperation.Por, X0, X0, X1);
        v.Store(X0);
    }
}
