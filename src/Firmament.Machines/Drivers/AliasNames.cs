namespace Firmament.Machines.Drivers;

/// <summary>What a machine's own firmware calls its devices in `/aliases`: the first of a kind by the bare name, each with its number too.</summary>
/// <param name="Disk">Disks.</param>
/// <param name="Cdrom">CD drives.</param>
/// <param name="Network">Network cards.</param>
internal sealed record AliasNames(string Disk, string Cdrom, string Network)
{
    /// <summary>As on the Pegasos II.</summary>
    public static AliasNames Pegasos2 { get; } = new("hd", "cd", "net");

    /// <summary>As SLOF has them on pseries.</summary>
    public static AliasNames Pseries { get; } = new("disk", "cdrom", "net");
}
