using System.Numerics;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>Arithmetic, comparison, bits and bytes (IEEE 1275-1994 7.3.3.2, 7.3.3.3, 7.3.3.4, 7.3.6). Division is floored (X3.215 3.2.2.1).</summary>
internal static class ArithmeticWords
{
    public static void AddTo(WordTable t)
    {
        AddSingle(t);
        AddComparisons(t);
        AddDivisions(t);
        AddDoubles(t);
        AddFlips(t);
        AddUnits(t);
    }

    private static void AddSingle(WordTable t)
    {
        t.Add("+", "n1 n2 -- n3", Op.Plus, 0x1e);
        t.Add("-", "n1 n2 -- n3", Op.Minus, 0x1f);
        t.Add("*", "n1 n2 -- n3", Op.Times, 0x20);
        t.Add("u*", "u1 u2 -- u3", Op.Times);
        t.Add("and", "n1 n2 -- n3", Op.And, 0x23);
        t.Add("or", "n1 n2 -- n3", Op.Or, 0x24);
        t.Add("xor", "n1 n2 -- n3", Op.Xor, 0x25);
        t.Add("invert", "x1 -- x2", Op.Invert, 0x26);
        t.Add("not", "x1 -- x2", Op.Invert);
        t.Add("lshift", "x1 u -- x2", Op.LeftShift, 0x27);
        t.Add("<<", "x1 u -- x2", Op.LeftShift);
        t.Add("rshift", "x1 u -- x2", Op.RightShift, 0x28);
        t.Add(">>", "x1 u -- x2", Op.RightShift);
        t.Add(">>a", "x1 u -- x2", Op.ArithmeticShift, 0x29);
        t.Add("negate", "n1 -- n2", Op.Negate, 0x2c);
        t.Add("abs", "n -- u", Op.Absolute, 0x2d);
        t.Add("min", "n1 n2 -- n3", Op.Minimum, 0x2e);
        t.Add("max", "n1 n2 -- n3", Op.Maximum, 0x2f);
        t.Add("1+", "n1 -- n2", Op.OnePlus);
        t.Add("1-", "n1 -- n2", Op.OneMinus);
        t.Add("2+", "n1 -- n2", Op.TwoPlus);
        t.Add("2-", "n1 -- n2", Op.TwoMinus);
        t.Add("2*", "x1 -- x2", Op.TwoTimes, 0x59);
        t.Add("2/", "x1 -- x2", Op.TwoDivide, 0x57);
        t.Add("u2/", "x1 -- x2", Op.UnsignedTwoDivide, 0x58);
        t.Add("bounds", "n cnt -- n+cnt n", static f => { int count = f.Pop(); int start = f.Pop(); f.Push(start + count); f.Push(start); }, 0xac);
        t.Add("even", "n -- n | n+1", static f => f.Push((f.Pop() + 1) & ~1));
        t.Add("noop", "--", Op.Noop, 0x7b);
        t.Constant("-1", -1, 0xa4);
        t.Constant("0", 0, 0xa5);
        t.Constant("1", 1, 0xa6);
        t.Constant("2", 2, 0xa7);
        t.Constant("3", 3, 0xa8);
        t.Constant("true", -1);
        t.Constant("false", 0);
    }

