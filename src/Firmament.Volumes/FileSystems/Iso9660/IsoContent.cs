namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>Contents in extents that follow each other.</summary>
internal sealed class IsoContent(VolumeReader reader, IReadOnlyList<Run> extents) : FileContent(reader, extents.Sum(static extent => extent.Length))
{
    protected override Run Map(long offset, long wanted)
    {
        foreach (Run extent in extents)
        {
            if (offset < extent.Length)
            {
                return new Run(extent.Position + offset, extent.Length - offset);
            }

            offset -= extent.Length;
        }

        return Run.None;
    }
}
