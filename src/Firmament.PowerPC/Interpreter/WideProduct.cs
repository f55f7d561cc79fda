using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Firmament.PowerPC.Interpreter;

/// <summary>
/// The high 64 bits of a product. Math.BigMul returns the other half through a pointer: inlined into a handler, the local behind it would
/// keep the JIT from turning the handler's last call into a jump, and the stack would grow with every instruction.
/// </summary>
internal static class WideProduct
{
    /// <summary>Of unsigned factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : ArmBase.Arm64.IsSupported ? ArmBase.Arm64.MultiplyHigh(a, b) : Portable(a, b);

    /// <summary>Of signed factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SignedHigh(ulong a, ulong b) => High(a, b) - ((ulong)((long)a >> 63) & b) - ((ulong)((long)b >> 63) & a);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Portable(ulong a, ulong b) => Math.BigMul(a, b, out _);
}
