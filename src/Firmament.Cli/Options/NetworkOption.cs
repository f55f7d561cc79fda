using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-net, -nic and -netdev: backends user, none, stream, dgram, socket (as stream or dgram).</summary>
internal static class NetworkOption
{
    /// <summary>Stands for the machine's own card until the machine is known.</summary>
    public const string OwnCard = "";

    private static readonly string[] Backends = ["none", "stream", "dgram", "socket", "user", "tap", "bridge", "hubport", "vde", "vhost-user", "l2tpv3"];

    /// <summary>-netdev: adds a backend.</summary>
    public static void ApplyNetdev(RunRequest request, string text)
    {
        request.ChoosesNetwork = true;
        request.Networks.Add(ParseNetdev(text));
    }

    /// <summary>-netdev TYPE,id=ID,…: a backend for a -device.</summary>
    public static NetworkConfiguration ParseNetdev(string text)
    {
        OptionList list = OptionList.Parse("netdev", text, "type");
        string id = list.Take("id") ?? throw new UserErrorException("-netdev needs a name; add id=net0 and --device virtio-net-pci,netdev=net0.");
        NetworkConfiguration backend = Backend("netdev", list) with { Id = id };
        list.RefuseRest();
        return backend;
    }

    /// <summary>-nic TYPE[,model=][,mac=],…: a backend with its card; null for none.</summary>
    public static NetworkConfiguration? ParseNic(string text)
    {
        OptionList list = OptionList.Parse("nic", text, "type");
        if (list.Take("type") == "none")
        {
            return null;
        }

        string? model = list.Take("model");
        string? mac = Mac(list.Take("mac") ?? list.Take("macaddr"));
        NetworkConfiguration backend = Backend("nic", list) with { Id = list.Take("id"), Model = Model(model), MacAddress = mac };
        list.RefuseRest();
        return backend;
    }

    /// <summary>-net none|nic,…|BACKEND,…: cards and backends pair in order; see <see cref="Pair"/>.</summary>
    public static void ApplyNet(RunRequest request, string text)
    {
        request.ChoosesNetwork = true;
        OptionList list = OptionList.Parse("net", text, "type");
        switch (list.Take("type"))
        {
            case "none":
                return;
            case "nic":
                string? mac = Mac(list.Take("macaddr") ?? list.Take("mac"));
                string model = Model(list.Take("model"));
                list.Ignore("netdev", "name", "addr", "vectors", "id");
                list.RefuseRest();
                request.NetCards.Add(new() { Model = model, MacAddress = mac });
                return;
            default:
                string? id = list.Take("id");
                NetworkConfiguration backend = Backend("net", list) with { Id = id };
                list.RefuseRest();
                request.NetBackends.Add(backend);
                return;
        }
    }

    /// <summary>Gives each -net card a -net backend, in order; a backend left over gets a card unless a device asks for it, a card left over stays unconnected.</summary>
    public static IEnumerable<NetworkConfiguration> Pair(RunRequest request, IReadOnlyList<DeviceConfiguration> devices)
    {
        int card = 0;
        foreach (NetworkConfiguration backend in request.NetBackends)
        {
            if (backend.Id != null && devices.Any(d => d["netdev"] == backend.Id))
            {
                yield return backend;
                continue;
            }

            NetworkConfiguration? with = card < request.NetCards.Count ? request.NetCards[card++] : null;
            yield return backend with { Model = with?.Model ?? OwnCard, MacAddress = with?.MacAddress };
        }

        while (card < request.NetCards.Count)
        {
            yield return request.NetCards[card++];
        }
    }

