namespace Firmament.Volumes.Tests;

internal static class ImageBytes
{
    /// <summary>Puts a volume into a disk.</summary>
    public static byte[] With(this byte[] disk, int at, ImageBuilder volume)
    {
        volume.Bytes.AsSpan(0, Math.Min(volume.Bytes.Length, disk.Length - at)).CopyTo(disk.AsSpan(at));
        return disk;
    }
}