    private static void AddComparisons(WordTable t)
    {
        t.Add("0=", "n -- equal?", Op.ZeroEquals, 0x34);
        t.Add("0<>", "n -- not-equal?", Op.ZeroNotEquals, 0x35);
        t.Add("0<", "n -- less?", Op.ZeroLess, 0x36);
        t.Add("0<=", "n -- less-or-equal?", Op.ZeroLessOrEqual, 0x37);
        t.Add("0>", "n -- greater?", Op.ZeroGreater, 0x38);
        t.Add("0>=", "n -- greater-or-equal?", Op.ZeroGreaterOrEqual, 0x39);
        t.Add("<", "n1 n2 -- less?", Op.Less, 0x3a);
        t.Add(">", "n1 n2 -- greater?", Op.Greater, 0x3b);
        t.Add("=", "n1 n2 -- equal?", Op.Equal, 0x3c);
        t.Add("<>", "n1 n2 -- not-equal?", Op.NotEqual, 0x3d);
        t.Add("u>", "u1 u2 -- greater?", Op.UnsignedGreater, 0x3e);
        t.Add("u<=", "u1 u2 -- less-or-equal?", Op.UnsignedLessOrEqual, 0x3f);
        t.Add("u<", "u1 u2 -- less?", Op.UnsignedLess, 0x40);
        t.Add("u>=", "u1 u2 -- greater-or-equal?", Op.UnsignedGreaterOrEqual, 0x41);
        t.Add(">=", "n1 n2 -- greater-or-equal?", Op.GreaterOrEqual, 0x42);
        t.Add("<=", "n1 n2 -- less-or-equal?", Op.LessOrEqual, 0x43);
        t.Add("between", "n min max -- in?", static f => { int max = f.Pop(); int min = f.Pop(); int n = f.Pop(); f.Push(min <= n && n <= max); }, 0x44);
        t.Add("within", "n min max -- in?", static f => { uint max = f.PopUnsigned(); uint min = f.PopUnsigned(); f.Push(f.PopUnsigned() - min < max - min); }, 0x45);
    }

    private static void AddDivisions(WordTable t)
    {
        t.Add("/", "n1 n2 -- quot", static f => Divide(f, remainder: false, quotient: true), 0x21);
        t.Add("mod", "n1 n2 -- rem", static f => Divide(f, remainder: true, quotient: false), 0x22);
        t.Add("/mod", "n1 n2 -- rem quot", static f => Divide(f, remainder: true, quotient: true), 0x2a);
        t.Add("u/mod", "u1 u2 -- urem uquot", static f => DivideUnsigned(f), 0x2b);
        t.Add("*/", "n1 n2 n3 -- quot", static f => Scale(f, remainder: false));
        t.Add("*/mod", "n1 n2 n3 -- rem quot", static f => Scale(f, remainder: true));
        t.Add("um*", "u1 u2 -- ud", static f => f.PushDouble((long)((ulong)f.PopUnsigned() * f.PopUnsigned())), 0xd4);
        t.Add("m*", "n1 n2 -- d", static f => f.PushDouble((long)f.Pop() * f.Pop()));
        t.Add("m*/", "d d n1 n2 -- d", static f => ScaleDouble(f));
        t.Add("um/mod", "ud ud u -- urem uquot", static f => DivideDouble(f), 0xd5);
        t.Add("mu/mod", "ud ud u -- urem udquot", static f => DivideToDouble(f));
        t.Add("sm/rem", "d d n -- rem quot", static f => DivideSigned(f, floored: false));
        t.Add("fm/mod", "d d n -- rem quot", static f => DivideSigned(f, floored: true));
    }

    private static void AddDoubles(WordTable t)
    {
        t.Add("d+", "d1 d1 d2 d2 -- d3", static f => f.PushDouble(f.PopDouble() + f.PopDouble()), 0xd8);
        t.Add("d-", "d1 d1 d2 d2 -- d3", static f => { long right = f.PopDouble(); f.PushDouble(f.PopDouble() - right); }, 0xd9);
        t.Add("m+", "d d n -- d", static f => { int n = f.Pop(); f.PushDouble(f.PopDouble() + n); });
        t.Add("dnegate", "d d -- d", static f => f.PushDouble(-f.PopDouble()));
        t.Add("dabs", "d d -- ud", static f => { long d = f.PopDouble(); f.PushDouble(d < 0 ? -d : d); });
        t.Add("d=", "d1 d1 d2 d2 -- equal?", static f => f.Push(f.PopDouble() == f.PopDouble()));
        t.Add("d<>", "d1 d1 d2 d2 -- not-equal?", static f => f.Push(f.PopDouble() != f.PopDouble()));
        t.Add("d>", "d1 d1 d2 d2 -- greater?", static f => f.Push(f.PopDouble() < f.PopDouble()));
        t.Add("d>=", "d1 d1 d2 d2 -- greater-or-equal?", static f => f.Push(f.PopDouble() <= f.PopDouble()));
        t.Add("d<=", "d1 d1 d2 d2 -- less-or-equal?", static f => f.Push(f.PopDouble() >= f.PopDouble()));
        t.Add("d<", "d1 d1 d2 d2 -- less?", static f => f.Push(f.PopDouble() > f.PopDouble()));
        t.Add("du<", "d1 d1 d2 d2 -- less?", static f => f.Push((ulong)f.PopDouble() > (ulong)f.PopDouble()));
        t.Add("d0=", "d d -- zero?", static f => f.Push(f.PopDouble() == 0));
        t.Add("d0<", "d d -- less?", static f => f.Push(f.PopDouble() < 0));
        t.Add("d2*", "d d -- d", static f => f.PushDouble(f.PopDouble() << 1));
        t.Add("d2/", "d d -- d", static f => f.PushDouble(f.PopDouble() >> 1));
        t.Add("dmin", "d1 d1 d2 d2 -- d", static f => f.PushDouble(Math.Min(f.PopDouble(), f.PopDouble())));
        t.Add("dmax", "d1 d1 d2 d2 -- d", static f => f.PushDouble(Math.Max(f.PopDouble(), f.PopDouble())));
        t.Add("s>d", "n -- d", static f => f.PushDouble(f.Pop()));
        t.Add("u>d", "u -- ud", static f => f.PushDouble(f.PopUnsigned()));
        t.Add("d>s", "d d -- n", Op.Drop);
    }

