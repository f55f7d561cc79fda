namespace Firmament.Volumes.FileSystems;

/// <summary>Contents that lay inside a structure (ext4 inline data).</summary>
internal sealed class MemoryContent(VolumeReader reader, byte[] bytes) : FileContent(reader, bytes.Length)
{
    public override bool TryRead(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > bytes.Length - destination.Length)
        {
            return false;
        }

        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return true;
    }

    public override bool TryReadStructure(long offset, Span<byte> destination) => Reader.TrySpend() && TryRead(offset, destination);

    protected override Run Map(long offset, long wanted) => Run.None;
}
