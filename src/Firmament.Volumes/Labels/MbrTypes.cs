namespace Firmament.Volumes.Labels;

/// <summary>Type bytes of MBR partitions (UEFI 2.10, 5.2; CHRP 1.0; Linux, fdisk's list).</summary>
internal static class MbrTypes
{
    public const byte PrepBoot = 0x41;
    public const byte Protective = 0xee;

    public static bool IsExtended(byte type) => type is 0x05 or 0x0f or 0x85;

    public static string NameOf(byte type) => type switch
    {
        0x01 => "FAT12",
        0x04 or 0x06 or 0x0e => "FAT16",
        0x05 or 0x0f or 0x85 => "extended",
        0x07 => "NTFS or exFAT",
        0x0b or 0x0c => "FAT32",
        0x17 => "hidden",
        PrepBoot => "PReP boot",
        0x82 => "Linux swap",
        0x83 => "Linux",
        0x8e => "Linux LVM",
        0x96 => "CHRP ISO 9660",
        0xa5 => "FreeBSD",
        0xa6 => "OpenBSD",
        0xa8 => "Mac OS X",
        0xa9 => "NetBSD",
        0xaf => "Apple HFS",
        0xcd => "ISO 9660",
        Protective => "GPT",
        0xef => "EFI system",
        0xfd => "Linux RAID",
        _ => $"0x{type:x2}",
    };
}
