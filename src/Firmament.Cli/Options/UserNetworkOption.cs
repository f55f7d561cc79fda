using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-netdev user, -nic user and -net user, with QEMU's parameters.</summary>
internal static class UserNetworkOption
{
    // hostfwd and dnssearch may be given many times.
    private static readonly string[] Repeated = ["hostfwd", "dnssearch", "guestfwd"];

    private static readonly string[] Single =
    [
        "net", "host", "dns", "dhcpstart", "hostname", "domainname", "bootfile", "tftp", "tftp-server-name", "restrict", "ipv4", "ipv6",
        "smb", "smbserver", "ipv6-net", "ipv6-host", "ipv6-dns", "ipv6-prefix", "ipv6-prefixlen",
    ];

    /// <summary>The network, its parameters checked.</summary>
    /// <exception cref="UserErrorException">One is malformed or not built.</exception>
    public static NetworkConfiguration Parse(OptionList list)
    {
        Dictionary<string, string> parameters = [];
        foreach (string key in Single)
        {
            if (list.Take(key) is { } value)
            {
                parameters[key] = value;
            }
        }

        foreach (string key in Repeated)
        {
            if (list.TakeAll(key) is { Count: > 0 } values)
            {
                parameters[key] = string.Join('\n', values);
            }
        }

        try
        {
            UserNetworkOptions.Parse(parameters);
        }
        catch (BackendException e)
        {
            throw Sentence(e);
        }

        return new() { Kind = NetworkBackendKind.User, Parameters = parameters };
    }

    /// <summary>A backend's error as one sentence. A parameter at its start keeps its spelling.</summary>
    public static UserErrorException Sentence(BackendException error)
    {
        string text = error.Message.TrimEnd('.');
        return new((text.Split(' ')[0].Contains('=') ? text[..1] : text[..1].ToUpperInvariant()) + text[1..] + ".", error);
    }
}