    private static void AddFlips(WordTable t)
    {
        t.Add("lwsplit", "quad -- w.lo w.hi", static f => Split(f, 16, 2), 0x7c);
        t.Add("wljoin", "w.lo w.hi -- quad", static f => Join(f, 16, 2), 0x7d);
        t.Add("lbsplit", "quad -- b.lo b2 b3 b.hi", static f => Split(f, 8, 4), 0x7e);
        t.Add("bljoin", "b.lo b2 b3 b.hi -- quad", static f => Join(f, 8, 4), 0x7f);
        t.Add("wbsplit", "w -- b.lo b.hi", static f => Split(f, 8, 2), 0xaf);
        t.Add("bwjoin", "b.lo b.hi -- w", static f => Join(f, 8, 2), 0xb0);
        t.Add("wbflip", "w1 -- w2", static f => { uint w = f.PopUnsigned() & 0xffff; f.Push((w >> 8) | ((w & 0xff) << 8)); }, 0x80);
        t.Add("lbflip", "quad1 -- quad2", static f => f.Push(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(f.PopUnsigned())), 0x227);
        t.Add("lwflip", "quad1 -- quad2", static f => f.Push(BitOperations.RotateLeft(f.PopUnsigned(), 16)), 0x226);
    }

    private static void AddUnits(WordTable t)
    {
        t.Constant("/c", 1, 0x5a);
        t.Constant("/w", 2, 0x5b);
        t.Constant("/l", 4, 0x5c);
        t.Constant("/n", 4, 0x5d);
        t.Constant("cell", 4);
        t.Add("ca+", "addr1 index -- addr2", Op.Plus, 0x5e);
        t.Add("wa+", "addr1 index -- addr2", static f => { int index = f.Pop(); f.Push(f.Pop() + (index * 2)); }, 0x5f);
        t.Add("la+", "addr1 index -- addr2", static f => { int index = f.Pop(); f.Push(f.Pop() + (index * 4)); }, 0x60);
        t.Add("na+", "addr1 index -- addr2", static f => { int index = f.Pop(); f.Push(f.Pop() + (index * 4)); }, 0x61);
        t.Add("char+", "addr1 -- addr2", Op.OnePlus, 0x62);
        t.Add("ca1+", "addr1 -- addr2", Op.OnePlus);
        t.Add("wa1+", "addr1 -- addr2", Op.TwoPlus, 0x63);
        t.Add("la1+", "addr1 -- addr2", Op.CellPlus, 0x64);
        t.Add("cell+", "addr1 -- addr2", Op.CellPlus, 0x65);
        t.Add("na1+", "addr1 -- addr2", Op.CellPlus);
        t.Add("chars", "nu1 -- nu2", Op.Noop, 0x66);
        t.Add("/c*", "nu1 -- nu2", Op.Noop);
        t.Add("/w*", "nu1 -- nu2", Op.TwoTimes, 0x67);
        t.Add("/l*", "nu1 -- nu2", Op.Cells, 0x68);
        t.Add("cells", "nu1 -- nu2", Op.Cells, 0x69);
        t.Add("/n*", "nu1 -- nu2", Op.Cells);
        t.Add("aligned", "n1 -- n2", static f => f.Push((f.Pop() + 3) & ~3), 0xae);
    }

