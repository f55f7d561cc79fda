namespace Firmament.Volumes.Labels;

/// <summary>A partition, as a disk label has it.</summary>
/// <param name="Number">As operating systems count: from 1; logical partitions of an MBR from 5; an Apple map counts its own entry. 0 is the whole disk.</param>
/// <param name="TypeName">The type in words ("PReP boot", "Linux"), as the label spells it ("Apple_HFS", "DOS\1"), or as a number ("0x42", a GUID).</param>
/// <param name="Offset">First byte on the disk.</param>
/// <param name="Length">Bytes, never beyond the disk's end.</param>
public sealed record Partition(int Number, string TypeName, long Offset, long Length)
{
    /// <summary>Type of a GPT partition; null elsewhere.</summary>
    public Guid? TypeGuid { get; init; }

    /// <summary>Type byte of an MBR partition; null elsewhere.</summary>
    public byte? TypeByte { get; init; }

    /// <summary>Name of a GPT, Apple or Amiga partition ("DH0"); null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The label marks it for booting: active (MBR), legacy BIOS bootable (GPT), bootable (Apple, Amiga).</summary>
    public bool IsBootable { get; init; }

    /// <summary>True for a PowerPC Reference Platform boot partition, whose contents are a program (CHRP 1.0, 11.1.2; PAPR).</summary>
    public bool IsPrepBoot => TypeByte == MbrTypes.PrepBoot || TypeGuid == GptTypes.PrepBoot;

    /// <summary>The partition's bytes; <paramref name="disk"/> is the source its label was read from.</summary>
    public PartitionSource Open(IByteSource disk) => new(disk, Offset, Length);
}
