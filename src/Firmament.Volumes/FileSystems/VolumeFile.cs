namespace Firmament.Volumes.FileSystems;

/// <summary>An open file: its contents, each read an operation of its own.</summary>
internal sealed class VolumeFile(VolumeReader reader, string name, FileContent content) : IVolumeFile
{
    public string Name => name;

    public long Length => content.Length;

    public bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length - destination.Length)
        {
            return false;
        }

        // A chain of clusters is walked from its start, so the offset counts too.
        reader.Begin(4 * ((offset + destination.Length) / FileContent.SmallestBlock));
        return content.TryRead(offset, destination);
    }
}
