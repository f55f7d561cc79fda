namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>A fork: its size in bytes and its first extents, 3 on HFS and 8 on HFS+.</summary>
internal sealed record HfsFork(long Length, HfsExtent[] Extents);
