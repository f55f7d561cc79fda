using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Firmament.PowerPC.Semantics;

namespace Firmament.PowerPC.Interpreter;

/// <summary>What only 64-bit CPUs compute. Source: Power ISA 3.0B Book I 3.3.</summary>
internal unsafe partial struct Evaluator<TPath, TWord, TMode>
{
    [MethodImpl(Inline)]
    public readonly TWord MultiplyLow64(TWord a, TWord b, bool setOv)
    {
        if (setOv)
        {
            long low = (long)(a.Bits * b.Bits);
            long high = (long)WideProduct.SignedHigh(a.Bits, b.Bits);
            SetOverflow(high != low >> 63);
        }

        return TWord.From(a.Bits * b.Bits);
    }

    [MethodImpl(Inline)]
    public readonly TWord MultiplyHigh64(TWord a, TWord b, bool signed) =>
        TWord.From(signed ? WideProduct.SignedHigh(a.Bits, b.Bits) : WideProduct.High(a.Bits, b.Bits));

    /// <summary>An undefined quotient is 0, or all ones for a negative dividend, as for words.</summary>
    [MethodImpl(Inline)]
    public readonly TWord Divide64(TWord a, TWord b, bool signed, bool setOv)
    {
        bool undefined = b.Bits == 0 || (signed && a.Bits == 1ul << 63 && b.Bits == ulong.MaxValue);
        if (setOv)
        {
            SetOverflow(undefined);
        }

        if (undefined)
        {
            return TWord.From(signed && (long)a.Bits < 0 ? ulong.MaxValue : 0);
        }

        return TWord.From(signed ? (ulong)((long)a.Bits / (long)b.Bits) : a.Bits / b.Bits);
    }

    [MethodImpl(Inline)] public readonly TWord RotateLeft64(TWord value, int count) => TWord.From(BitOperations.RotateLeft(value.Bits, count));

    [MethodImpl(Inline)] public readonly TWord RotateLeft64(TWord value, TWord count) => TWord.From(BitOperations.RotateLeft(value.Bits, (int)count.Bits & 63));

    [MethodImpl(Inline)] public readonly TWord MaskFrom(int bit) => TWord.From(ulong.MaxValue >> bit);

    [MethodImpl(Inline)] public readonly TWord MaskTo(int bit) => TWord.From(ulong.MaxValue << (63 - bit));

    [MethodImpl(Inline)]
    public readonly TWord Mask64(int first, int last)
    {
        ulong from = ulong.MaxValue >> first;
        ulong to = ulong.MaxValue << (63 - last);
        return TWord.From(first <= last ? from & to : from | to);
    }

    [MethodImpl(Inline)]
    public readonly TWord ShiftLeft64(TWord value, TWord count) => TWord.From((count.Bits & 64) != 0 ? 0 : value.Bits << (int)(count.Bits & 63));

    [MethodImpl(Inline)]
    public readonly TWord ShiftRight64(TWord value, TWord count) => TWord.From((count.Bits & 64) != 0 ? 0 : value.Bits >> (int)(count.Bits & 63));

    [MethodImpl(Inline)]
    public readonly TWord ShiftRightAlgebraic64(TWord value, TWord count)
    {
        long wide = (long)value.Bits;
        int n = (int)(count.Bits & 63);
        bool beyond = (count.Bits & 64) != 0;
        long result = beyond ? wide >> 63 : wide >> n;
        bool lost = beyond ? wide != 0 : (wide & ((1L << n) - 1)) != 0;
        _s->XerCa = _s->XerCa32 = (byte)(wide < 0 && lost ? 1 : 0);
        return TWord.From((ulong)result);
    }

    [MethodImpl(Inline)] public readonly TWord SignExtend32(TWord value) => TWord.From((ulong)(int)value.Bits);

    [MethodImpl(Inline)] public readonly TWord CountLeadingZeros64(TWord value) => TWord.From((ulong)BitOperations.LeadingZeroCount(value.Bits));

    [MethodImpl(Inline)] public readonly TWord ByteReverse64(TWord value) => TWord.From(BinaryPrimitives.ReverseEndianness(value.Bits));

    [MethodImpl(Inline)]
    public readonly TWord Select(TWord condition, TWord yes, TWord no) => condition.Bits != 0 ? yes : no;

    [MethodImpl(Inline)]
    public readonly void CompareSigned64(int field, TWord a, TWord b)
    {
        long x = (long)a.Bits;
        long y = (long)b.Bits;
        CrField(field) = (byte)((x < y ? 8 : x > y ? 4 : 2) | _s->XerSo);
    }

    [MethodImpl(Inline)]
    public readonly void CompareUnsigned64(int field, TWord a, TWord b)
    {
        ulong x = a.Bits;
        ulong y = b.Bits;
        CrField(field) = (byte)((x < y ? 8 : x > y ? 4 : 2) | _s->XerSo);
    }

    /// <summary>CA and OV are of 64 bits or of 32, by SF; CA32 and OV32 are always of 32 (Power ISA 3.0B Book I 3.2.2).</summary>
    [MethodImpl(Inline)]
    private readonly TWord AddCarrying64(ulong a, ulong b, ulong carry, bool setCa, bool setOv)
    {
        ulong partial = a + b;
        ulong sum = partial + carry;
        if (setCa)
        {
            _s->XerCa32 = (byte)(((a ^ b ^ sum) >> 32) & 1);
            _s->XerCa = TMode.Sf ? (byte)((partial < a ? 1 : 0) | (sum < partial ? 1 : 0)) : _s->XerCa32;
        }

        if (setOv)
        {
            ulong overflow = (a ^ sum) & (b ^ sum);
            _s->XerOv32 = (byte)((overflow >> 31) & 1);
            _s->XerOv = TMode.Sf ? (byte)(overflow >> 63) : _s->XerOv32;
            _s->XerSo |= _s->XerOv;
        }

        return TWord.From(sum);
    }
}
