namespace Firmament.Volumes.FileSystems.Hfs;

/// <summary>The character set of HFS names (Unicode Consortium, VENDORS/APPLE/ROMAN.TXT).</summary>
internal static class MacRoman
{
    private const string Upper =
        "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = bytes[i] < 0x80 ? (char)bytes[i] : Upper[bytes[i] - 0x80];
        }

        return text.ToString();
    }

    /// <summary>"/", which is a letter like others in HFS, is written ":" as on Mac OS X.</summary>
    public static string Name(ReadOnlySpan<byte> bytes) => Text(bytes).Replace('/', ':');
}
