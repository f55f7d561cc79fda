using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <summary>
/// The register-to-register instructions of VSX (POWER7 to POWER9), one function each, named by mnemonic. T, A, B and C are register
/// numbers 0 to 63. MSR[VSX] is the caller's concern; an enabled exception sets <see cref="CpuState.ExitFloatingPointEnabled"/>.
/// </summary>
/// <remarks>
/// Sources: Power ISA 2.07B Book I chapter 7, 3.0B Book I chapter 7. Scalars run the arithmetic of
/// <see cref="FloatingPointLeaves"/>; doubleword 1 of the target, undefined before Power ISA 3.1, becomes 0, as hardware does it.
/// Vectors run it for each element with the sticky bits clear: what was raised is then known, and an enabled exception in any
/// element keeps the whole target unchanged (7.2.2); FR, FI and FPRF are not theirs. Where words of a result are undefined they copy
/// their neighbour, as 3.1 has it.
/// </remarks>
// SAFETY: s and i are the engine's, valid for the whole call; register numbers of a decoded instruction are below 64, and
// CpuState.ScratchRegister lies inside CpuState.Vsr.
public static unsafe partial class VsxLeaves
{
    private const int Scratch = CpuState.ScratchRegister;
    private const uint Enables = Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE | Fpscr.XE;
    private const uint Controls = Enables | Fpscr.NI | Fpscr.RN;
    private const uint Sticky = Fpscr.FX | Fpscr.FEX | Fpscr.VX | Fpscr.AllExceptions;

    /// <summary>The record bit of vector compares (bit 21).</summary>
    private const uint CompareRc = 0x400;

    /// <summary>Arithmetic on one element: A, B and the old T as doubles or integers; delivers to FPR <c>target</c> and FPSCR.</summary>
    private interface IOperation
    {
        static abstract void Run(CpuState* s, int target, ulong a, ulong b, ulong t);
    }

    /// <summary>How elements lie in a register.</summary>
    private interface IElements
    {
        static abstract int Count { get; }

        static abstract ulong Read(CpuState* s, int register, int element);

        static abstract void Write(CpuState* s, int register, int element, ulong value);
    }

    private readonly struct Doublewords : IElements
    {
        public static int Count => 2;

        public static ulong Read(CpuState* s, int register, int element) => Doubleword(s, register, element);

        public static void Write(CpuState* s, int register, int element, ulong value) => Doubleword(s, register, element) = value;
    }

    /// <summary>Four singles, held in FPR format while they are computed with.</summary>
    private readonly struct Singles : IElements
    {
        public static int Count => 4;

        public static ulong Read(CpuState* s, int register, int element) => SingleFormat.DoubleFromSingle(Word(s, register, element));

        public static void Write(CpuState* s, int register, int element, ulong value) => Word(s, register, element) = SingleFormat.SingleFromDouble(value);
    }

    /// <summary>A single in word 0 of each doubleword.</summary>
    private readonly struct EvenSingles : IElements
    {
        public static int Count => 2;

        public static ulong Read(CpuState* s, int register, int element) => SingleFormat.DoubleFromSingle(Word(s, register, 2 * element));

        public static void Write(CpuState* s, int register, int element, ulong value) =>
            Doubleword(s, register, element) = SingleFormat.SingleFromDouble(value) * 0x1_0000_0001UL;
    }

    private readonly struct Words : IElements
    {
        public static int Count => 4;

        public static ulong Read(CpuState* s, int register, int element) => Word(s, register, element);

        public static void Write(CpuState* s, int register, int element, ulong value) => Word(s, register, element) = (uint)value;
    }

    /// <summary>An integer in word 0 of each doubleword.</summary>
    private readonly struct EvenWords : IElements
    {
        public static int Count => 2;

        public static ulong Read(CpuState* s, int register, int element) => Word(s, register, 2 * element);

        public static void Write(CpuState* s, int register, int element, ulong value) =>
            Doubleword(s, register, element) = (uint)value * 0x1_0000_0001UL;
    }

