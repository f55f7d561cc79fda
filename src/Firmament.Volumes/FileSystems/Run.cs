namespace Firmament.Volumes.FileSystems;

/// <summary>Bytes of a file that follow each other on the volume.</summary>
/// <param name="Position">Where on the volume, in bytes; −1 for a hole.</param>
/// <param name="Length">How many bytes; 0 when the volume does not say where they are.</param>
internal readonly record struct Run(long Position, long Length)
{
    public const long Nowhere = -1;

    public static Run None => new(Nowhere, 0);

    public static Run Hole(long length) => new(Nowhere, length);
}
