namespace Firmament.Volumes.Boot;

/// <summary>Where a boot script was found; what its entities stand for.</summary>
/// <param name="Device">Device path without arguments ("/pci@80000000/ide@c,1/disk@0,0"), for &amp;device;.</param>
/// <param name="Partition">Partition number or letter, empty for the whole disk, for &amp;partition;.</param>
/// <param name="Directory">Directory with "\" before and between names and none at the end ("\ppc"), for &amp;directory;.</param>
/// <param name="FileName">Name of the file ("bootinfo.txt"), for &amp;filename;.</param>
public sealed record BootLocation(string Device, string Partition, string Directory, string FileName)
{
    /// <summary>"device:partition,directory\filename", for &amp;full-path;.</summary>
    public string FullPath => $@"{Device}:{Partition},{Directory}\{FileName}";
}
