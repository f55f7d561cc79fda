namespace Firmament.Volumes.FileSystems;

/// <summary>The bytes of a file or of a directory, wherever they are on the volume.</summary>
internal abstract class FileContent(VolumeReader reader, long length)
{
    /// <summary>The smallest block of any file system here; a read may cost a look-up for each.</summary>
    public const int SmallestBlock = 512;

    public long Length { get; } = Math.Max(length, 0);

    protected VolumeReader Reader { get; } = reader;

    /// <summary>Reads contents in runs as long as they are contiguous.</summary>
    public virtual bool TryRead(long offset, Span<byte> destination) => TryRead(offset, destination, structure: false);

    /// <summary>Reads a directory or another structure, through the cache.</summary>
    public virtual bool TryReadStructure(long offset, Span<byte> destination) => TryRead(offset, destination, structure: true);

    /// <summary>The run that begins at a byte of the file; it need not be longer than <paramref name="wanted"/>.</summary>
    protected abstract Run Map(long offset, long wanted);

    private bool TryRead(long offset, Span<byte> destination, bool structure)
    {
        if (offset < 0 || offset > Length - destination.Length)
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            Run run = Map(offset, destination.Length);
            if (run.Length <= 0 || !Reader.TrySpend())
            {
                return false;
            }

            Span<byte> part = destination[..(int)Math.Min(run.Length, destination.Length)];
            if (run.Position == Run.Nowhere)
            {
                // A structure has no holes but in a damaged volume, whose size may be without end: they cost what they take to clear.
                if (structure && !Reader.TrySpend(part.Length / SmallestBlock))
                {
                    return false;
                }

                part.Clear();
            }
            else if (!(structure ? Reader.TryReadStructure(run.Position, part) : Reader.TryRead(run.Position, part)))
            {
                return false;
            }

            offset += part.Length;
            destination = destination[part.Length..];
        }

        return true;
    }
}
