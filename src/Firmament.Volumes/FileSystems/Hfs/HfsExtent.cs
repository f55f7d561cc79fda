namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>Allocation blocks that follow each other.</summary>
internal readonly record struct HfsExtent(uint Start, uint Count);
