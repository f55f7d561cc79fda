using System.Buffers.Binary;
using System.Text;

namespace Firmament.Firmware.Network;

/// <summary>A reply of a BOOTP or DHCP server. Sources: RFC 951, 2131 section 2, 2132, 3396.</summary>
internal readonly ref struct BootpMessage
{
    public const int FixedLength = 236;
    public const int HeadLength = 240;
    public const uint Cookie = 0x6382_5363;

    private const int ServerNameField = 44;
    private const int FileField = 108;
    private const byte Overload = 52;

    private BootpMessage(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(Bytes[4..]);

    /// <summary>`yiaddr`: the address for us.</summary>
    public uint YourAddress => BinaryPrimitives.ReadUInt32BigEndian(Bytes[16..]);

    /// <summary>`siaddr`: who serves the file; 0 when the server does not say.</summary>
    public uint NextServer => BinaryPrimitives.ReadUInt32BigEndian(Bytes[20..]);

    /// <summary>`chaddr`.</summary>
    public StationAddress Client => StationAddress.From(Bytes[28..]);

    /// <summary>`sname`; null when it is empty or holds options.</summary>
    public string? ServerName => (OverloadedFields & 2) != 0 ? null : Text(Bytes[ServerNameField..FileField]);

    /// <summary>`file`; null when it is empty or holds options.</summary>
    public string? File => (OverloadedFields & 1) != 0 ? null : Text(Bytes[FileField..FixedLength]);

    private ReadOnlySpan<byte> Options =>
        Bytes.Length >= HeadLength && BinaryPrimitives.ReadUInt32BigEndian(Bytes[FixedLength..]) == Cookie ? Bytes[HeadLength..] : default;

    private int OverloadedFields => Collect(Options, Overload) is [byte fields] ? fields & 3 : 0;

    /// <summary>False for what is no reply to an Ethernet station.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out BootpMessage message)
    {
        const byte Reply = 2;
        const byte Ethernet = 1;
        message = default;
        if (bytes.Length < FixedLength || bytes[0] != Reply || bytes[1] != Ethernet || bytes[2] != StationAddress.Length)
        {
            return false;
        }

        message = new BootpMessage(bytes);
        return true;
    }

    /// <summary>An option's bytes, in one piece where it was sent in several; empty when it is not there.</summary>
    public byte[] Option(byte code)
    {
        int fields = OverloadedFields;
        return
        [
            .. Collect(Options, code),
            .. (fields & 1) != 0 ? Collect(Bytes[FileField..FixedLength], code) : [],
            .. (fields & 2) != 0 ? Collect(Bytes[ServerNameField..FileField], code) : [],
        ];
    }

    /// <summary>The first address of an option; 0 when there is none.</summary>
    public uint Address(byte code) => Option(code) is { Length: >= 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>An option that is text; null when there is none.</summary>
    public string? Text(byte code) => Text(Option(code));

    // A name with control characters would do mischief on a terminal, and no server has such files.
    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        ReadOnlySpan<byte> text = end < 0 ? bytes : bytes[..end];
        return text.IsEmpty || text.ContainsAnyInRange((byte)0, (byte)0x1f) || text.Contains((byte)0x7f) ? null : Encoding.Latin1.GetString(text);
    }

    private static byte[] Collect(ReadOnlySpan<byte> options, byte code)
    {
        const byte Pad = 0;
        const byte End = 255;
        byte[] found = [];
        while (!options.IsEmpty && options[0] != End)
        {
            if (options[0] == Pad)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
            {
                break;
            }

            if (options[0] == code)
            {
                found = [.. found, .. options.Slice(2, options[1])];
            }

            options = options[(2 + options[1])..];
        }

        return found;
    }
}
