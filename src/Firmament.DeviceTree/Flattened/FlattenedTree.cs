using System.Diagnostics.CodeAnalysis;

namespace Firmament.DeviceTree.Flattened;

/// <summary>Reads and writes flattened device trees (DTB), Devicetree Specification v0.4 chapter 5, version 17.</summary>
public static class FlattenedTree
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderSize = FdtHeader.Size;

    /// <summary>Reads a blob. A malformed one is an answer with an error, never an exception; time and memory grow with its size only.</summary>
    public static FdtResult Read(ReadOnlySpan<byte> blob) => new FdtReader(blob).Read();

    /// <summary>Reads a blob. False when it is malformed; <paramref name="result"/> says how.</summary>
    public static bool TryRead(ReadOnlySpan<byte> blob, [NotNullWhen(true)] out FdtImage? image, out FdtResult result)
    {
        result = Read(blob);
        image = result.Image;
        return result.Ok;
    }

    /// <summary>The total size a header states, to cut a blob out of a larger buffer. False when the bytes are no header.</summary>
    /// <param name="bytes">At least the first 8 bytes of the blob.</param>
    /// <param name="size">Bytes.</param>
    public static bool TryGetTotalSize(ReadOnlySpan<byte> bytes, out uint size)
    {
        bool ok = bytes.Length >= 8 && FdtHeader.Word(bytes, FdtHeader.MagicAt) == FdtHeader.Magic;
        size = ok ? FdtHeader.Word(bytes, FdtHeader.TotalSizeAt) : 0;
        return ok;
    }

    /// <summary>Flattens a tree.</summary>
    public static byte[] Write(DeviceTree tree, FdtWriteOptions? options = null) => new FdtWriter(options ?? new FdtWriteOptions()).Write(tree);
}
