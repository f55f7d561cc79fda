namespace Firmament.Core.Backends;

/// <summary>One name in a folder.</summary>
/// <param name="Inode">The file's number.</param>
/// <param name="Next">Where to go on reading after this entry.</param>
/// <param name="Kind">DT_ number of readdir(3): 4 folder, 8 file, 10 link, 0 not known.</param>
/// <param name="Name">Its bytes, one in each character.</param>
public readonly record struct TreeEntry(ulong Inode, ulong Next, byte Kind, string Name);
