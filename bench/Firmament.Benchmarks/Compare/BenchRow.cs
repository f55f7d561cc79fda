namespace Firmament.Benchmarks.Compare;

/// <summary>A row that the guest itself measures.</summary>
/// <param name="Name">As it prints it.</param>
/// <param name="Group">The rows it is averaged with.</param>
/// <param name="Least">The least ratio of this row.</param>
internal sealed record BenchRow(string Name, string Group, double Least = 1)
{
    /// <summary>The groups, and the least geometric mean of each; 0 for those whose rows have targets of their own.</summary>
    public static (string Name, double Least)[] Groups { get; } =
        [("integer", 2), ("memory", 1.6), ("call", 3), ("scalar FP", 8), ("vector", 4), ("system", 0), ("busybox", 0)];

    /// <summary>The 34 programs of /bench, then the rows that /bench/all.sh measures with busybox.</summary>
    public static BenchRow[] All { get; } =
    [
        .. Of("integer", 1, "loop", "intmix", "dhry", "sha256", "crc32", "lz", "interp", "sort", "div64", "str", "branch", "byterev", "unaligned"),
        .. Of("call", 1, "icall"),
        .. Of("memory", 1, "stream", "memcpy", "tlb"),
        .. Of("scalar FP", 1, "whet", "linpack", "linfma", "fconv"),
        .. Of("vector", 1, "vmx", "vmxf", "vsx"),
        .. Of("system", 1.5, "syscall", "signal", "pipe", "forkexec", "pgfault"),
        .. Of("system", 1, "gettime", "tmpfs", "atomic", "smc", "sleep"),
        .. Of("busybox", 1.5, "bb_sha256sum", "bb_md5sum", "bb_gzip", "bb_sort", "bb_awk", "bb_sh", "bb_dd", "bb_dd1", "bb_fork"),
    ];

    public bool IsBusybox => Group == "busybox";

    private static IEnumerable<BenchRow> Of(string group, double least, params string[] names) => names.Select(name => new BenchRow(name, group, least));
}