    private static NetworkConfiguration Backend(string option, OptionList list)
    {
        string type = list.Take("type") ?? throw new UserErrorException($"-{option} needs a type; give for example -{option} stream,….");
        list.Ignore("name");
        switch (type)
        {
            case "stream":
                return Stream(option, list);
            case "socket":
                return SocketBackend(option, list);
            case "dgram":
                return Datagram(option, Address(list, "local"), Address(list, "remote"));
            case "none":
                return new();
            case "user":
                return UserNetworkOption.Parse(list);
        }

        throw new UserErrorException(Backends.Contains(type)
            ? $"Network backend '{type}' is not built yet; give user, stream, dgram or socket."
            : $"There is no network backend '{type}'{Suggestion.For(type, Backends)}; give user, stream, dgram or socket.");
    }

    // QEMU: -netdev stream,server=on,addr.type=inet,addr.host=H,addr.port=P | addr.type=unix,addr.path=P; ours also listen=H:P, connect=H:P, path=P.
    private static NetworkConfiguration Stream(string option, OptionList list)
    {
        bool server = list.TakeFlag("server", false);
        list.Ignore("reconnect", "reconnect-ms");
        string? listen = list.Take("listen");
        string? connect = list.Take("connect");
        string? address = Address(list, "addr");
        string? path = list.Take("path");
        address ??= path == null ? null : "unix:" + path;
        if (address != null)
        {
            (listen, connect) = server ? (address, connect) : (listen, address);
        }

        if ((listen == null) == (connect == null))
        {
            throw new UserErrorException($"-{option} stream needs one address; give listen=HOST:PORT or connect=HOST:PORT.");
        }

        return new()
        {
            Kind = NetworkBackendKind.Stream,
            Parameters = listen != null ? new Dictionary<string, string> { ["listen"] = listen } : new() { ["connect"] = connect! },
        };
    }

    private static NetworkConfiguration SocketBackend(string option, OptionList list)
    {
        string? udp = list.Take("udp");
        if (udp != null)
        {
            return Datagram(option, list.Take("localaddr"), udp);
        }

        if (list.Take("mcast") != null || list.Take("fd") != null)
        {
            throw new UserErrorException($"-{option} socket with mcast= or fd= is not built yet; give listen= or connect=.");
        }

        return Stream(option, list);
    }

    private static NetworkConfiguration Datagram(string option, string? local, string? remote)
        => local == null || remote == null
            ? throw new UserErrorException($"-{option} dgram needs both ends; give local.host=, local.port=, remote.host= and remote.port=.")
            : new() { Kind = NetworkBackendKind.Datagram, Parameters = new Dictionary<string, string> { ["local"] = local, ["remote"] = remote } };

    private static string? Address(OptionList list, string prefix)
    {
        string? type = list.Take(prefix + ".type");
        string? host = list.Take(prefix + ".host");
        string? port = list.Take(prefix + ".port");
        string? path = list.Take(prefix + ".path");
        list.Ignore(prefix + ".ipv4", prefix + ".ipv6");
        if (type == "unix" || path != null)
        {
            return path == null ? throw new UserErrorException($"{prefix}.type=unix needs a path; add {prefix}.path=PATH.") : "unix:" + path;
        }

        return port == null ? list.Take(prefix) : $"{host ?? "127.0.0.1"}:{port}";
    }

    private static string Model(string? model) => model switch
    {
        null => OwnCard,
        "virtio" => "virtio-net-pci",
        "ibmveth" => "spapr-vlan",
        _ => DeviceOption.Resolve(model) is "virtio-net-pci" or "spapr-vlan"
            ? DeviceOption.Resolve(model)
            : throw new UserErrorException($"'{model}' is not a network card; give model=virtio-net-pci."),
    };

    private static string? Mac(string? text)
    {
        if (text == null)
        {
            return null;
        }

        string[] parts = text.Split(':', '-');
        bool good = parts.Length == 6 && parts.All(static p => p.Length == 2 && p.All(char.IsAsciiHexDigit));
        return good ? string.Join(':', parts).ToLowerInvariant()
            : throw new UserErrorException($"'{text}' is not a network address; give six hexadecimal bytes, for example mac=52:54:00:12:34:56.");
    }
}
