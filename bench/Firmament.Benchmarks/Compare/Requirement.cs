namespace Firmament.Benchmarks.Compare;

/// <summary>The least ratios QEMU / Firmament; 0 for no requirement.</summary>
internal readonly record struct Requirement(double Wall, double Cpu, double Memory)
{
    /// <summary>Shown only.</summary>
    public static readonly Requirement None = new(0, 0, 0);

    /// <summary>Kernels and the installer: half as fast again, and at most 1.2 times the memory.</summary>
    public static readonly Requirement Boot = new(1.5, 1.5, 1 / 1.2);

    /// <summary>The first instruction: not after QEMU's.</summary>
    public static readonly Requirement Start = new(1, 0, 0);
}
