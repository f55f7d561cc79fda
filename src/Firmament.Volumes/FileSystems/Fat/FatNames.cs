namespace Firmament.Volumes.FileSystems.Fat;

/// <summary>8.3 names and long ones ("FAT: General Overview of On-Disk Format" 1.03, "FAT Directory Structure", "FAT Long Directory Entries").</summary>
internal sealed class FatNames
{
    /// <summary>Characters 0x80 and up of code page 437, which PCs wrote.</summary>
    private const string CodePage437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    private const int CharactersEach = 13;
    private const int MostParts = 20;
    private const int LastPartFlag = 0x40;

    /// <summary>Where the 13 characters of a part are.</summary>
    private static ReadOnlySpan<byte> CharacterOffsets => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    private readonly char[] _long = new char[MostParts * CharactersEach];
    private int _expected;
    private int _checksum;
    private int _length;

    /// <summary>Takes an entry of a long name; they come before the short one, the last part first.</summary>
    public void AddPart(Fields entry)
    {
        int part = entry.U8(0) & ~LastPartFlag;
        if ((entry.U8(0) & LastPartFlag) != 0)
        {
            _expected = part;
            _checksum = entry.U8(13);
            _length = part * CharactersEach;
        }

        if (part is < 1 or > MostParts || part != _expected || entry.U8(13) != _checksum)
        {
            Clear();
            return;
        }

        _expected--;
        for (int i = 0; i < CharactersEach; i++)
        {
            _long[((part - 1) * CharactersEach) + i] = (char)entry.Le16(CharacterOffsets[i]);
        }
    }

    public void Clear()
    {
        _expected = 0;
        _length = 0;
    }

    /// <summary>The long name that belongs to a short entry; null when there is none. Forgets it.</summary>
    public string? TakeLong(Fields entry)
    {
        bool complete = _length > 0 && _expected == 0 && _checksum == Checksum(entry.Slice(0, 11));
        ReadOnlySpan<char> text = _long.AsSpan(0, complete ? _length : 0);
        int end = text.IndexOf('\0');
        Clear();
        text = end < 0 ? text : text[..end];
        return text.IsEmpty ? null : text.ToString();
    }

    /// <summary>"NAME.EXT". Byte 12 says which half Windows NT shows in lower case.</summary>
    public static string Short(Fields entry)
    {
        const int lowerBase = 0x08;
        const int lowerExtension = 0x10;
        Span<byte> raw = stackalloc byte[11];
        entry.Slice(0, 11).CopyTo(raw);

        // 0x05 stands for 0xe5, which would mean a deleted entry.
        raw[0] = raw[0] == 0x05 ? (byte)0xe5 : raw[0];
        string name = Text(raw[..8], (entry.U8(12) & lowerBase) != 0);
        string extension = Text(raw[8..], (entry.U8(12) & lowerExtension) != 0);
        return extension.Length == 0 ? name : $"{name}.{extension}";
    }

    public static string Text(ReadOnlySpan<byte> bytes, bool lower = false)
    {
        Span<char> text = stackalloc char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = bytes[i] < 0x80 ? (char)bytes[i] : CodePage437[bytes[i] - 0x80];
            text[i] = lower ? char.ToLowerInvariant(text[i]) : text[i];
        }

        return text.TrimEnd(' ').ToString();
    }

    private static int Checksum(ReadOnlySpan<byte> name)
    {
        byte sum = 0;
        foreach (byte letter in name)
        {
            sum = (byte)(byte.RotateRight(sum, 1) + letter);
        }

        return sum;
    }
}
