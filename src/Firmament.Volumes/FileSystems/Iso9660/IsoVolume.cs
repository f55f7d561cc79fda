namespace Firmament.Volumes.FileSystems.Iso9660;

/// <summary>What the volume descriptors say (ECMA-119 8.4, 8.5; Joliet specification).</summary>
/// <param name="Label">Volume identifier.</param>
/// <param name="BlockSize">Logical block in bytes: 512, 1024 or 2048.</param>
/// <param name="RootRecord">The root's directory record, 34 bytes.</param>
/// <param name="IsJoliet">Names are UTF-16, big endian.</param>
internal sealed record IsoVolume(string Label, int BlockSize, byte[] RootRecord, bool IsJoliet)
{
    public const int SectorSize = 2048;

    private const int FirstDescriptor = 16;
    private const int MostDescriptors = 64;
    private const int RootRecordLength = 34;
    private const int Primary = 1;
    private const int Supplementary = 2;
    private const int Terminator = 255;

    /// <summary>The volumes of the medium: the primary one first. None when it is not ISO 9660.</summary>
    public static List<IsoVolume> Read(VolumeReader reader)
    {
        List<IsoVolume> volumes = [];
        byte[] sector = new byte[SectorSize];
        for (int i = 0; i < MostDescriptors; i++)
        {
            if (!reader.TryReadStructure((FirstDescriptor + i) * (long)SectorSize, sector))
            {
                break;
            }

            Fields fields = sector;
            if (!fields.Has(1, "CD001"u8) || fields.U8(0) == Terminator)
            {
                break;
            }

            bool joliet = fields.U8(0) == Supplementary && IsJolietEscape(fields.Slice(88, 3));
            int blockSize = fields.Le16(128);
            if ((joliet || (fields.U8(0) == Primary && volumes.Count == 0)) && blockSize is 512 or 1024 or 2048)
            {
                string label = IsoNames.Text(fields.Slice(40, 32), joliet).TrimEnd(' ', '\0');
                volumes.Add(new IsoVolume(label, blockSize, fields.Slice(156, RootRecordLength).ToArray(), joliet));
            }
        }

        return volumes is [{ IsJoliet: false }, ..] ? volumes : [];
    }

    /// <summary>UCS-2 levels 1 to 3.</summary>
    private static bool IsJolietEscape(ReadOnlySpan<byte> escape) =>
        escape.SequenceEqual("%/@"u8) || escape.SequenceEqual("%/C"u8) || escape.SequenceEqual("%/E"u8);
}
