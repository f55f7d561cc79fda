using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.Semantics;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// Computes semantics on a 32-bit CPU's state. <see cref="Next"/> is where the handler goes afterwards: the following instruction
/// unless a branch, a TLB miss or an interrupt says otherwise.
/// </summary>
/// <remarks>Storage accesses are in Evaluator.Storage.cs, control in Evaluator.Control.cs.</remarks>
internal unsafe partial struct Evaluator<TPath> : IEmitter<Word32> where TPath : struct, IPath
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

    public Word32 this[int gpr]
    {
        // Gpr is the first field of the state; indexing it directly spares a null check in every handler.
        [MethodImpl(Inline)] readonly get => new(*(uint*)((ulong*)_s + gpr));
        [MethodImpl(Inline)] set => *((ulong*)_s + gpr) = value.Value;
    }

    public Word32 Lr
    {
        [MethodImpl(Inline)] readonly get => new((uint)_s->Lr);
        [MethodImpl(Inline)] set => _s->Lr = value.Value;
    }

    public Word32 Ctr
    {
        [MethodImpl(Inline)] readonly get => new((uint)_s->Ctr);
        [MethodImpl(Inline)] set => _s->Ctr = value.Value;
    }

    public Word32 Xer
    {
        [MethodImpl(Inline)] readonly get => new(_s->GetXer());
        [MethodImpl(Inline)] set => _s->SetXer(value.Value);
    }

    public readonly Word32 Msr
    {
        [MethodImpl(Inline)] get => new((uint)_s->Msr);
    }

    public readonly Word32 Carry
    {
        [MethodImpl(Inline)] get => new(_s->XerCa);
    }

    [MethodImpl(Inline)] public readonly Word32 Imm(int value) => new((uint)value);

    [MethodImpl(Inline)] public readonly Word32 PlainSpr(int spr) => new((uint)_s->Spr[spr]);

    [MethodImpl(Inline)] public readonly void SetPlainSpr(int spr, Word32 value) => _s->Spr[spr] = value.Value;

    [MethodImpl(Inline)]
    public readonly Word32 AddCarrying(Word32 a, Word32 b, Word32 carry, bool setCa, bool setOv)
    {
        if (!setCa && !setOv)
        {
            return new(a.Value + b.Value + carry.Value);
        }

        ulong sum = (ulong)a.Value + b.Value + carry.Value;
        uint result = (uint)sum;
        if (setCa)
        {
            _s->XerCa = (byte)(sum >> 32);
        }

        if (setOv)
        {
            SetOverflow((((a.Value ^ result) & (b.Value ^ result)) >> 31) != 0);
        }

        return new(result);
    }

    [MethodImpl(Inline)]
    public readonly Word32 MultiplyLow32(Word32 a, Word32 b, bool setOv)
    {
        if (!setOv)
        {
            return new(a.Value * b.Value);
        }

        long product = (long)(int)a.Value * (int)b.Value;
        SetOverflow(product != (int)product);
        return new((uint)product);
    }

    [MethodImpl(Inline)]
    public readonly Word32 MultiplyHigh32(Word32 a, Word32 b, bool signed) => new(signed
        ? (uint)(((long)(int)a.Value * (int)b.Value) >> 32)
        : (uint)(((ulong)a.Value * b.Value) >> 32));

    /// <summary>
    /// Quirk: where the quotient is undefined (divisor 0, or the most negative number by -1) the 7450 gives 0 for unsigned and for
    /// a non-negative dividend, and all ones for a negative one; guests cannot rely on it, vectors record it.
    /// </summary>
    [MethodImpl(Inline)]
    public readonly Word32 Divide32(Word32 a, Word32 b, bool signed, bool setOv)
    {
        bool undefined = b.Value == 0 || (signed && a.Value == 0x8000_0000 && b.Value == uint.MaxValue);
        if (setOv)
        {
            SetOverflow(undefined);
        }

        if (undefined)
        {
            return new(signed && (int)a.Value < 0 ? uint.MaxValue : 0);
        }

        return new(signed ? (uint)((int)a.Value / (int)b.Value) : a.Value / b.Value);
    }

    [MethodImpl(Inline)] public readonly Word32 RotateLeft32(Word32 value, Word32 count) => new(BitOperations.RotateLeft(value.Value, (int)count.Value));

    [MethodImpl(Inline)] public readonly Word32 ShiftLeft32(Word32 value, Word32 count) => new((uint)((ulong)value.Value << (int)(count.Value & 63)));

    [MethodImpl(Inline)] public readonly Word32 ShiftRight32(Word32 value, Word32 count) => new((uint)((ulong)value.Value >> (int)(count.Value & 63)));

    [MethodImpl(Inline)]
    public readonly Word32 ShiftRightAlgebraic32(Word32 value, Word32 count)
    {
        int n = (int)(count.Value & 63);
        long wide = (int)value.Value;
        long result = wide >> n;
        _s->XerCa = (byte)(wide < 0 && (uint)(result << n) != value.Value ? 1 : 0);
        if (n > 31)
        {
            _s->XerCa = (byte)(wide < 0 ? 1 : 0);
        }

        return new((uint)result);
    }

    [MethodImpl(Inline)] public readonly Word32 SignExtend8(Word32 value) => new((uint)(sbyte)value.Value);

    [MethodImpl(Inline)] public readonly Word32 SignExtend16(Word32 value) => new((uint)(short)value.Value);

    [MethodImpl(Inline)] public readonly Word32 CountLeadingZeros32(Word32 value) => new((uint)BitOperations.LeadingZeroCount(value.Value));

    [MethodImpl(Inline)] public readonly Word32 ByteReverse16(Word32 value) => new(BinaryPrimitives.ReverseEndianness((ushort)value.Value));

    [MethodImpl(Inline)] public readonly Word32 ByteReverse32(Word32 value) => new(BinaryPrimitives.ReverseEndianness(value.Value));

    [MethodImpl(Inline)] public readonly void Record(Word32 value) => CompareSigned32(0, value, default);

    [MethodImpl(Inline)]
    public readonly void CompareSigned32(int field, Word32 a, Word32 b)
    {
        int x = (int)a.Value;
        int y = (int)b.Value;
        CrField(field) = (byte)((x < y ? 8 : x > y ? 4 : 2) | _s->XerSo);
    }

    [MethodImpl(Inline)]
    public readonly void CompareUnsigned32(int field, Word32 a, Word32 b) =>
        CrField(field) = (byte)((a.Value < b.Value ? 8 : a.Value > b.Value ? 4 : 2) | _s->XerSo);

    [MethodImpl(Inline)] public readonly Word32 CrBit(int bit) => new((uint)(CrField(bit >> 2) >> (3 - (bit & 3))) & 1);

    [MethodImpl(Inline)] public readonly Word32 CrFlag(int field, int mask) => new((CrField(field) & mask) != 0 ? 1u : 0u);

    [MethodImpl(Inline)]
    public readonly void SetCrBit(int bit, Word32 value)
    {
        int shift = 3 - (bit & 3);
        ref byte field = ref CrField(bit >> 2);
        field = (byte)((field & ~(1 << shift)) | ((int)(value.Value & 1) << shift));
    }

    [MethodImpl(Inline)] public readonly void CopyCrField(int to, int from) => _s->Cr[to] = _s->Cr[from];

    [MethodImpl(Inline)] public readonly Word32 GetCr() => new(_s->GetCr());

    [MethodImpl(Inline)]
    public readonly void SetCr(int fieldMask, Word32 value)
    {
        for (int field = 0; field < 8; field++)
        {
            if ((fieldMask & (0x80 >> field)) != 0)
            {
                _s->Cr[field] = (byte)((value.Value >> (28 - (4 * field))) & 15);
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

    [MethodImpl(Inline)]
    private readonly void SetOverflow(bool overflow)
    {
        _s->XerOv = (byte)(overflow ? 1 : 0);
        _s->XerSo |= _s->XerOv;
    }
}
