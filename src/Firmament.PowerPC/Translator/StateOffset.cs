using System.Runtime.InteropServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;
using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Where the fields of <see cref="CpuState"/> are, as generated code reaches them.</summary>
internal static unsafe class StateOffset
{
    /// <summary>Holds the state's address plus <see cref="Bias"/>, so that all general registers are within a byte's displacement.</summary>
    public const HostRegister Base = HostRegister.Rbp;

    /// <summary>What <see cref="Base"/> lies beyond the state's first byte.</summary>
    public const int Bias = 128;

    // SAFETY: never read or written; addresses of its fields are formed, which the runtime refuses for a null pointer. Kept for the process's life.
    private static readonly CpuState* S = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));

    public static readonly MemoryOperand Remaining = At(&S->Remaining);
    public static readonly MemoryOperand PageInsns = At(&S->PageInsns);
    public static readonly MemoryOperand PageEa = At(&S->PageEa);
    public static readonly MemoryOperand Tlb = At(&S->Tlb);
    public static readonly MemoryOperand SecondTlb = At(&S->SecondTlb);
    public static readonly MemoryOperand TlbUse = At(&S->TlbUse);
    public static readonly MemoryOperand FetchTlb = At(&S->FetchTlb);
    public static readonly MemoryOperand FarInsn = At(&S->FarInsn);
    public static readonly MemoryOperand StopInsn = At(&S->StopInsn);
    public static readonly MemoryOperand TimeAtZero = At(&S->TimeAtZero);
    public static readonly MemoryOperand TimeShift = At(&S->TimeShift);
    public static readonly MemoryOperand TimeBaseFrequency = At(&S->TimeBaseFrequency);
    public static readonly MemoryOperand TimeBaseOffset = At(&S->TimeBaseOffset);
    public static readonly MemoryOperand InterruptWaits = At(&S->InterruptWaits);
    public static readonly MemoryOperand Lr = At(&S->Lr);
    public static readonly MemoryOperand Ctr = At(&S->Ctr);
    public static readonly MemoryOperand Pc = At(&S->Pc);
    public static readonly MemoryOperand Msr = At(&S->Msr);
    public static readonly MemoryOperand Cr = At(S->Cr);
    public static readonly MemoryOperand XerSo = At(&S->XerSo);
    public static readonly MemoryOperand XerOv = At(&S->XerOv);
    public static readonly MemoryOperand XerCa = At(&S->XerCa);
    public static readonly MemoryOperand XerCa32 = At(&S->XerCa32);
    public static readonly MemoryOperand Vscr = At(&S->Vscr);
    public static readonly MemoryOperand Fpscr = At(&S->Fpscr);
    public static readonly MemoryOperand FloatPending = At(&S->FloatPending);
    public static readonly MemoryOperand ReservationValid = At(&S->ReservationValid);
    public static readonly MemoryOperand ReservationAddress = At(&S->ReservationAddress);

    /// <summary>Bytes of a decoded instruction.</summary>
    public const int InsnBytes = 32;

    private static readonly Insn* I = (Insn*)S;

    /// <summary>Within an <see cref="Insn"/>.</summary>
    public static readonly int InsnRunLength = (int)((byte*)&I->RunLength - (byte*)I);

    /// <summary>Within an <see cref="Insn"/>.</summary>
    public static readonly int InsnIndex = (int)((byte*)&I->Index - (byte*)I);

    /// <summary>Within an <see cref="Insn"/>.</summary>
    public static readonly int InsnNative = (int)((byte*)&I->Native - (byte*)I);

    private static readonly SegmentUse* U = (SegmentUse*)S;

    /// <summary>Within a <see cref="SegmentUse"/>: the lists' lengths.</summary>
    public static readonly int UseCounts = (int)((byte*)U->Counts - (byte*)U);

    /// <summary>Within a <see cref="SegmentUse"/>: which lists have an entry.</summary>
    public static readonly int UseListed = (int)((byte*)U->Listed - (byte*)U);

    /// <summary>Within a <see cref="SegmentUse"/>: the lists.</summary>
    public static readonly int UseMembers = (int)((byte*)U->Members - (byte*)U);

    /// <summary>The first segment register; <paramref name="index"/> is added four times.</summary>
    public static MemoryOperand Segment(HostRegister index) => new(Base, index, At(S->Sr).Displacement, 2);

    /// <summary>A general register.</summary>
    public static MemoryOperand Gpr(int n) => new(Base, (n * 8) - Bias);

    /// <summary>A looked-up host address.</summary>
    public static MemoryOperand LookedUp(int slot) => At(S->LookedUp + slot);

    /// <summary>A CR field's byte.</summary>
    public static MemoryOperand CrField(int field) => Cr with { Displacement = Cr.Displacement + field };

    /// <summary>A special-purpose register without a field of its own.</summary>
    public static MemoryOperand Spr(int n) => At(S->Spr + n);

    /// <summary>Doubleword <paramref name="index"/> of a VSR in the order of the host's memory: 0 is the less significant.</summary>
    public static MemoryOperand Vsr(int vsr, int index) => At(S->Vsr + (2 * vsr) + index);

    /// <summary>An operand of the pending floating-point operation.</summary>
    public static MemoryOperand FloatOperand(int n) => At(S->FloatOperands + n);

    private static MemoryOperand At(void* field) => new(Base, (int)((byte*)field - (byte*)S) - Bias);
}
