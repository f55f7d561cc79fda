using System.Runtime.Intrinsics;
using Firmament.PowerPC.Isa;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vector;

// Signed decimal add and subtract of POWER8: 31 BCD digits, then a sign nibble. Power ISA 2.07B Book I 6.16.
public static unsafe partial class VectorLeaves
{
    private const int DecimalDigits = 31;

    /// <summary>The preferred-sign bit, PS (bit 22): a plus sign is written as 0xf, not 0xc.</summary>
    private const uint PreferredSign = 0x200;

    /// <summary>bcdadd. VRT,VRA,VRB,PS: add; CR6 compares the unbounded sum with 0, its bit 3 is overflow or an invalid operand.</summary>
    public static void Bcdadd(CpuState* s, Insn* i) => AddDecimal(s, i, negateB: false);

    /// <summary>bcdsub. VRT,VRA,VRB,PS: subtract; CR6 as for bcdadd.</summary>
    public static void Bcdsub(CpuState* s, Insn* i) => AddDecimal(s, i, negateB: true);

    private static void AddDecimal(CpuState* s, Insn* i, bool negateB)
    {
        if (!TryReadDecimal(WholeA(s, i), out Int128 a) || !TryReadDecimal(WholeB(s, i), out Int128 b))
        {
            // The result of an invalid operand is undefined: all ones, which no arithmetic takes for a number.
            Set(s, i, Vector128<byte>.AllBitsSet);
            s->Cr[6] = 1;
            return;
        }

        Int128 sum = negateB ? a - b : a + b;
        uint plus = (i->Word & PreferredSign) != 0 ? 0xfu : 0xcu;
        UInt128 rest = (UInt128)Int128.Abs(sum);
        UInt128 result = sum < 0 ? 0xdu : plus;
        for (int digit = 1; digit <= DecimalDigits; digit++)
        {
            (rest, UInt128 low) = UInt128.DivRem(rest, 10);
            result |= low << (4 * digit);
        }

        SetWhole(s, i, result);
        s->Cr[6] = (byte)((sum < 0 ? 8 : sum > 0 ? 4 : 2) | (rest != 0 ? 1 : 0));
    }

    private static bool TryReadDecimal(UInt128 bits, out Int128 value)
    {
        value = 0;
        uint sign = (uint)bits & 15;
        for (int digit = DecimalDigits; digit > 0; digit--)
        {
            uint low = (uint)(bits >>> (4 * digit)) & 15;
            if (low > 9)
            {
                return false;
            }

            value = (value * 10) + low;
        }

        value = sign is 0xb or 0xd ? -value : value;
        return sign >= 10;
    }
}
