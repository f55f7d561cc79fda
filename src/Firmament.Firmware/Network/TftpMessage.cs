using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Firmament.Firmware.Network;

/// <summary>TFTP messages of a reader. Sources: RFC 1350, 2347, 2348, 2349.</summary>
internal static class TftpMessage
{
    public const int DataHeaderLength = 4;

    /// <summary>Bytes a name can have: requests are at most 512 bytes (RFC 2347).</summary>
    public const int LongestName = 400;

    public const ushort ReadRequest = 1;
    public const ushort Data = 3;
    public const ushort Acknowledgement = 4;
    public const ushort Error = 5;
    public const ushort OptionAcknowledgement = 6;

    /// <summary>Asks for a file, as it is. With a block size the server may answer with options.</summary>
    /// <param name="file">At most <see cref="LongestName"/> characters of ISO 8859-1.</param>
    /// <param name="blockSize">Bytes of a block, or 0 to name no options.</param>
    /// <param name="timeoutSeconds">After which the server should send again.</param>
    public static byte[] Request(string file, int blockSize, int timeoutSeconds)
    {
        List<byte> message = [0, (byte)ReadRequest];
        Add(message, file);
        Add(message, "octet");
        if (blockSize != 0)
        {
            Add(message, "blksize", blockSize);
            Add(message, "tsize", 0);
            Add(message, "timeout", timeoutSeconds);
        }

        return [.. message];
    }

    public static byte[] Acknowledge(ushort block) => [0, (byte)Acknowledgement, (byte)(block >> 8), (byte)block];

    public static byte[] Refuse(TftpError error, string text) => [0, (byte)Error, 0, (byte)error, .. Encoding.Latin1.GetBytes(text), 0];

    /// <summary>The text of an error message, made fit for a terminal; "" when there is none.</summary>
    public static string ErrorText(ReadOnlySpan<byte> message)
    {
        const int Longest = 128;
        ReadOnlySpan<byte> text = message[Math.Min(DataHeaderLength, message.Length)..];
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        StringBuilder clean = new();
        foreach (byte b in text[..Math.Min(text.Length, Longest)])
        {
            clean.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        }

        return clean.ToString();
    }

    /// <summary>Reads an option acknowledgement.</summary>
    /// <param name="message">From its operation code on.</param>
    /// <param name="blockSize">In: what was asked for. Out: what the server takes, 512 when it does not say.</param>
    /// <param name="length">The file's bytes, or −1.</param>
    /// <returns>False when it grants what was not asked for.</returns>
    public static bool TryParseOptions(ReadOnlySpan<byte> message, ref int blockSize, out long length)
    {
        const int SmallestBlock = 8;
        const int PlainBlock = 512;
        int asked = blockSize;
        blockSize = PlainBlock;
        length = -1;
        message = message[2..];
        while (!message.IsEmpty)
        {
            if (!TryTakeWord(ref message, out string option) || !TryTakeWord(ref message, out string value))
            {
                return false;
            }

            bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            switch (option.ToUpperInvariant())
            {
                case "BLKSIZE" when isNumber && number >= SmallestBlock && number <= asked:
                    blockSize = (int)number;
                    break;
                case "TSIZE" when isNumber:
                    length = number;
                    break;
                case "TIMEOUT" when isNumber:
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool TryTakeWord(ref ReadOnlySpan<byte> bytes, out string word)
    {
        int end = bytes.IndexOf((byte)0);
        word = end < 0 ? "" : Encoding.Latin1.GetString(bytes[..end]);
        bytes = bytes[(end + 1)..];
        return end >= 0;
    }

    private static void Add(List<byte> to, string word)
    {
        to.AddRange(Encoding.Latin1.GetBytes(word));
        to.Add(0);
    }

    private static void Add(List<byte> to, string option, int value)
    {
        Add(to, option);
        Add(to, value.ToString(CultureInfo.InvariantCulture));
    }
}
