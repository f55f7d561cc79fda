using System.Diagnostics.CodeAnalysis;
using Firmament.DeviceTree.Text;

namespace Firmament.DeviceTree.Flattened;

/// <summary>The answer to reading a blob: what it holds, or what is wrong with it and where.</summary>
public sealed class FdtResult
{
    private const int MaxMessageLength = 300;

    private FdtResult(FdtImage? image, FdtError error, int offset, string message)
    {
        Image = image;
        Error = error;
        Offset = offset;
        Message = message;
    }

    /// <summary>True when the blob is well formed.</summary>
    [MemberNotNullWhen(true, nameof(Image))]
    public bool Ok => Error == FdtError.None;

    /// <summary>What the blob holds, or null.</summary>
    public FdtImage? Image { get; }

    /// <summary>What is wrong.</summary>
    public FdtError Error { get; }

    /// <summary>Byte offset in the blob of what is wrong; 0 when nothing is.</summary>
    public int Offset { get; }

    /// <summary>One sentence for a person; "" when nothing is wrong.</summary>
    public string Message { get; }

    /// <summary>The message with its offset, as the part of a sentence.</summary>
    public override string ToString() =>
        Ok ? "well formed" : $"{char.ToLowerInvariant(Message[0])}{Message[1..].TrimEnd('.')} (offset 0x{Offset:x})";

    internal static FdtResult Success(FdtImage image) => new(image, FdtError.None, 0, "");

    internal static FdtResult Failure(FdtError error, int offset, string message)
    {
        // The names in it are the blob's: of any length, with any bytes.
        string visible = TreeOutline.Visible(message);
        string shown = visible.Length <= MaxMessageLength ? visible : $"{visible[..200]}…{visible[^80..]}";
        return new FdtResult(null, error, offset, shown);
    }
}
