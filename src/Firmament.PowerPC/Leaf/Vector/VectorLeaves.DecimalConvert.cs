using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Decimal conversion, shift and truncation of Power ISA 3.0B (Book I 6.16), and multiplication by ten. A signed decimal is 31 digits and
// a sign nibble; zoned is 16 bytes of zone and digit with the sign in the last zone; national is seven 16-bit digits and a sign.
// CR6: less, greater, equal to zero, and overflow or, alone, an invalid operand, whose result is undefined: here all ones.
public static unsafe partial class VectorLeaves
{
    private const int InvalidDecimal = 1;

    /// <summary>vmul10uq VRT,VRA: VRA × 10 modulo 2^128.</summary>
    public static void Vmul10uq(CpuState* s, Insn* i) => SetWhole(s, i, WholeA(s, i) * 10);

    /// <summary>vmul10cuq VRT,VRA: what vmul10uq carries out.</summary>
    public static void Vmul10cuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOfTen(WholeA(s, i), 0));

    /// <summary>vmul10euq VRT,VRA,VRB: VRA × 10 and the digit in VRB's last nibble, modulo 2^128.</summary>
    public static void Vmul10euq(CpuState* s, Insn* i) => SetWhole(s, i, (WholeA(s, i) * 10) + (WholeB(s, i) & 15));

    /// <summary>vmul10ecuq VRT,VRA,VRB: what vmul10euq carries out.</summary>
    public static void Vmul10ecuq(CpuState* s, Insn* i) => SetWhole(s, i, CarryOfTen(WholeA(s, i), (uint)WholeB(s, i) & 15));

    /// <summary>bcdcfn. VRT,VRB,PS: from national.</summary>
    public static void Bcdcfn(CpuState* s, Insn* i)
    {
        UInt128 source = WholeB(s, i);
        uint sign = (ushort)source;
        bool valid = sign is 0x2b or 0x2d;
        UInt128 magnitude = 0;
        for (int digit = 1; digit <= 7; digit++)
        {
            uint code = (ushort)(source >>> (16 * digit));
            valid &= code is >= 0x30 and <= 0x39;
            magnitude |= (UInt128)(code & 15) << (4 * digit);
        }

        SetSigned(s, i, valid, magnitude, sign == 0x2d, overflow: false);
    }

    /// <summary>bcdcfz. VRT,VRB,PS: from zoned; PS is the zones' code: 0 ASCII (3), 1 EBCDIC (15).</summary>
    public static void Bcdcfz(CpuState* s, Insn* i)
    {
        UInt128 source = WholeB(s, i);
        bool ebcdic = (i->Word & PreferredSign) != 0;
        uint sign = (uint)(source >>> 4) & 15;
        bool valid = !ebcdic || sign >= 10;
        bool negative = ebcdic ? sign is 0xb or 0xd : (sign & 4) != 0;
        UInt128 magnitude = 0;
        for (int digit = 0; digit < 16; digit++)
        {
            uint code = (byte)(source >>> (8 * digit));
            valid &= (code & 15) <= 9 && (digit == 0 || code >> 4 == (ebcdic ? 15u : 3));
            magnitude |= (UInt128)(code & 15) << (4 * (digit + 1));
        }

        // Here PS does not choose the plus sign.
        SetRecorded(s, i, valid, magnitude | (negative ? 0xdu : 0xc), magnitude != 0, negative, overflow: false);
    }

    /// <summary>bcdctn. VRT,VRB: to national; more than 7 digits overflow.</summary>
    public static void Bcdctn(CpuState* s, Insn* i)
    {
        UInt128 source = WholeB(s, i);
        bool valid = IsDecimal(source, out bool negative);
        UInt128 result = negative ? 0x2du : 0x2b;
        for (int digit = 1; digit <= 7; digit++)
        {
            result |= (0x30 | ((source >>> (4 * digit)) & 15)) << (16 * digit);
        }

        SetRecorded(s, i, valid, result, source >>> 4 != 0, negative, source >>> 32 != 0);
    }

    /// <summary>bcdctz. VRT,VRB,PS: to zoned; more than 16 digits overflow.</summary>
    public static void Bcdctz(CpuState* s, Insn* i)
    {
        UInt128 source = WholeB(s, i);
        bool ebcdic = (i->Word & PreferredSign) != 0;
        bool valid = IsDecimal(source, out bool negative);
        UInt128 result = 0;
        for (int digit = 15; digit >= 0; digit--)
        {
            uint zone = digit > 0 ? (ebcdic ? 0xf0u : 0x30) : ebcdic ? (negative ? 0xd0u : 0xc0) : negative ? 0x70u : 0x30;
            result = (result << 8) | zone | ((source >>> (4 * (digit + 1))) & 15);
        }

        SetRecorded(s, i, valid, result, source >>> 4 != 0, negative, source >>> 68 != 0);
    }

    /// <summary>bcdcfsq. VRT,VRB,PS: from a signed quadword; beyond 31 digits it overflows and the result, undefined, has the low ones.</summary>
    public static void Bcdcfsq(CpuState* s, Insn* i)
    {
        UInt128 source = WholeB(s, i);
        bool negative = source >>> 127 != 0;
        UInt128 rest = negative ? UInt128.Zero - source : source;
        UInt128 magnitude = 0;
        for (int digit = 1; digit <= DecimalDigits; digit++)
        {
            (rest, UInt128 low) = UInt128.DivRem(rest, 10);
            magnitude |= low << (4 * digit);
        }

        SetSigned(s, i, true, magnitude, negative, rest != 0);
        s->Cr[6] = (byte)((source == 0 ? 2 : negative ? 8 : 4) | (rest != 0 ? 1 : 0));
    }

    /// <summary>bcdctsq. VRT,VRB: to a signed quadword.</summary>
    public static void Bcdctsq(CpuState* s, Insn* i)
    {
        bool valid = TryReadDecimal(WholeB(s, i), out Int128 value);
        SetRecorded(s, i, valid, (UInt128)value, value != 0, value < 0, overflow: false);
    }

    /// <summary>bcdcpsgn. VRT,VRA,VRB: VRA with the sign code of VRB.</summary>
    public static void Bcdcpsgn(CpuState* s, Insn* i)
    {
        UInt128 a = WholeA(s, i);
        UInt128 b = WholeB(s, i);
        bool valid = IsDecimal(a, out _) & IsDecimal(b, out bool negative);
        SetRecorded(s, i, valid, (a & ~(UInt128)15) | (b & 15), a >>> 4 != 0, negative, overflow: false);
    }

    /// <summary>bcdsetsgn. VRT,VRB,PS: VRB with the preferred sign code.</summary>
    public static void Bcdsetsgn(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        SetSigned(s, i, IsDecimal(b, out bool negative), b & ~(UInt128)15, negative, overflow: false);
    }

    /// <summary>bcds. VRT,VRA,VRB,PS: VRB shifted left by byte 7 of VRA, signed, in digits.</summary>
    public static void Bcds(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        bool valid = IsDecimal(b, out bool negative);
        UInt128 shifted = ShiftDigits(b & ~(UInt128)15, DigitShift(s, i, DecimalDigits), out bool overflow);
        SetSigned(s, i, valid, shifted & ~(UInt128)15, negative, overflow);
    }

    /// <summary>bcdsr. VRT,VRA,VRB,PS: as bcds., rounding half up in magnitude.</summary>
    public static void Bcdsr(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        bool valid = IsDecimal(b, out bool negative);
        UInt128 shifted = ShiftDigits(b & ~(UInt128)15, DigitShift(s, i, DecimalDigits), out bool overflow);

        // The last digit shifted out lies where the sign will.
        bool up = ((uint)shifted & 15) >= 5;
        shifted &= ~(UInt128)15;
        for (int place = 4; up && place < 128; place += 4)
        {
            uint digit = (uint)(shifted >>> place) & 15;
            up = digit == 9;
            shifted = up ? shifted - ((UInt128)9 << place) : shifted + (UInt128.One << place);
        }

        SetSigned(s, i, valid, shifted, negative, overflow);
    }

    /// <summary>bcdus. VRT,VRA,VRB: 32 digits without sign shifted as by bcds.</summary>
    public static void Bcdus(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        UInt128 shifted = ShiftDigits(b, DigitShift(s, i, DecimalDigits + 1), out bool overflow);
        SetRecorded(s, i, AreDigits(b), shifted, shifted != 0, negative: false, overflow);
    }

    /// <summary>bcdtrunc. VRT,VRA,VRB,PS: the last digits of VRB, as many as bits 48:63 of VRA say.</summary>
    public static void Bcdtrunc(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        bool valid = IsDecimal(b, out bool negative);
        int length = (ushort)A<ulong>(s, i)[1];
        UInt128 lost = length < DecimalDigits ? b >>> (4 * (length + 1)) << (4 * (length + 1)) : 0;
        SetSigned(s, i, valid, (b ^ lost) & ~(UInt128)15, negative, lost != 0);
    }

    /// <summary>bcdutrunc. VRT,VRA,VRB: as bcdtrunc. for 32 digits without sign.</summary>
    public static void Bcdutrunc(CpuState* s, Insn* i)
    {
        UInt128 b = WholeB(s, i);
        int length = (ushort)A<ulong>(s, i)[1];
        UInt128 lost = length < DecimalDigits + 1 ? b >>> (4 * length) << (4 * length) : 0;
        SetRecorded(s, i, AreDigits(b), b ^ lost, b != lost, negative: false, lost != 0);
    }

    private static UInt128 CarryOfTen(UInt128 value, uint digit)
    {
        UInt128 low = ((UInt128)(ulong)value * 10) + digit;
        UInt128 high = ((value >>> 64) * 10) + (low >>> 64);
        return high >>> 64;
    }

    private static bool AreDigits(UInt128 bits)
    {
        // A nibble above 9 carries out of the addition of 6.
        const ulong sixes = 0x0666_6666_6666_6666;
        ulong high = (ulong)(bits >>> 64);
        ulong low = (ulong)bits;
        return HighDigits(high, sixes) && HighDigits(low, sixes);
    }

    private static bool HighDigits(ulong bits, ulong sixes)
    {
        ulong rest = bits & 0x0fff_ffff_ffff_ffff;
        return bits >> 60 <= 9 && (((rest + sixes) ^ rest ^ sixes) & 0x1111_1111_1111_1110) == 0;
    }

    private static bool IsDecimal(UInt128 bits, out bool negative)
    {
        uint sign = (uint)bits & 15;
        negative = sign is 0xb or 0xd;
        return sign >= 10 && AreDigits(bits & ~(UInt128)15);
    }

    private static int DigitShift(CpuState* s, Insn* i, int limit) => Math.Clamp((sbyte)A<ulong>(s, i)[1], -limit, limit);

    private static UInt128 ShiftDigits(UInt128 digits, int left, out bool overflow)
    {
        overflow = left > 0 && digits >>> (128 - (4 * left)) != 0;
        if (left == 32)
        {
            overflow = digits != 0;
        }

        return Math.Abs(left) == 32 ? 0 : left >= 0 ? digits << (4 * left) : digits >>> (-4 * left);
    }

    private static void SetSigned(CpuState* s, Insn* i, bool valid, UInt128 magnitude, bool negative, bool overflow)
    {
        uint plus = (i->Word & PreferredSign) != 0 ? 0xfu : 0xcu;
        SetRecorded(s, i, valid, magnitude | (negative ? 0xdu : plus), magnitude != 0, negative, overflow);
    }

    private static void SetRecorded(CpuState* s, Insn* i, bool valid, UInt128 result, bool isNonzero, bool negative, bool overflow)
    {
        SetWhole(s, i, valid ? result : UInt128.MaxValue);
        s->Cr[6] = (byte)(!valid ? InvalidDecimal : (!isNonzero ? 2 : negative ? 8 : 4) | (overflow ? 1 : 0));
    }
}
