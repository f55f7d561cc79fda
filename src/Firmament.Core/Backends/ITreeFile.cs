namespace Firmament.Core.Backends;

/// <summary>An open file or folder of a tree. Methods return a <see cref="FileError"/> number.</summary>
public interface ITreeFile : IDisposable
{
    /// <summary>What is known of it, even when its name is gone.</summary>
    int GetStatus(out FileStatus status);

    /// <summary>Reads; 0 bytes at the end.</summary>
    int Read(ulong offset, Span<byte> destination, out int count);

    /// <summary>Writes.</summary>
    int Write(ulong offset, ReadOnlySpan<byte> source, out int count);

    /// <summary>Adds the next entries of a folder, "." and ".." among them; none at the end.</summary>
    /// <param name="position">0, or <see cref="TreeEntry.Next"/> of the last entry taken.</param>
    /// <param name="entries">Takes some of them, at least one unless at the end.</param>
    int ReadEntries(ulong position, List<TreeEntry> entries);

    /// <summary>Makes what was written durable.</summary>
    int Sync();
}
