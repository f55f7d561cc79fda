using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Firmament.PowerPC.State;

/// <summary>
/// The architected state of one CPU, and the engine's own words beside it, at fixed offsets in unmanaged memory, so that
/// interpreter, translator and leaf functions share one layout. Registers are 64 bits wide on every CPU; a 32-bit CPU uses the low half.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CpuState
{
    /// <summary>Index of a general register that always reads zero: the decoder puts it where the ISA says (RA|0) and RA is 0.</summary>
    public const int ZeroRegister = 32;

    /// <summary>
    /// Bit of <see cref="Exit"/>: a floating-point instruction left FPSCR[FEX] at 1 while MSR[FE0] or MSR[FE1] is 1. The engine
    /// takes the floating-point enabled program interrupt after that instruction.
    /// </summary>
    public const uint ExitFloatingPointEnabled = 2;

    /// <summary>Offset of <see cref="Cr"/> in bytes; <see cref="Cpu"/> asserts it.</summary>
    public const int CrOffset = (33 + 31 + 4) * 8;

    /// <summary>GPR 0 to 31, then <see cref="ZeroRegister"/>.</summary>
    public fixed ulong Gpr[33];

    // --- The engine's own words, not architected state. They stand first: the JIT checks a pointer for null before every access
    //     beyond its first 2 KiB. ---

    /// <summary>Instructions that may still start; a run is charged whole when it is entered.</summary>
    public long Remaining;

    /// <summary>Decoded instructions of the current page; entry 0 is the page's first word.</summary>
    public Isa.Insn* PageInsns;

    /// <summary>Effective address of the current page.</summary>
    public ulong PageEa;

    /// <summary>Data TLB of the current translation context.</summary>
    public Mmu.TlbEntry* Tlb;

    /// <summary>What stands behind a 32-bit CPU's data TLB: the entries of its second TLB; null on other CPUs.</summary>
    public Mmu.TlbEntry* SecondTlb;

    /// <summary>Which entries of a 32-bit CPU's data TLBs are in use; null on other CPUs.</summary>
    internal Mmu.SegmentUse* TlbUse;

    /// <summary>Fetch TLB of the current translation context.</summary>
    public Mmu.FetchEntry* FetchTlb;

    /// <summary>The instruction that a slow path works for, and what is left of its run; null inside fast handlers.</summary>
    public Isa.Insn* Current;

    /// <summary>Run length of <see cref="Current"/>, kept apart because a store may throw its page's decoded form away.</summary>
    public long CurrentRunLength;

    /// <summary>Instructions held back from <see cref="Remaining"/> while one is stepped alone.</summary>
    public long Held;

    /// <summary>Pseudo-instruction that runs <see cref="Current"/> on the slow path.</summary>
    public Isa.Insn* MissInsn;

    /// <summary>Pseudo-instruction that continues at <see cref="Pc"/>, in whatever page that is.</summary>
    public Isa.Insn* FarInsn;

    /// <summary>Pseudo-instruction that returns to the dispatcher.</summary>
    public Isa.Insn* StopInsn;

    /// <summary>The functions of the current mode by opcode.</summary>
    public delegate*<CpuState*, Isa.Insn*, Isa.Insn*>* Handlers;

    /// <summary>Functions of the current mode, by opcode, that run one instruction and return the next; null where none has been asked for.</summary>
    public delegate*<CpuState*, Isa.Insn*, Isa.Insn*>* SingleHandlers;

    /// <summary>Enters translated code: a function of the state and the code's address.</summary>
    public delegate* unmanaged<CpuState*, nint, Isa.Insn*> EnterNative;

    /// <summary>What <see cref="Isa.Insn.Native"/> counts from.</summary>
    public nint NativeBase;

    /// <summary>The time, in instructions since power-on, at which <see cref="Remaining"/> would be 0.</summary>
    public long TimeAtZero;

    /// <summary>Log2 of the instructions in a nanosecond.</summary>
    public long TimeShift;

    /// <summary>Time base ticks a second.</summary>
    public ulong TimeBaseFrequency;

    /// <summary>What the time base is beyond the ticks since power-on.</summary>
    public ulong TimeBaseOffset;

    /// <summary>Host addresses that a straight line of translated code has looked up and uses again; see the translator's access groups.</summary>
    public fixed ulong LookedUp[8];

    /// <summary>A GC handle's value, to reach the managed CPU from unmanaged code.</summary>
    public nint Managed;

    /// <summary>
    /// Set by whatever must end the straight-line run after the current instruction: a taken exception, a changed mode, a
    /// pending interrupt. Handlers of instructions that can set it test it; then execution continues at <see cref="Pc"/>.
    /// </summary>
    public uint Exit;

    // --- Architected state ---

    /// <summary>The link register.</summary>
    public ulong Lr;

    /// <summary>The count register.</summary>
    public ulong Ctr;

    /// <summary>Where execution continues when the run ends. Not kept current inside a run.</summary>
    public ulong Pc;

    /// <summary>The machine state register.</summary>
    public ulong Msr;

    /// <summary>Condition register: eight 4-bit fields, one a byte: LT 8, GT 4, EQ 2, SO 1.</summary>
    public fixed byte Cr[8];

    /// <summary>XER[SO], 0 or 1.</summary>
    public byte XerSo;

    /// <summary>XER[OV], 0 or 1.</summary>
    public byte XerOv;

    /// <summary>XER[CA], 0 or 1.</summary>
    public byte XerCa;

    /// <summary>XER's byte count for lswx and stswx, 0 to 127.</summary>
    public byte XerCount;

    /// <summary>FPSCR, 32 bits as the architecture numbers them: FX is 0x80000000, RN is 0x3.</summary>
    public uint Fpscr;

    /// <summary>Bits 0:31 of a 64-bit CPU's FPSCR, of which only DRN (29:31, mask 7), the decimal rounding mode, exists.</summary>
    public uint FpscrHigh;

    /// <summary>VSCR: NJ is 0x10000, SAT is 1.</summary>
    public uint Vscr;

    /// <summary>True while a reservation is held.</summary>
    public byte ReservationValid;

    /// <summary>XER[OV32], 0 or 1 (ISA 3.0).</summary>
    public byte XerOv32;

    /// <summary>XER[CA32], 0 or 1 (ISA 3.0).</summary>
    public byte XerCa32;

    /// <summary>The engine's own: 1 where the CPU has XER[OV32] and XER[CA32], else 0.</summary>
    public byte XerHasWordBits;

    /// <summary>The engine's own: 1 while an interrupt waits for MSR[EE]. Looked at when a slice begins and after whatever may change it.</summary>
    public byte InterruptWaits;

    /// <summary>The engine's own: the mode instructions run in, a CpuMode.</summary>
    public byte Mode;

    /// <summary>Physical address of the reserved granule.</summary>
    public ulong ReservationAddress;

    /// <summary>
    /// 64 vector-scalar registers of 128 bits as two host 64-bit words: word 2n+1 is doubleword 0 (most significant), word 2n is
    /// doubleword 1. FPR n is doubleword 0 of VSR n; VR n is VSR 32+n. So the 16 bytes of a register are the big-endian value
    /// reversed: byte element i is host byte 15-i, word element i is host word 3-i.
    /// </summary>
    public fixed ulong Vsr[130];

    /// <summary>Number of a register after VSR 63 that leaf functions compute elements of vectors in; not architected.</summary>
    public const int ScratchRegister = 64;

    /// <summary>
    /// The engine's own: what translated code has left to be done in <see cref="Fpscr"/>, 0 = nothing. Nonzero only while translated code runs;
    /// see <see cref="Leaf.FloatingPoint.PendingStatus"/>.
    /// </summary>
    public uint FloatPending;

    /// <summary>The engine's own: the operands of the operation in <see cref="FloatPending"/>.</summary>
    public fixed ulong FloatOperands[3];

    /// <summary>Segment registers of a 32-bit CPU.</summary>
    public fixed uint Sr[16];

    /// <summary>Special-purpose registers by number, for those that have no field of their own.</summary>
    public fixed ulong Spr[1024];

    /// <summary><see cref="Exit"/>: <see cref="Pc"/> is already where execution goes on.</summary>
    public const uint ExitPcSet = 1;

    /// <summary><see cref="Exit"/>: the dispatcher must look at interrupts, deadlines or changed code.</summary>
    public const uint ExitResynchronize = 4;

    /// <summary>XER as one value: SO 0x80000000, OV 0x40000000, CA 0x20000000, OV32 0x80000, CA32 0x40000, count in the low 7 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint GetXer() => ((uint)XerSo << 31) | ((uint)XerOv << 30) | ((uint)XerCa << 29) | XerCount
        | ((uint)(XerOv32 & XerHasWordBits) << 19) | ((uint)(XerCa32 & XerHasWordBits) << 18);

    /// <summary>Sets XER from one value; reserved bits read back as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetXer(uint value)
    {
        XerSo = (byte)(value >> 31);
        XerOv = (byte)((value >> 30) & 1);
        XerCa = (byte)((value >> 29) & 1);
        XerCount = (byte)(value & 0x7f);
        XerOv32 = (byte)((value >> 19) & XerHasWordBits);
        XerCa32 = (byte)((value >> 18) & XerHasWordBits);
    }

    /// <summary>CR as one value: field 0 in the most significant four bits.</summary>
    public uint GetCr()
    {
        uint value = 0;
        for (int field = 0; field < 8; field++)
        {
            value = (value << 4) | Cr[field];
        }

        return value;
    }

    /// <summary>Sets all eight CR fields.</summary>
    public void SetCr(uint value)
    {
        for (int field = 0; field < 8; field++)
        {
            Cr[field] = (byte)((value >> (28 - (4 * field))) & 15);
        }
    }

    /// <summary>The 64-bit pattern of FPR <paramref name="n"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong Fpr(int n) => ref Vsr[(2 * n) + 1];

    /// <summary>VR <paramref name="n"/> as 16 host bytes; see <see cref="Vsr"/> for the order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Vector128<byte> Vr(int n) => ref Unsafe.As<ulong, Vector128<byte>>(ref Vsr[64 + (2 * n)]);
}
