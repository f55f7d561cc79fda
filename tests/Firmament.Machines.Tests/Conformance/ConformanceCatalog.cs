using Firmament.Machines.Tests.Conformance.Cases;

namespace Firmament.Machines.Tests.Conformance;

/// <summary>All groups, in the order the guest runs them.</summary>
internal static class ConformanceCatalog
{
    /// <summary>The groups.</summary>
    public static IReadOnlyList<ConformanceGroup> Groups { get; } =
    [
        TreeCases.Group,
        CallCases.Group,
        AddressCases.Group,
        InstanceCases.Group,
        MemoryCases.Group,
        DiskCases.Group,
        ClockCases.Group,
        NetworkCases.Group,
        ForthCases.Group,
        ServiceCases.Group,
        ContentCases.Group,
        LimitCases.Group,
        QuiesceCases.Group,
    ];

    /// <summary>Number of a group's first case.</summary>
    public static int FirstOf(ConformanceGroup group) => Groups.TakeWhile(other => other != group).Sum(static other => other.Cases.Length);
}
