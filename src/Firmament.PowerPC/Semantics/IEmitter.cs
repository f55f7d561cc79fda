using Firmament.PowerPC.Isa;

namespace Firmament.PowerPC.Semantics;

/// <summary>
/// The vocabulary in which instructions are described. The interpreter's evaluator computes with it; a translator emits with it.
/// A load or store that returns false has ended the instruction: return at once, with no register written.
/// </summary>
internal unsafe interface IEmitter<TWord> where TWord : struct, IWord<TWord>
{
    // --- registers and constants ---
    TWord this[int gpr] { get; set; }
    TWord Imm(int value);

    /// <summary>A 32-bit immediate that is not sign-extended.</summary>
    TWord UnsignedImm(int value);
    TWord Lr { get; set; }
    TWord Ctr { get; set; }
    TWord Xer { get; set; }
    TWord PlainSpr(int spr);
    void SetPlainSpr(int spr, TWord value);
    TWord Msr { get; }

    /// <summary>XER[CA] as 0 or 1.</summary>
    TWord Carry { get; }

    // --- fixed point ---

    /// <summary>a + b + carry (0 or 1); sets CA and OV,SO when asked.</summary>
    TWord AddCarrying(TWord a, TWord b, TWord carry, bool setCa, bool setOv);
    TWord MultiplyLow32(TWord a, TWord b, bool setOv);
    TWord MultiplyHigh32(TWord a, TWord b, bool signed);
    TWord Divide32(TWord a, TWord b, bool signed, bool setOv);
    TWord RotateLeft32(TWord value, TWord count);

    /// <summary>The prepared mask MASK(MB, ME) of rlwinm and its like, as the register's width wants it.</summary>
    TWord RotateMask(in Insn i);
    TWord ShiftLeft32(TWord value, TWord count);
    TWord ShiftRight32(TWord value, TWord count);

    /// <summary>Arithmetic shift by count[26:31]; sets CA.</summary>
    TWord ShiftRightAlgebraic32(TWord value, TWord count);
    TWord SignExtend8(TWord value);
    TWord SignExtend16(TWord value);
    TWord CountLeadingZeros32(TWord value);

    // --- fixed point of 64-bit CPUs ---
    TWord MultiplyLow64(TWord a, TWord b, bool setOv);
    TWord MultiplyHigh64(TWord a, TWord b, bool signed);
    TWord Divide64(TWord a, TWord b, bool signed, bool setOv);
    TWord RotateLeft64(TWord value, int count);
    TWord RotateLeft64(TWord value, TWord count);

    /// <summary>MASK(bit, 63).</summary>
    TWord MaskFrom(int bit);

    /// <summary>MASK(0, bit).</summary>
    TWord MaskTo(int bit);

    /// <summary>MASK(first, last), wrapping when first &gt; last.</summary>
    TWord Mask64(int first, int last);
    TWord ShiftLeft64(TWord value, TWord count);
    TWord ShiftRight64(TWord value, TWord count);

    /// <summary>Arithmetic shift by count[57:63]; sets CA.</summary>
    TWord ShiftRightAlgebraic64(TWord value, TWord count);
    TWord SignExtend32(TWord value);
    TWord CountLeadingZeros64(TWord value);
    TWord ByteReverse64(TWord value);

    /// <summary><paramref name="yes"/> when the condition is not 0.</summary>
    TWord Select(TWord condition, TWord yes, TWord no);
    void CompareSigned64(int field, TWord a, TWord b);
    void CompareUnsigned64(int field, TWord a, TWord b);
    TWord ByteReverse16(TWord value);
    TWord ByteReverse32(TWord value);

    // --- condition register ---

    /// <summary>CR0 := comparison with 0, SO.</summary>
    void Record(TWord value);
    void CompareSigned32(int field, TWord a, TWord b);
    void CompareUnsigned32(int field, TWord a, TWord b);
    TWord CrBit(int bit);

    /// <summary>1 when any bit of <paramref name="mask"/> is set in a CR field.</summary>
    TWord CrFlag(int field, int mask);
    void SetCrBit(int bit, TWord value);
    void CopyCrField(int to, int from);

    /// <summary>The whole CR as a 32-bit value; setting writes the fields of an 8-bit mask.</summary>
    TWord GetCr();
    void SetCr(int fieldMask, TWord value);
    void MoveXerToCr(int field);

    /// <summary>Ones where the fields of an 8-bit mask stand in CR.</summary>
    TWord CrFieldMask(int fieldMask);

    // --- storage ---
    bool Load8(TWord ea, out TWord value);
    bool Load16(TWord ea, out TWord value);
    bool Load32(TWord ea, out TWord value);
    bool Store8(TWord ea, TWord value);
    bool Store16(TWord ea, TWord value);
    bool Store32(TWord ea, TWord value);
    bool Load64(TWord ea, out TWord value);
    bool Store64(TWord ea, TWord value);

