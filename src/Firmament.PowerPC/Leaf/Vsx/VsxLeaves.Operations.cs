using Firmament.PowerPC.Leaf.FloatingPoint;
using Firmament.PowerPC.State;
using static System.BitConverter;

namespace Firmament.PowerPC.Leaf.Vsx;

/// <content>The arithmetic of one element: the host's path where it can decide, else the exact one.</content>
public static unsafe partial class VsxLeaves
{
    private interface IFormat
    {
        static abstract bool IsSingle { get; }

        static abstract FloatFormat Format { get; }
    }

    private readonly struct Double : IFormat
    {
        public static bool IsSingle => false;

        public static FloatFormat Format => FloatFormat.Double;
    }

    private readonly struct Single : IFormat
    {
        public static bool IsSingle => true;

        public static FloatFormat Format => FloatFormat.Single;
    }

    /// <summary>Of a multiply-add: which operand is the addend, its sign, and the result's.</summary>
    private interface IVariant
    {
        static abstract bool AddsT { get; }

        static abstract bool Subtracts { get; }

        static abstract bool Negates { get; }
    }

    private readonly struct MaddA : IVariant
    {
        public static bool AddsT => true;

        public static bool Subtracts => false;

        public static bool Negates => false;
    }

    private readonly struct MaddM : IVariant
    {
        public static bool AddsT => false;

        public static bool Subtracts => false;

        public static bool Negates => false;
    }

    private readonly struct MsubA : IVariant
    {
        public static bool AddsT => true;

        public static bool Subtracts => true;

        public static bool Negates => false;
    }

    private readonly struct MsubM : IVariant
    {
        public static bool AddsT => false;

        public static bool Subtracts => true;

        public static bool Negates => false;
    }

    private readonly struct NmaddA : IVariant
    {
        public static bool AddsT => true;

        public static bool Subtracts => false;

        public static bool Negates => true;
    }

    private readonly struct NmaddM : IVariant
    {
        public static bool AddsT => false;

        public static bool Subtracts => false;

        public static bool Negates => true;
    }

    private readonly struct NmsubA : IVariant
    {
        public static bool AddsT => true;

        public static bool Subtracts => true;

        public static bool Negates => true;
    }

    private readonly struct NmsubM : IVariant
    {
        public static bool AddsT => false;

        public static bool Subtracts => true;

        public static bool Negates => true;
    }

    private readonly struct Add<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.Add(s, target, UInt64BitsToDouble(a), UInt64BitsToDouble(b), TFormat.IsSingle))
            {
                ExactArithmetic.Add(s, target, a, b, subtract: false, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    private readonly struct Subtract<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.Add(s, target, UInt64BitsToDouble(a), -UInt64BitsToDouble(b), TFormat.IsSingle))
            {
                ExactArithmetic.Add(s, target, a, b, subtract: true, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    private readonly struct Multiply<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.Multiply(s, target, UInt64BitsToDouble(a), UInt64BitsToDouble(b), TFormat.IsSingle))
            {
                ExactArithmetic.Multiply(s, target, a, b, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    private readonly struct Divide<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.Divide(s, target, UInt64BitsToDouble(a), UInt64BitsToDouble(b), TFormat.IsSingle))
            {
                ExactArithmetic.Divide(s, target, a, b, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    private readonly struct SquareRoot<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.SquareRoot(s, target, UInt64BitsToDouble(b), TFormat.IsSingle))
            {
                ExactArithmetic.SquareRoot(s, target, b, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    /// <summary>Forms a: ±(A × B ± T); forms m: ±(A × T ± B). NaNs win in the order A, addend, other factor.</summary>
    private readonly struct MultiplyAdd<TFormat, TVariant> : IOperation where TFormat : struct, IFormat where TVariant : struct, IVariant
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            ulong factor = TVariant.AddsT ? b : t;
            ulong addend = TVariant.AddsT ? t : b;
            double term = UInt64BitsToDouble(TVariant.Subtracts ? addend ^ Binary64.SignBit : addend);
            if (!HostArithmetic.MultiplyAdd(s, target, UInt64BitsToDouble(a), UInt64BitsToDouble(factor), term, TFormat.IsSingle, TVariant.Negates))
            {
                ExactArithmetic.MultiplyAdd(s, target, a, factor, addend, TVariant.Subtracts, TVariant.Negates, TFormat.Format);
                Narrow<TFormat>(s, target);
            }
        }
    }

    private readonly struct Reciprocal<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            FloatingPointLeaves.ReciprocalEstimate(s, target, b, TFormat.Format);
            Narrow<TFormat>(s, target);
        }
    }

    private readonly struct ReciprocalRoot<TFormat> : IOperation where TFormat : struct, IFormat
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            FloatingPointLeaves.ReciprocalSquareRootEstimate(s, target, b, TFormat.Format);
            Narrow<TFormat>(s, target);
        }
    }

    /// <summary>To single, as frsp does it; the value stays in double format.</summary>
    private readonly struct ToSingle : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!HostArithmetic.Convert(s, target, UInt64BitsToDouble(b), 0, single: true))
            {
                ExactArithmetic.RoundToSingle(s, target, b);
            }
        }
    }

    /// <summary>From single, which is exact; an SNaN is invalid.</summary>
    private readonly struct FromSingle : IOperation
    {
        public static void Run(CpuState* s, int target, ulong a, ulong b, ulong t)
        {
            if (!ExactArithmetic.TryDeliverNaN(s, target, b, b))
            {
                StatusUpdate.Deliver(s, target, b);
            }
        }
    }

    /// <summary>A NaN result of a single operation is a single's NaN, where the FPR instructions keep an operand's whole payload.</summary>
    private static void Narrow<TFormat>(CpuState* s, int target) where TFormat : struct, IFormat
    {
        if (TFormat.IsSingle && Binary64.IsNaN(s->Fpr(target)))
        {
            s->Fpr(target) &= ~0x1fff_ffffUL;
        }
    }
}
