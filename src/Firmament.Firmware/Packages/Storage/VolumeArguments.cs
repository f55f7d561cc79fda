namespace Firmament.Firmware.Packages.Storage;

/// <summary>
/// The arguments of a disk: <c>[partition][,[path]]</c> (IEEE 1275-1994 3.8.1). A path may also stand alone: <c>cd:\boot\x</c>.
/// </summary>
/// <param name="Partition">A number or a letter; "" for the whole device.</param>
/// <param name="Path">A file, with "\" or "/" between directories; "" for none.</param>
public readonly record struct VolumeArguments(string Partition, string Path)
{
    /// <summary>Takes arguments apart.</summary>
    public static VolumeArguments Parse(string? arguments)
    {
        string text = arguments ?? "";
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0)
        {
            return new(Whole(text[..comma]), text[(comma + 1)..]);
        }

        bool isPartition = text.Length == 0 || text.All(char.IsAsciiDigit) || (text.Length == 1 && char.IsAsciiLetter(text[0]));
        return isPartition ? new(Whole(text), "") : new("", text);
    }

    /// <summary>As they are written after the ":" of the device.</summary>
    public override string ToString() => Path.Length == 0 ? Partition : $"{Partition},{Path}";

    private static string Whole(string partition) => partition == "0" ? "" : partition;
}
