using System.Globalization;

namespace Firmament.Volumes.Labels;

/// <summary>
/// The partitions of a disk. A CD may have several labels at once and an ISO 9660 volume on the whole of it; <see cref="Read(IByteSource)"/> takes the
/// first of GPT, MBR, Apple and Amiga, <see cref="Read(IByteSource, DiskLabelKind)"/> the one that is asked for.
/// </summary>
public sealed class DiskLabel
{
    private readonly long _length;

    private DiskLabel(DiskLabelKind kind, bool hasIso9660, IReadOnlyList<Partition> partitions, long length)
    {
        Kind = kind;
        HasIso9660 = hasIso9660;
        Partitions = partitions;
        _length = length;
    }

    /// <summary>The label that <see cref="Partitions"/> are from.</summary>
    public DiskLabelKind Kind { get; }

    /// <summary>True when an ISO 9660 volume starts at the disk's start, whatever else is there.</summary>
    public bool HasIso9660 { get; }

    /// <summary>Partitions by number, 256 at most, without those that start beyond the disk's end.</summary>
    public IReadOnlyList<Partition> Partitions { get; }

    /// <summary>The disk as partition 0.</summary>
    public Partition WholeDisk => new(0, "whole disk", 0, Math.Max(_length, 0));

    /// <summary>The first PReP boot partition; null when there is none.</summary>
    public Partition? PrepBoot => Partitions.FirstOrDefault(static partition => partition.IsPrepBoot);

    /// <summary>Reads the label of a disk. Damage shortens the list; there is always a result.</summary>
    public static DiskLabel Read(IByteSource source)
    {
        bool hasIso = HasIsoVolume(source);
        foreach (DiskLabelKind kind in (ReadOnlySpan<DiskLabelKind>)[DiskLabelKind.Gpt, DiskLabelKind.Mbr, DiskLabelKind.Apple, DiskLabelKind.AmigaRdb])
        {
            if (ReadPartitions(source, kind) is { Count: > 0 } partitions)
            {
                return new DiskLabel(kind, hasIso, partitions, source.Length);
            }
        }

        return new DiskLabel(hasIso ? DiskLabelKind.Iso9660 : DiskLabelKind.None, hasIso, [], source.Length);
    }

    /// <summary>Reads one kind of label only; null when the disk has none of it, or no partition in it.</summary>
    public static DiskLabel? Read(IByteSource source, DiskLabelKind kind)
    {
        bool hasIso = HasIsoVolume(source);
        List<Partition> partitions = ReadPartitions(source, kind);
        return partitions.Count > 0 || (kind == DiskLabelKind.Iso9660 && hasIso) ? new DiskLabel(kind, hasIso, partitions, source.Length) : null;
    }

    /// <summary>
    /// Finds a partition by decimal number (0, or no text: the whole disk), else by name without regard to case, else by letter ("a" is 1), as the first
    /// argument of IEEE 1275's disk-label package names it. Null when there is none.
    /// </summary>
    public Partition? Find(string numberOrLetterOrName)
    {
        string text = numberOrLetterOrName.Trim();
        if (text.Length == 0)
        {
            return WholeDisk;
        }

        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? ByNumber(number) : null;
        }

        return Partitions.FirstOrDefault(partition => text.Equals(partition.Name, StringComparison.OrdinalIgnoreCase))
            ?? (text.Length == 1 && char.IsAsciiLetter(text[0]) ? ByNumber((text[0] | 0x20) - 'a' + 1) : null);
    }

    private Partition? ByNumber(int number) => number == 0 ? WholeDisk : Partitions.FirstOrDefault(partition => partition.Number == number);

    private static List<Partition> ReadPartitions(IByteSource source, DiskLabelKind kind)
    {
        PartitionList partitions = new(source.Length);
        VolumeReader reader = new(source);
        reader.Begin();
        switch (kind)
        {
            case DiskLabelKind.Gpt:
                GptLabel.Read(reader, source.BlockSize, partitions);
                break;
            case DiskLabelKind.Mbr:
                MbrLabel.Read(reader, partitions);
                break;
            case DiskLabelKind.Apple:
                AppleLabel.Read(reader, partitions);
                break;
            case DiskLabelKind.AmigaRdb:
                AmigaLabel.Read(reader, partitions);
                break;
        }

        return partitions.Partitions;
    }

    private static bool HasIsoVolume(IByteSource source)
    {
        const int firstDescriptor = 16 * 2048;
        Span<byte> identifier = stackalloc byte[6];
        return source.TryRead(firstDescriptor, identifier) && new Fields(identifier).Has(1, "CD001"u8);
    }
}
