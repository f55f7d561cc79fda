using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Firmament.Core.Internet;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>What a user network is like. The defaults are QEMU's: 10.0.2.0/24, host .2, name server .3, guests from .15.</summary>
public sealed record UserNetworkOptions
{
    private static readonly string[] Known =
        ["net", "host", "dns", "dhcpstart", "hostname", "domainname", "dnssearch", "bootfile", "tftp", "tftp-server-name", "restrict", "hostfwd", "ipv4", "ipv6"];

    /// <summary>The network's address.</summary>
    public IPAddress Network { get; init; } = new([10, 0, 2, 0]);

    /// <summary>Bits of the network part, 8 to 28.</summary>
    public int PrefixLength { get; init; } = 24;

    /// <summary>The host as the guest sees it, its gateway too; null is the network's second address.</summary>
    public IPAddress? Host { get; init; }

    /// <summary>The name server as the guest sees it; null is the network's third address.</summary>
    public IPAddress? Dns { get; init; }

    /// <summary>First of the 16 addresses DHCP gives out; null is the network's 15th.</summary>
    public IPAddress? DhcpStart { get; init; }

    /// <summary>The name DHCP gives the guest, or null.</summary>
    public string? HostName { get; init; }

    /// <summary>The domain DHCP tells, or null.</summary>
    public string? DomainName { get; init; }

    /// <summary>Domains in which the guest looks names up (RFC 3397).</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>The file DHCP tells to boot, or null.</summary>
    public string? BootFile { get; init; }

    /// <summary>The name of a TFTP server DHCP tells (option 66), or null.</summary>
    public string? TftpServerName { get; init; }

    /// <summary>A host folder whose files the host's address serves by TFTP, read-only; null serves none.</summary>
    public string? TftpFolder { get; init; }

    /// <summary>True keeps the guest from the host and everything outside; forwards, DHCP and TFTP still work.</summary>
    public bool Restrict { get; init; }

    /// <summary>Ports of the host that lead to the guest.</summary>
    public IReadOnlyList<HostForward> Forwards { get; init; } = [];

    internal uint NetworkNumber => Ipv4Address.From(Network) & Mask;

    internal uint Mask => uint.MaxValue << (32 - PrefixLength);

    internal uint HostNumber => Host == null ? NetworkNumber + 2 : Ipv4Address.From(Host);

    internal uint DnsNumber => Dns == null ? NetworkNumber + 3 : Ipv4Address.From(Dns);

    internal uint DhcpStartNumber => DhcpStart == null ? NetworkNumber + Math.Min(15, ~Mask - 1) : Ipv4Address.From(DhcpStart);

    internal uint BroadcastNumber => NetworkNumber | ~Mask;

    /// <summary>
    /// Reads QEMU's parameters of -netdev user by name: net (a.b.c.d/bits or a.b.c.d/mask), host, dns, dhcpstart, hostname, domainname, dnssearch and
    /// hostfwd (several apart by line ends), bootfile, tftp, tftp-server-name, restrict.
    /// </summary>
    /// <exception cref="BackendException">One is malformed, unknown, or not built.</exception>
    public static UserNetworkOptions Parse(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        UserNetworkOptions options = new();
        foreach ((string key, string value) in parameters)
        {
            options = key switch
            {
                "net" => options.WithNetwork(value),
                "host" => options with { Host = Address(key, value) },
                "dns" => options with { Dns = Address(key, value) },
                "dhcpstart" => options with { DhcpStart = Address(key, value) },
                "hostname" => options with { HostName = Text(key, value) },
                "domainname" => options with { DomainName = Text(key, value) },
                "dnssearch" => options with { DnsSearch = [.. value.Split('\n').Select(domain => Text(key, domain))] },
                "bootfile" => options with { BootFile = Text(key, value) },
                "tftp" => options with { TftpFolder = value.Length == 0 ? throw new BackendException("tftp= of a user network is empty; give a folder") : value },
                "tftp-server-name" => options with { TftpServerName = Text(key, value) },
                "restrict" => options with { Restrict = Flag(key, value) },
                "ipv4" => Flag(key, value) ? options : throw new BackendException("a user network has IPv4 only, and ipv4=off leaves nothing; leave it out"),
                "ipv6" => !Flag(key, value) ? options : throw new BackendException("a user network has no IPv6; give ipv6=off or leave ipv6 out"),
                "hostfwd" => options with { Forwards = [.. value.Split('\n').Select(HostForwardSyntax.Parse)] },
                "guestfwd" => throw new BackendException("guestfwd= of a user network is not built; reach the host at 10.0.2.2 instead"),
                "smb" or "smbserver" => throw new BackendException("smb= of a user network is not built; share the folder with --virtfs local,path=…,mount_tag=…"),
                "ipv6-net" or "ipv6-host" or "ipv6-dns" or "ipv6-prefix" or "ipv6-prefixlen" =>
                    throw new BackendException($"a user network has no IPv6; leave {key}= out"),
                _ => throw new BackendException($"a user network has no parameter '{key}'; the parameters are {string.Join(", ", Known)}"),
            };
        }

        options.Check();
        return options;
    }

