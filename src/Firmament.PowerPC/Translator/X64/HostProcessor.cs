using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Firmament.PowerPC.Translator.X64;

/// <summary>What this host lets the translator use.</summary>
internal static class HostProcessor
{
    /// <summary>
    /// True where translated code can run: Linux on x86-64 with movbe, lzcnt, bmi2 and popcnt, which every such processor since 2013 has. Elsewhere
    /// the interpreter runs, with the same results.
    /// </summary>
    public static bool CanTranslate { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && Bmi1.X64.IsSupported && Bmi2.X64.IsSupported && Lzcnt.X64.IsSupported && Popcnt.X64.IsSupported && Sse41.IsSupported && HasMovbe();

    /// <summary>True where vector instructions are emitted: AVX2. Elsewhere their handlers are called.</summary>
    public static bool HasVectors { get; } = Avx2.IsSupported;

    /// <summary>AES rounds.</summary>
    public static bool HasAes { get; } = HasVectors && Aes.IsSupported;

    /// <summary>Products of polynomials.</summary>
    public static bool HasCarrylessMultiply { get; } = HasVectors && Pclmulqdq.IsSupported;

    /// <summary>True where floating point is translated: AVX and FMA3, beside the translator's own needs. Elsewhere handlers are called.</summary>
    public static bool HasFusedMultiplyAdd { get; } = Fma.IsSupported;

    // Intel SDM, CPUID leaf 1: ECX bit 22.
    private static bool HasMovbe() => (X86Base.CpuId(1, 0).Ecx & (1 << 22)) != 0;
}
