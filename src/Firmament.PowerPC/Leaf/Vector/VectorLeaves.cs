using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

/// <summary>
/// The register-to-register instructions of the vector facility (AltiVec, VMX), one function each, named by mnemonic. A function
/// reads its operands by the fields of the instruction, writes VRT last, and touches nothing else but VSCR[SAT] and, for compares
/// with the record bit, CR field 6. None can raise an exception; MSR[VEC] is the caller's concern.
/// </summary>
/// <remarks>
/// Sources: AltiVec Technology Programming Environments Manual; Power ISA 2.07B Book I chapter 6. Registers are held with their
/// bytes reversed (see <see cref="CpuState.Vsr"/>), so element-wise operations are host operations as they are, and "high" in the
/// manual is the upper half of the host register. Loads and stores are not here.
/// </remarks>
// SAFETY: s and i are the engine's, valid for the whole call; i->T, A, B and C are 5-bit fields, so Vr stays inside CpuState.Vsr.
public static unsafe partial class VectorLeaves
{
    /// <summary>VSCR[SAT]: an element saturated. Sticky.</summary>
    private const uint Sat = 1;

    /// <summary>VSCR[NJ]: non-Java mode; denormal operands and results are zeros of the same sign.</summary>
    private const uint Nj = 0x10000;

    /// <summary>The record bit of VC-form instructions (bit 21).</summary>
    private const uint VectorRc = 0x400;

    /// <summary>mfvscr VRT: VSCR in word 3, zeros elsewhere. Power ISA 2.07B Book I 6.17.</summary>
    public static void Mfvscr(CpuState* s, Insn* i) => Set(s, i, Vector128.CreateScalar(s->Vscr));

    /// <summary>mtvscr VRB: VSCR from word 3; the reserved bits stay zero.</summary>
    public static void Mtvscr(CpuState* s, Insn* i) => s->Vscr = B<uint>(s, i).ToScalar() & (Nj | Sat);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> A<T>(CpuState* s, Insn* i) => s->Vr(i->A).As<byte, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> B<T>(CpuState* s, Insn* i) => s->Vr(i->B).As<byte, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> C<T>(CpuState* s, Insn* i) => s->Vr(i->C).As<byte, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<T>(CpuState* s, Insn* i, Vector128<T> value) => s->Vr(i->T) = value.AsByte();

    /// <summary>Writes VRT; an element that differs from the modulo result was clamped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetSaturated<T>(CpuState* s, Insn* i, Vector128<T> clamped, Vector128<T> modulo)
    {
        if (!Vector128.EqualsAll(clamped, modulo))
        {
            s->Vscr |= Sat;
        }

        Set(s, i, clamped);
    }

    /// <summary>Writes VRT and, with the record bit, CR6: 0b1000 when every element is true, 0b0010 when none is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetCompare<T>(CpuState* s, Insn* i, Vector128<T> truth)
    {
        Set(s, i, truth);
        if ((i->Word & VectorRc) != 0)
        {
            Vector128<byte> bits = truth.AsByte();
            s->Cr[6] = (byte)(bits == Vector128<byte>.AllBitsSet ? 8 : bits == Vector128<byte>.Zero ? 2 : 0);
        }
    }
}