    /// <summary>Checks that the addresses fit together.</summary>
    /// <exception cref="BackendException">They do not.</exception>
    public void Check()
    {
        if (PrefixLength is < 8 or > 28)
        {
            throw new BackendException(string.Create(CultureInfo.InvariantCulture, $"a user network of {PrefixLength} bits is not usable; give net= 8 to 28 bits, for example 10.0.2.0/24"));
        }

        foreach ((string name, uint address) in (ReadOnlySpan<(string, uint)>)[("host", HostNumber), ("dns", DnsNumber), ("dhcpstart", DhcpStartNumber)])
        {
            if ((address & Mask) != NetworkNumber || address == NetworkNumber || address == BroadcastNumber)
            {
                throw new BackendException($"{name}={Ipv4Address.ToAddress(address)} is not an address in the user network {Network}/{PrefixLength}; give one that is");
            }
        }

        if (HostNumber == DnsNumber || DhcpStartNumber == HostNumber || DhcpStartNumber == DnsNumber)
        {
            throw new BackendException("host=, dns= and dhcpstart= of a user network must be three addresses; change one");
        }

        if (Forwards.FirstOrDefault(forward => forward.Guest != null && (Ipv4Address.From(forward.Guest) & Mask) != NetworkNumber) is { } wrong)
        {
            throw new BackendException($"hostfwd= leads to {wrong.Guest}, which is not in the user network {Network}/{PrefixLength}; give an address in it, or none");
        }
    }

    private static IPAddress Address(string key, string text) =>
        text.Count('.') == 3 && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw new BackendException($"{key}={text} is not an IPv4 address; give for example {key}=10.0.2.2");

    private static bool Flag(string key, string text) => text switch
    {
        "on" or "yes" or "y" or "true" => true,
        "off" or "no" or "n" or "false" => false,
        _ => throw new BackendException($"{key}={text} is neither on nor off; give {key}=on or {key}=off"),
    };

    // A DHCP option holds at most 255 bytes, and the file's field 127.
    private static string Text(string key, string text) => text.Length is > 0 and <= 127 && text.All(static c => c is > ' ' and < '\x7f')
        ? text
        : throw new BackendException($"{key}= is not usable; give 1 to 127 letters, digits and signs without blanks");

    private UserNetworkOptions WithNetwork(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        IPAddress network = Address("net", slash < 0 ? text : text[..slash]);
        string length = slash < 0 ? "24" : text[(slash + 1)..];
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits))
        {
            uint mask = Ipv4Address.From(Address("net", length));
            bits = System.Numerics.BitOperations.PopCount(mask);
            if (mask != uint.MaxValue << (32 - bits))
            {
                throw new BackendException($"net={text} has no mask of ones followed by zeros; give for example net=10.0.2.0/24");
            }
        }

        return this with { Network = Ipv4Address.ToAddress(Ipv4Address.From(network) & (bits is > 0 and <= 32 ? uint.MaxValue << (32 - bits) : 0)), PrefixLength = bits };
    }
}
