namespace Firmament.DeviceTree.Flattened;

/// <summary>Free space in a blob. Only what is not zero at its end is kept: a megabyte of padding costs nothing.</summary>
internal readonly record struct FdtGap(int Offset, int Length, byte[] Content)
{
    public static FdtGap Of(ReadOnlySpan<byte> blob, int start, int end)
    {
        ReadOnlySpan<byte> bytes = blob[start..end];
        return new FdtGap(start, bytes.Length, bytes[..(bytes.LastIndexOfAnyExcept((byte)0) + 1)].ToArray());
    }
}
