using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// Computes semantics on a CPU's state, in one of its modes. <see cref="Next"/> is where the handler goes afterwards: the following
/// instruction unless a branch, a TLB miss or an interrupt says otherwise.
/// </summary>
/// <remarks>
/// Doubleword arithmetic is in Evaluator.Doubleword.cs, storage accesses in Evaluator.Storage.cs and Evaluator.VectorStorage.cs, control
/// in Evaluator.Control.cs.
/// </remarks>
internal unsafe partial struct Evaluator<TPath, TWord, TMode> : IEmitter<TWord>
    where TPath : struct, IPath
    where TWord : struct, IWord<TWord>
    where TMode : struct, ICpuMode
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // SAFETY: both point into memory that the CPU owns and that outlives every run.
    private readonly CpuState* _s;
    private readonly Insn* _i;

    [MethodImpl(Inline)]
    public Evaluator(CpuState* s, Insn* i)
    {
        _s = s;
        _i = i;
        Next = i + 1;
    }

    /// <summary>The next instruction to run.</summary>
    public Insn* Next;

    public TWord this[int gpr]
    {
        // Gpr is the first field of the state; indexing it directly spares a null check in every handler.
        [MethodImpl(Inline)] readonly get => TWord.From(TMode.Is64 ? *((ulong*)_s + gpr) : *(uint*)((ulong*)_s + gpr));
        [MethodImpl(Inline)] set => *((ulong*)_s + gpr) = value.Bits;
    }

    public TWord Lr
    {
        [MethodImpl(Inline)] readonly get => TWord.From(_s->Lr);
        [MethodImpl(Inline)] set => _s->Lr = value.Bits;
    }

    public TWord Ctr
    {
        [MethodImpl(Inline)] readonly get => TWord.From(_s->Ctr);
        [MethodImpl(Inline)] set => _s->Ctr = value.Bits;
    }

    public TWord Xer
    {
        [MethodImpl(Inline)] readonly get => TWord.From(_s->GetXer());
        [MethodImpl(Inline)] set => _s->SetXer((uint)value.Bits);
    }

    public readonly TWord Msr
    {
        [MethodImpl(Inline)] get => TWord.From(_s->Msr);
    }

    public readonly TWord Carry
    {
        [MethodImpl(Inline)] get => TWord.From(_s->XerCa);
    }

    [MethodImpl(Inline)] public readonly TWord Imm(int value) => TWord.From(TMode.Is64 ? (ulong)value : (uint)value);

    [MethodImpl(Inline)] public readonly TWord UnsignedImm(int value) => TWord.From((uint)value);

    [MethodImpl(Inline)] public readonly TWord PlainSpr(int spr) => TWord.From(_s->Spr[spr]);

    [MethodImpl(Inline)] public readonly void SetPlainSpr(int spr, TWord value) => _s->Spr[spr] = value.Bits;

    [MethodImpl(Inline)]
    public readonly TWord AddCarrying(TWord a, TWord b, TWord carry, bool setCa, bool setOv)
    {
        if (!setCa && !setOv)
        {
            return TWord.From(a.Bits + b.Bits + carry.Bits);
        }

        if (TMode.Is64)
        {
            return AddCarrying64(a.Bits, b.Bits, carry.Bits, setCa, setOv);
        }

        ulong sum = a.Bits + b.Bits + carry.Bits;
        uint result = (uint)sum;
        if (setCa)
        {
            _s->XerCa = (byte)(sum >> 32);
        }

        if (setOv)
        {
            SetOverflow(((((uint)a.Bits ^ result) & ((uint)b.Bits ^ result)) >> 31) != 0);
        }

        return TWord.From(result);
    }

    [MethodImpl(Inline)]
    public readonly TWord MultiplyLow32(TWord a, TWord b, bool setOv)
    {
        if (!setOv && !TMode.Is64)
        {
            return TWord.From((uint)a.Bits * (uint)b.Bits);
        }

        long product = (long)(int)a.Bits * (int)b.Bits;
        if (setOv)
        {
            SetOverflow(product != (int)product);
        }

        return TWord.From(TMode.Is64 ? (ulong)product : (uint)product);
    }

    [MethodImpl(Inline)]
    public readonly TWord MultiplyHigh32(TWord a, TWord b, bool signed) => TWord.From(signed
        ? (uint)(((long)(int)a.Bits * (int)b.Bits) >> 32)
        : (uint)(((ulong)(uint)a.Bits * (uint)b.Bits) >> 32));

    /// <summary>
    /// Quirk: where the quotient is undefined (divisor 0, or the most negative number by -1) the 7450 gives 0 for unsigned and for
    /// a non-negative dividend, and all ones for a negative one; guests cannot rely on it, vectors record it. A 64-bit CPU's upper half
    /// is undefined, here 0.
    /// </summary>
    [MethodImpl(Inline)]
    public readonly TWord Divide32(TWord a, TWord b, bool signed, bool setOv)
    {
        uint dividend = (uint)a.Bits;
        uint divisor = (uint)b.Bits;
        bool undefined = divisor == 0 || (signed && dividend == 0x8000_0000 && divisor == uint.MaxValue);
        if (setOv)
        {
            SetOverflow(undefined);
        }

        if (undefined)
        {
            return TWord.From(signed && (int)dividend < 0 ? uint.MaxValue : 0);
        }

        return TWord.From(signed ? (uint)((int)dividend / (int)divisor) : dividend / divisor);
    }

    /// <summary>A 64-bit CPU rotates a word that stands in both halves (Power ISA Book I 3.3.14).</summary>
    [MethodImpl(Inline)]
    public readonly TWord RotateLeft32(TWord value, TWord count)
    {
        uint rotated = BitOperations.RotateLeft((uint)value.Bits, (int)count.Bits);
        return TWord.From(TMode.Is64 ? ((ulong)rotated << 32) | rotated : rotated);
    }

    [MethodImpl(Inline)]
    public readonly TWord RotateMask(in Insn i) =>
        TWord.From(TMode.Is64 ? (uint)i.Imm | ((ulong)-(long)i.CrMask << 32) : (uint)i.Imm);

    [MethodImpl(Inline)] public readonly TWord ShiftLeft32(TWord value, TWord count) => TWord.From((uint)((ulong)(uint)value.Bits << (int)(count.Bits & 63)));

    [MethodImpl(Inline)] public readonly TWord ShiftRight32(TWord value, TWord count) => TWord.From((uint)((ulong)(uint)value.Bits >> (int)(count.Bits & 63)));

    [MethodImpl(Inline)]
    public readonly TWord ShiftRightAlgebraic32(TWord value, TWord count)
    {
        int n = (int)(count.Bits & 63);
        long wide = (int)value.Bits;
        long result = wide >> n;
        _s->XerCa = (byte)(wide < 0 && (uint)(result << n) != (uint)value.Bits ? 1 : 0);
        if (n > 31)
        {
            _s->XerCa = (byte)(wide < 0 ? 1 : 0);
        }

        if (TMode.Is64)
        {
            _s->XerCa32 = _s->XerCa;
        }

        return TWord.From(TMode.Is64 ? (ulong)result : (uint)result);
    }

    [MethodImpl(Inline)] public readonly TWord SignExtend8(TWord value) => TWord.From((ulong)(sbyte)value.Bits);

    [MethodImpl(Inline)] public readonly TWord SignExtend16(TWord value) => TWord.From((ulong)(short)value.Bits);

    [MethodImpl(Inline)] public readonly TWord CountLeadingZeros32(TWord value) => TWord.From((uint)BitOperations.LeadingZeroCount((uint)value.Bits));

    [MethodImpl(Inline)] public readonly TWord ByteReverse16(TWord value) => TWord.From(BinaryPrimitives.ReverseEndianness((ushort)value.Bits));

    [MethodImpl(Inline)] public readonly TWord ByteReverse32(TWord value) => TWord.From(BinaryPrimitives.ReverseEndianness((uint)value.Bits));

    [MethodImpl(Inline)]
    public readonly void Record(TWord value)
    {
        if (TMode.Sf)
        {
            CompareSigned64(0, value, default);
        }
        else
        {
            CompareSigned32(0, value, default);
        }
    }

    [MethodImpl(Inline)]
    public readonly void CompareSigned32(int field, TWord a, TWord b)
    {
        int x = (int)a.Bits;
        int y = (int)b.Bits;
        CrField(field) = (byte)((x < y ? 8 : x > y ? 4 : 2) | _s->XerSo);
    }

    [MethodImpl(Inline)]
    public readonly void CompareUnsigned32(int field, TWord a, TWord b)
    {
        uint x = (uint)a.Bits;
        uint y = (uint)b.Bits;
        CrField(field) = (byte)((x < y ? 8 : x > y ? 4 : 2) | _s->XerSo);
    }

    [MethodImpl(Inline)] public readonly TWord CrBit(int bit) => TWord.From((uint)(CrField(bit >> 2) >> (3 - (bit & 3))) & 1);

    [MethodImpl(Inline)] public readonly TWord CrFlag(int field, int mask) => TWord.From((CrField(field) & mask) != 0 ? 1u : 0u);

    [MethodImpl(Inline)]
    public readonly void SetCrBit(int bit, TWord value)
    {
        int shift = 3 - (bit & 3);
        ref byte field = ref CrField(bit >> 2);
        field = (byte)((field & ~(1 << shift)) | ((int)(value.Bits & 1) << shift));
    }

    [MethodImpl(Inline)] public readonly void CopyCrField(int to, int from) => _s->Cr[to] = _s->Cr[from];

    [MethodImpl(Inline)] public readonly TWord GetCr() => TWord.From(_s->GetCr());

    [MethodImpl(Inline)]
    public readonly void SetCr(int fieldMask, TWord value)
    {
        for (int field = 0; field < 8; field++)
        {
            if ((fieldMask & (0x80 >> field)) != 0)
            {
                _s->Cr[field] = (byte)((value.Bits >> (28 - (4 * field))) & 15);
            }
        }
    }

    [MethodImpl(Inline)]
    public readonly void MoveXerToCr(int field)
    {
        _s->Cr[field] = (byte)((_s->XerSo << 3) | (_s->XerOv << 2) | (_s->XerCa << 1));
        _s->XerSo = _s->XerOv = _s->XerCa = 0;
    }

    // Plain pointer arithmetic: indexing the fixed buffer costs a null check.
    [MethodImpl(Inline)] private readonly ref byte CrField(int field) => ref *((byte*)_s + CpuState.CrOffset + field);

    /// <summary>OV, SO, and OV32 where results are a word's: both overflow together.</summary>
    [MethodImpl(Inline)]
    private readonly void SetOverflow(bool overflow)
    {
        _s->XerOv = (byte)(overflow ? 1 : 0);
        _s->XerSo |= _s->XerOv;
        if (TMode.Is64)
        {
            _s->XerOv32 = _s->XerOv;
        }
    }
}