    /// <summary>Doubleword 0 is the most significant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong Doubleword(CpuState* s, int register, int element) => ref s->Vsr[(2 * register) + 1 - element];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref uint Word(CpuState* s, int register, int element) =>
        ref Unsafe.Add(ref Unsafe.As<ulong, uint>(ref s->Vsr[2 * register]), 3 - element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Halfword(CpuState* s, int register, int element) =>
        ref Unsafe.Add(ref Unsafe.As<ulong, ushort>(ref s->Vsr[2 * register]), 7 - element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector128<ulong> Register(CpuState* s, int register) => ref Unsafe.As<ulong, Vector128<ulong>>(ref s->Vsr[2 * register]);

    /// <summary>A scalar of doubleword 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scalar<TOperation>(CpuState* s, Insn* i) where TOperation : struct, IOperation
    {
        if ((s->Fpscr & (Fpscr.VE | Fpscr.ZE)) == 0)
        {
            // Nothing can keep the target from being written.
            TOperation.Run(s, i->T, s->Fpr(i->A), s->Fpr(i->B), s->Fpr(i->T));
            s->Vsr[2 * i->T] = 0;
            return;
        }

        ScalarWithEnables<Doublewords, Doublewords, TOperation>(s, i);
    }

    /// <summary>A scalar between formats.</summary>
    private static void Scalar<TFrom, TTo, TOperation>(CpuState* s, Insn* i)
        where TFrom : struct, IElements where TTo : struct, IElements where TOperation : struct, IOperation =>
        ScalarWithEnables<TFrom, TTo, TOperation>(s, i);

    private static void ScalarWithEnables<TFrom, TTo, TOperation>(CpuState* s, Insn* i)
        where TFrom : struct, IElements where TTo : struct, IElements where TOperation : struct, IOperation
    {
        uint old = s->Fpscr;
        s->Fpscr = old & ~Sticky;
        TOperation.Run(s, Scratch, TFrom.Read(s, i->A, 0), TFrom.Read(s, i->B, 0), TFrom.Read(s, i->T, 0));
        uint now = s->Fpscr;
        Merge(s, old, now & ~Sticky, now & Fpscr.AllExceptions);
        if (!Suppresses(now))
        {
            TTo.Write(s, i->T, 0, s->Fpr(Scratch));
            s->Vsr[2 * i->T] = 0;
        }
    }

    /// <summary>All elements.</summary>
    private static void Vector<TFrom, TTo, TOperation>(CpuState* s, Insn* i)
        where TFrom : struct, IElements where TTo : struct, IElements where TOperation : struct, IOperation
    {
        ulong* results = stackalloc ulong[4];
        uint old = s->Fpscr;
        s->Fpscr = old & Controls;
        for (int element = 0; element < TFrom.Count; element++)
        {
            TOperation.Run(s, Scratch, TFrom.Read(s, i->A, element), TFrom.Read(s, i->B, element), TFrom.Read(s, i->T, element));
            results[element] = s->Fpr(Scratch);
        }

        if (FinishVector(s, old))
        {
            for (int element = 0; element < TTo.Count; element++)
            {
                TTo.Write(s, i->T, element, results[element]);
            }
        }
    }

    /// <summary>Merges what the elements raised into the FPSCR from before; false when an enabled exception keeps the target.</summary>
    private static bool FinishVector(CpuState* s, uint old)
    {
        uint now = Fpscr.Summarize(s->Fpscr);
        Merge(s, old, old & ~Sticky, now & Fpscr.AllExceptions);
        return (now & Fpscr.FEX) == 0;
    }

    /// <summary>FPSCR of <paramref name="rest"/>, the old sticky bits and the new exceptions.</summary>
    private static void Merge(CpuState* s, uint old, uint rest, uint raised)
    {
        uint fx = (old & Fpscr.FX) | ((raised & ~old) != 0 ? Fpscr.FX : 0);
        StatusUpdate.Store(s, rest | fx | (old & Fpscr.AllExceptions) | raised);
    }

    /// <summary>Invalid operation and zero divide, if enabled, leave a scalar's target alone.</summary>
    private static bool Suppresses(uint raised) =>
        ((raised & Fpscr.AllInvalid) != 0 && (raised & Fpscr.VE) != 0) || ((raised & Fpscr.ZX) != 0 && (raised & Fpscr.ZE) != 0);
}
