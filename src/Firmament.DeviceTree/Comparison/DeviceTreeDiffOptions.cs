namespace Firmament.DeviceTree.Comparison;

/// <summary>What a comparison of two trees looks at.</summary>
public sealed class DeviceTreeDiffOptions
{
    /// <summary>Reports nodes whose common properties or children are in another order. False unless set.</summary>
    public bool Order { get; init; }

    /// <summary>Names of properties to leave out, in every node; none unless set.</summary>
    public IReadOnlySet<string> IgnoredProperties { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
