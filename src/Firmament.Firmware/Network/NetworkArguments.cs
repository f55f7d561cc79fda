using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Firmament.Core.Internet;

namespace Firmament.Firmware.Network;

/// <summary>
/// What follows ":" of a network device (IEEE 1275 TFTP Booting Extension):
/// [bootp,|dhcp,][siaddr],[filename],[ciaddr],[giaddr],[bootp-retries],[tftp-retries],[subnet-mask],[blksize], after settings like speed=auto.
/// </summary>
/// <remarks>Addresses are 0 where none is given. A word alone that is no address is the file: net:vmlinux is net:,vmlinux.</remarks>
internal sealed record NetworkArguments
{
    public const int DefaultRetries = 5;

    /// <summary>Fits an Ethernet even where a tunnel takes some bytes of each packet.</summary>
    public const int DefaultBlockSize = 1428;

    private const int MostRetries = 20;
    private const int SmallestBlock = 8;
    private const int LargestBlock = UdpDatagram.LongestPayload - TftpMessage.DataHeaderLength;

    /// <summary>True when BOOTP and not DHCP is asked for.</summary>
    public bool IsBootp { get; init; }

    public uint Server { get; init; }

    /// <summary>With "/" between folders; null where the server names it.</summary>
    public string? File { get; init; }

    /// <summary>Our address, so that none is asked for.</summary>
    public uint Client { get; init; }

    public uint Gateway { get; init; }

    public int BootpRetries { get; init; } = DefaultRetries;

    public int TftpRetries { get; init; } = DefaultRetries;

    public uint Mask { get; init; }

    public int BlockSize { get; init; } = DefaultBlockSize;

    /// <summary>Reads the text; null is "". False when a field is no address or number.</summary>
    /// <param name="text">What stands after ":".</param>
    /// <param name="arguments">What it says.</param>
    /// <param name="wrong">The field that is wrong.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NetworkArguments? arguments, [NotNullWhen(false)] out string? wrong)
    {
        arguments = null;
        wrong = null;
        List<string> fields = [.. (text ?? "").Split(',')];
        while (fields.Count > 0 && fields[0].Contains('=', StringComparison.Ordinal))
        {
            fields.RemoveAt(0);
        }

        bool isBootp = fields.Count > 0 && fields[0] == "bootp";
        if (isBootp || (fields.Count > 0 && fields[0] == "dhcp"))
        {
            fields.RemoveAt(0);
        }

        if (fields.Count == 1 && !Ipv4Address.TryParse(fields[0], out _))
        {
            fields.Insert(0, "");
        }

        string Field(int index) => index < fields.Count ? fields[index].Trim() : "";
        int bootpRetries = DefaultRetries;
        int tftpRetries = DefaultRetries;
        int blockSize = DefaultBlockSize;
        uint client = 0;
        uint gateway = 0;
        uint mask = 0;
        if (!TryAddress(Field(0), out uint server, ref wrong) || !TryAddress(Field(2), out client, ref wrong) || !TryAddress(Field(3), out gateway, ref wrong)
            || !TryNumber(Field(4), ref bootpRetries, ref wrong) || !TryNumber(Field(5), ref tftpRetries, ref wrong)
            || !TryAddress(Field(6), out mask, ref wrong) || !TryNumber(Field(7), ref blockSize, ref wrong))
        {
            wrong ??= "";
            return false;
        }

        arguments = new NetworkArguments
        {
            IsBootp = isBootp,
            Server = server,
            File = FileName(Field(1)),
            Client = client,
            Gateway = gateway,
            BootpRetries = Math.Clamp(bootpRetries, 1, MostRetries),
            TftpRetries = Math.Clamp(tftpRetries, 1, MostRetries),
            Mask = mask,
            BlockSize = Math.Clamp(blockSize, SmallestBlock, LargestBlock),
        };
        return true;
    }

    /// <summary>A file's name with "/" for "\"; null for none.</summary>
    public static string? FileName(string? text) => string.IsNullOrEmpty(text) ? null : text.Replace('\\', '/');

    /// <summary>
    /// All fields, for `bootpath`. The file's folders stand apart by "\", for "/" parts components of a path; an address that is not known is 0.0.0.0, for
    /// GRUB takes an empty field for whatever its memory held.
    /// </summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Ipv4Address.ToText(Server)},{File?.Replace('/', '\\')},{Ipv4Address.ToText(Client)},{Ipv4Address.ToText(Gateway)},{BootpRetries},{TftpRetries},{Ipv4Address.ToText(Mask)},{BlockSize}");

    private static bool TryAddress(string field, out uint address, ref string? wrong)
    {
        address = 0;
        bool ok = field.Length == 0 || Ipv4Address.TryParse(field, out address);
        wrong = ok ? wrong : field;
        return ok;
    }

    private static bool TryNumber(string field, ref int number, ref string? wrong)
    {
        bool ok = field.Length == 0 || int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        wrong = ok ? wrong : field;
        return ok;
    }
}
