using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Firmament.PowerPC.Translator.X64;

/// <summary>
/// What this host lets the translator use, as CPUID says it (Intel SDM volume 2, CPUID): a native build of this library may itself be made for
/// older processors.
/// </summary>
internal static class HostProcessor
{
    private const int Features = 1;
    private const int MoreFeatures = 7;
    private const int SavedState = 13;
    private const int ExtendedFeatures = unchecked((int)0x8000_0001);

    /// <summary>
    /// True where translated code can run: Linux on x86-64 with movbe, lzcnt, bmi1, bmi2 and popcnt, which nearly every such processor since 2013 has.
    /// Elsewhere the interpreter runs, with the same results.
    /// </summary>
    public static bool CanTranslate { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && FeatureBits(19, 22, 23) // SSE4.1, MOVBE, POPCNT
        && Has(Ebx(MoreFeatures), 3, 8) // BMI1, BMI2
        && Has(X86Base.CpuId(ExtendedFeatures, 0).Ecx, 5); // LZCNT

    /// <summary>True where vector instructions are emitted: AVX2. Elsewhere their handlers are called.</summary>
    public static bool HasVectors { get; } = CanTranslate && SavesVectors() && FeatureBits(28) && Has(Ebx(MoreFeatures), 5);

    /// <summary>AES rounds.</summary>
    public static bool HasAes { get; } = HasVectors && FeatureBits(25);

    /// <summary>Products of polynomials.</summary>
    public static bool HasCarrylessMultiply { get; } = HasVectors && FeatureBits(1);

    /// <summary>True where floating point is translated: FMA3. Elsewhere handlers are called.</summary>
    public static bool HasFusedMultiplyAdd { get; } = HasVectors && FeatureBits(12);

    /// <summary>The operating system keeps ymm registers: what is enabled in XCR0 takes more than the legacy area, the header and they do.</summary>
    private static bool SavesVectors() => FeatureBits(27) && Ebx(SavedState) >= 512 + 64 + 256;

    private static int Ebx(int leaf) => X86Base.CpuId(0, 0).Eax >= leaf ? X86Base.CpuId(leaf, 0).Ebx : 0;

    private static bool FeatureBits(params ReadOnlySpan<int> bits) => Has(X86Base.CpuId(Features, 0).Ecx, bits);

    private static bool Has(int register, params ReadOnlySpan<int> bits)
    {
        foreach (int bit in bits)
        {
            if ((register >> bit & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