    /// <summary>Loads an aligned operand of 1, 2, 4 or 8 bytes and reserves its granule.</summary>
    bool LoadReserve(TWord ea, int size, out TWord value);

    /// <summary>Stores if the reservation holds; CR0 := 0, 0, success, SO.</summary>
    bool StoreConditional(TWord ea, int size, TWord value);

    /// <summary>A quadword as two halves; only slow evaluators run what uses it. Nothing is transferred unless all of it can be.</summary>
    bool Load128(TWord ea, out TWord high, out TWord low);
    bool Store128(TWord ea, TWord high, TWord low);
    bool LoadReserve128(TWord ea, out TWord high, out TWord low);
    bool StoreConditional128(TWord ea, TWord high, TWord low);

    /// <summary>False after an alignment interrupt.</summary>
    bool RequireAligned(TWord ea, int size);

    /// <summary>False after an illegal instruction interrupt: a pair begins with an even register.</summary>
    bool RequireEvenPair(int register);
    bool LoadFprSingle(int frt, TWord ea);
    bool LoadFprDouble(int frt, TWord ea);
    bool StoreFprSingle(int frs, TWord ea);
    bool StoreFprDouble(int frs, TWord ea);
    bool StoreFprWord(int frs, TWord ea);

    /// <summary>Loads the aligned element of 1, 2, 4 or 16 bytes that holds <paramref name="ea"/>.</summary>
    bool LoadVr(int vrt, TWord ea, int size);
    bool StoreVr(int vrs, TWord ea, int size);
    void SetVrShiftControl(int vrt, TWord ea, bool right);
    bool LoadVsr(int xt, TWord ea, VsrLoad shape);
    bool StoreVsr(int xs, TWord ea, VsrLoad shape);

    /// <summary>lxvl, lxvll: as many bytes as bits 0:7 of <paramref name="length"/> say, at most 16.</summary>
    bool LoadVsrLength(int xt, TWord ea, TWord length, bool leftJustified);
    bool StoreVsrLength(int xs, TWord ea, TWord length, bool leftJustified);
    TWord VsrDoubleword(int vsr, int index);
    void SetVsrDoubleword(int vsr, int index, TWord value);
    bool ZeroBlock(TWord ea);

    /// <summary>Checks that a load is allowed, with no other effect.</summary>
    bool Probe(TWord ea);

    // --- control ---

    /// <summary>The address of this instruction plus a displacement.</summary>
    TWord Relative(int displacement);

    /// <summary>BO and BI: decrements CTR where BO says so; nonzero when the branch is taken.</summary>
    TWord BranchTaken(int bo, int bi);
    void BranchRelative(TWord taken, int displacement);
    void BranchTo(TWord taken, TWord target);

    /// <summary>Program interrupt (trap) if TO selects the outcome of comparing a with b.</summary>
    void TrapIf(int to, TWord a, TWord b);

    /// <summary>The same of 64 bits.</summary>
    void TrapIf64(int to, TWord a, TWord b);

    // --- rare operations, each a call into the CPU ---
    void SystemCall(int level);
    void ReturnFromInterrupt(ReturnKind kind);
    void InstructionSynchronize();

    /// <summary>Writes the MSR bits of a mask, as far as software may.</summary>
    void MoveToMsr(TWord value, ulong mask);
    void ReadSpr(int spr, int rt);
    void WriteSpr(int spr, TWord value);
    void ReadTimeBase(int tbr, int rt);
    void ReadSegment(int rt, TWord index);
    void WriteSegment(TWord index, TWord value);
    void InvalidateTlbEntry(TWord ea);
    void InvalidateTlb();
    void LoadTlb(TWord ea, bool instruction);
    bool InvalidateDataBlock(TWord ea);
    bool ExternalControlIn(int rt, TWord ea);
    bool ExternalControlOut(TWord ea, TWord value);
    bool RequireAlignedMultiple(TWord ea);

    /// <summary>Strings may start anywhere, but not in little-endian mode: false after an alignment interrupt.</summary>
    bool RequireBigEndianString(TWord ea);

    // --- rare operations of Book III-S ---
    void SystemCallVectored(int level);
    void RefusePrivileged();

    /// <summary>Facility unavailable interrupt with this cause.</summary>
    void RefuseFacility(int cause);
    void BranchToTarget(int bo, int bi, bool link);
    void SegmentLookaside(SlbOperation operation, int register, TWord rb);
    void InvalidateTranslation(TWord rb, TWord rs, int ric, bool isLocal);
    void Doorbell(TWord message, bool send);

    /// <summary>XER's byte count. Only slow evaluators run instructions that depend on it.</summary>
    int StringCount { get; }
}
