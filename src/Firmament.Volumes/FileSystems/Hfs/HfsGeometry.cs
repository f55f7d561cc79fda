namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>Where allocation blocks are.</summary>
/// <param name="FirstBlock">Byte offset of block 0.</param>
/// <param name="BlockSize">Bytes of a block, a multiple of 512.</param>
/// <param name="BlockCount">Blocks of the volume.</param>
internal sealed record HfsGeometry(long FirstBlock, long BlockSize, uint BlockCount);
