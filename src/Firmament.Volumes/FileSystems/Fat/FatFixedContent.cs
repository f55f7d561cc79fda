namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>The root directory of FAT12 and FAT16, which lies before the clusters.</summary>
internal sealed class FatFixedContent(VolumeReader reader, long position, long length) : FileContent(reader, length)
{
    protected override Run Map(long offset, long wanted) => new(position + offset, Length - offset);
}
