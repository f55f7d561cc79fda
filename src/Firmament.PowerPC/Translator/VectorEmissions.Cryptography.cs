using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

// AES rounds, SHA-2 sigma functions, polynomial products of POWER8. Power ISA 2.07B Book I 6.11. The host's AES instructions hold byte 0 of the
// state in their lowest byte, where a register here has byte 15: states and keys are turned around.
internal static unsafe partial class VectorEmissions
{
    private static void AddCryptography()
    {
        Vector(Opcode.Vpermxor, &PermuteExclusiveOr);
        Vector(Opcode.Vshasigmaw, &Sigma);
        if (HostProcessor.HasAes)
        {
            Vector(Opcode.Vcipher, &Cipher, PackedOperation.Aesenc);
            Vector(Opcode.Vcipherlast, &Cipher, PackedOperation.Aesenclast);
            Vector(Opcode.Vncipher, &InverseCipher);
            Vector(Opcode.Vncipherlast, &Cipher, PackedOperation.Aesdeclast);
        }

        if (HostProcessor.HasCarrylessMultiply)
        {
            Vector(Opcode.Vpmsumd, &PolynomialMultiplySum);
        }
    }

    /// <summary>Byte n of the result is byte VRC[n] / 16 of VRA exclusive-or byte VRC[n] mod 16 of VRB.</summary>
    private static void PermuteExclusiveOr(VectorEmission v)
    {
        v.Load(X2, VectorConstant.Bytes0f);
        v.Load(X0, v.Third);
        v.Shift(PackedShift.Psrlw, X1, X0, 4);
        // 15 - n, as byte n is host byte 15 - n.
        v.Apply(PackedOperation.Pandn, X0, X0, X2);
        v.Apply(PackedOperation.Pandn, X1, X1, X2);
        v.Load(X2, v.First);
        v.Load(X3, v.Second);
        v.Apply(PackedOperation.Pshufb, X2, X2, X1);
        v.Apply(PackedOperation.Pshufb, X3, X3, X0);
        v.Apply(PackedOperation.Pxor, X0, X2, X3);
        v.Store(X0);
    }

    private static void Cipher(VectorEmission v)
    {
        LoadRound(v);
        v.Apply(v.Operation, X0, X0, X1);
        StoreRound(v);
    }

    /// <summary>The architecture adds the key before the columns are mixed, the host after it: a last round, then the mixing alone.</summary>
    private static void InverseCipher(VectorEmission v)
    {
        LoadRound(v);
        v.Apply(PackedOperation.Aesdeclast, X0, X0, X1);
        v.A.Packed(PackedOperation.Aesimc, X0, X0);
        StoreRound(v);
    }

    private static void LoadRound(VectorEmission v)
    {
        v.Load(X2, VectorConstant.ReverseBytes);
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        v.Apply(PackedOperation.Pshufb, X0, X0, X2);
        v.Apply(PackedOperation.Pshufb, X1, X1, X2);
    }

    private static void StoreRound(VectorEmission v)
    {
        v.Apply(PackedOperation.Pshufb, X0, X0, X2);
        v.Store(X0);
    }

    private static void PolynomialMultiplySum(VectorEmission v)
    {
        v.Load(X0, v.First);
        v.Load(X1, v.Second);
        v.A.PackedImmediate(PackedOperation.Pclmulqdq, X2, X0, X1, 0x00);
        v.A.PackedImmediate(PackedOperation.Pclmulqdq, X0, X0, X1, 0x11);
        v.Apply(PackedOperation.Pxor, X0, X0, X2);
        v.Store(X0);
    }

    /// <summary>SHA-256's σ and Σ; programs ask for the same function in all words, else the handler does it.</summary>
    private static void Sigma(VectorEmission v)
    {
        int functions = v.Insn.B & 15;
        if (functions is not (0 or 15))
        {
            v.Target.Unsupported = true;
            return;
        }

        (int first, int second, int third, bool rotate) = ((v.Insn.B & 16) != 0, functions == 0) switch
        {
            (true, true) => (2, 13, 22, true),
            (true, false) => (6, 11, 25, true),
            (false, true) => (7, 18, 3, false),
            (false, false) => (17, 19, 10, false),
        };
        v.Load(X1, v.First);
        v.Shift(PackedShift.Psrld, X0, X1, third);
        if (rotate)
        {
            AddShifted(v, PackedShift.Pslld, 32 - third);
        }

        foreach (int count in (ReadOnlySpan<int>)[first, second])
        {
            AddShifted(v, PackedShift.Psrld, count);
            AddShifted(v, PackedShift.Pslld, 32 - count);
        }

        v.Store(X0);
    }

    private static void AddShifted(VectorEmission v, PackedShift shift, int count)
    {
        v.Shift(shift, X2, X1, count);
        v.Apply(PackedOperation.Pxor, X0, X0, X2);
    }
}
