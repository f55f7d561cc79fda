namespace Firmament.Machines.Pseries.Tree;

/// <summary>Where XIVE's thread interrupt management area is: four pages, one for each level of privilege.</summary>
internal static class XiveThreadManagement
{
    /// <summary>Bytes of a page.</summary>
    public const uint PageBytes = 0x1_0000;

    /// <summary>The first page.</summary>
    public const ulong Base = 0x0006_0302_0318_0000;

    /// <summary>The page of the operating system.</summary>
    public const ulong OsPage = Base + (2 * PageBytes);

    /// <summary>The page of user programs.</summary>
    public const ulong UserPage = Base + (3 * PageBytes);
}