    private static void Divide(ForthEngine f, bool remainder, bool quotient)
    {
        int divisor = f.Pop();
        int dividend = f.Pop();
        PushQuotient(f, dividend, divisor, floored: true, remainder, quotient);
    }

    private static void Scale(ForthEngine f, bool remainder)
    {
        int divisor = f.Pop();
        long product = (long)f.Pop() * f.Pop();
        PushQuotient(f, product, divisor, floored: true, remainder, quotient: true);
    }

    private static void ScaleDouble(ForthEngine f)
    {
        int divisor = f.Pop();
        int factor = f.Pop();
        Int128 product = (Int128)f.PopDouble() * factor;
        if (divisor == 0)
        {
            f.Throw(ThrowCode.DivisionByZero);
            return;
        }

        (Int128 quotient, Int128 remainder) = Int128.DivRem(product, divisor);
        f.PushDouble((long)(remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient));
    }

    private static void DivideSigned(ForthEngine f, bool floored)
    {
        int divisor = f.Pop();
        PushQuotient(f, f.PopDouble(), divisor, floored, remainder: true, quotient: true);
    }

    private static void PushQuotient(ForthEngine f, long dividend, int divisor, bool floored, bool remainder, bool quotient)
    {
        if (divisor == 0)
        {
            f.Throw(ThrowCode.DivisionByZero);
            return;
        }

        // The one quotient of 64 bits that does not fit; the machine's own division would trap.
        long q = divisor == -1 ? unchecked(-dividend) : dividend / divisor;
        long r = divisor == -1 ? 0 : dividend % divisor;
        if (floored && r != 0 && (r < 0) != (divisor < 0))
        {
            q--;
            r += divisor;
        }

        if (remainder)
        {
            f.Push((int)r);
        }

        if (quotient)
        {
            f.Push((int)q);
        }
    }

    private static void DivideUnsigned(ForthEngine f)
    {
        uint divisor = f.PopUnsigned();
        uint dividend = f.PopUnsigned();
        if (divisor == 0)
        {
            f.Throw(ThrowCode.DivisionByZero);
            return;
        }

        f.Push(dividend % divisor);
        f.Push(dividend / divisor);
    }

    private static void DivideDouble(ForthEngine f)
    {
        if (TryTakeDivision(f, out ulong dividend, out uint divisor))
        {
            f.Push((uint)(dividend % divisor));
            f.Push((uint)(dividend / divisor));
        }
    }

    private static void DivideToDouble(ForthEngine f)
    {
        if (TryTakeDivision(f, out ulong dividend, out uint divisor))
        {
            f.Push((uint)(dividend % divisor));
            f.PushDouble((long)(dividend / divisor));
        }
    }

    /// <summary>Takes ( ud u ). False when the divisor is 0: the word has thrown.</summary>
    private static bool TryTakeDivision(ForthEngine f, out ulong dividend, out uint divisor)
    {
        divisor = f.PopUnsigned();
        dividend = (ulong)f.PopDouble();
        if (divisor == 0)
        {
            f.Throw(ThrowCode.DivisionByZero);
        }

        return divisor != 0;
    }

    private static void Split(ForthEngine f, int bits, int parts)
    {
        uint value = f.PopUnsigned();
        for (int i = 0; i < parts; i++)
        {
            f.Push((value >> (bits * i)) & ((1u << bits) - 1));
        }
    }

    private static void Join(ForthEngine f, int bits, int parts)
    {
        uint value = 0;
        for (int i = parts - 1; i >= 0; i--)
        {
            value |= (f.PopUnsigned() & ((1u << bits) - 1)) << (bits * i);
        }

        f.Push(value);
    }
}
