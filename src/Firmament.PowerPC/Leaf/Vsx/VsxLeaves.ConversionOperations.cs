using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>Conversion and rounding of one element.</content>
public static unsafe partial class VsxLeaves
{
    private interface IInteger
    {
        static abstract IntegerRange Range { get; }
    }

    private readonly struct SignedWord : IInteger
    {
        public static IntegerRange Range => IntegerRange.SignedWord;
    }

    private readonly struct UnsignedWord : IInteger
    {
        public static IntegerRange Range => IntegerRange.UnsignedWord;
    }

    private readonly struct SignedDoubleword : IInteger
    {
        public static IntegerRange Range => IntegerRange.SignedDoubleword;
    }

    private readonly struct UnsignedDoubleword : IInteger
    {
        public static IntegerRange Range => IntegerRange.UnsignedDoubleword;
    }

    /// <summary>Floating point to integer, toward zero.</summary>
    private readonly struct ToInteger<TInteger> : IOperation where TInteger : struct, IInteger
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            FloatingPointLeaves.ToInteger(s, target, b, TInteger.Range, RoundingMode.TowardZero);
    }

    private readonly struct FromSigned<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) => FloatingPointLeaves.FromSigned(s, target, b, TFormat.IsSingle);
    }

    private readonly struct FromUnsigned<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) => FloatingPointLeaves.FromUnsigned(s, target, b, TFormat.IsSingle);
    }

    private readonly struct FromSignedWord<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            FloatingPointLeaves.FromSigned(s, target, (ulong)(int)b, TFormat.IsSingle);
    }

    /// <summary>How to round to an integral value; only the current mode tells that bits were lost.</summary>
    private interface IRounding
    {
        static abstract RoundingMode Mode(CpuState* s);

        static abstract bool TellsInexact { get; }
    }

    private readonly struct NearestAway : IRounding
    {
        public static RoundingMode Mode(CpuState* s) => RoundingMode.NearestAway;

        public static bool TellsInexact => false;
    }

    private readonly struct Current : IRounding
    {
        public static RoundingMode Mode(CpuState* s) => FloatingPointLeaves.Mode(s);

        public static bool TellsInexact => true;
    }

    private readonly struct TowardZero : IRounding
    {
        public static RoundingMode Mode(CpuState* s) => RoundingMode.TowardZero;

        public static bool TellsInexact => false;
    }

    private readonly struct Upward : IRounding
    {
        public static RoundingMode Mode(CpuState* s) => RoundingMode.TowardPlusInfinity;

        public static bool TellsInexact => false;
    }

    private readonly struct Downward : IRounding
    {
        public static RoundingMode Mode(CpuState* s) => RoundingMode.TowardMinusInfinity;

        public static bool TellsInexact => false;
    }

    private readonly struct ToIntegral<TRounding> : IOperation where TRounding : struct, IRounding
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t) =>
            FloatingPointLeaves.RoundToIntegral(s, target, b, TRounding.Mode(s), TRounding.TellsInexact);
    }

    /// <summary>To half precision; a NaN keeps the payload that fits. Power ISA 3.0B.</summary>
    private readonly struct ToHalf : IOperation
    {
        private const ulong BeyondHalf = 0x3ff_ffff_ffff;

        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (Binary64.IsNaN(b))
            {
                StatusUpdate.DeliverNaN(s, target, b & ~BeyondHalf, Binary64.IsSignalingNaN(b) ? Fpscr.VXSNAN : 0);
            }
            else if (Binary64.IsInfinity(b))
            {
                StatusUpdate.Deliver(s, target, b);
            }
            else
            {
                StatusUpdate.Deliver(s, target, ExactValue.FromBinary64(b), FloatFormat.Half);
            }
        }
    }

    /// <summary>Halves in the low half of each word.</summary>
    private readonly struct Halves : IElements
    {
        public static int Count => 4;

        public static ulong Read(CpuState* s, int register, int element) => HalfFormat.DoubleFromHalf((ushort)Word(s, register, element));

        public static void Write(CpuState* s, int register, int element, ulong value) => Word(s, register, element) = HalfFormat.HalfFromDouble(value);
    }

    /// <summary>One half at the end of doubleword 0.</summary>
    private readonly struct ScalarHalf : IElements
    {
        public static int Count => 1;

        public static ulong Read(CpuState* s, int register, int element) => HalfFormat.DoubleFromHalf((ushort)Doubleword(s, register, 0));

        public static void Write(CpuState* s, int register, int element, ulong value) => Doubleword(s, register, 0) = HalfFormat.HalfFromDouble(value);
    }
}
