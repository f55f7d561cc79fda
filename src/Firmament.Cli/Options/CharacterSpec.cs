using System.Globalization;
using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>
/// A character backend as the user described it: <c>-serial SPEC</c> (stdio, null, file:P, unix:P,server, tcp:H:P, pty) or <c>-chardev KIND,id=…</c>.
/// </summary>
internal sealed record CharacterSpec(CharacterKind Kind)
{
    private static readonly string[] Kinds = ["stdio", "mon:stdio", "null", "none", "file:PATH", "unix:PATH", "tcp:HOST:PORT", "pty", "chardev:ID"];

    /// <summary>Unique name; "serial0" when the user gave none.</summary>
    public string Id { get; init; } = "";

    /// <summary>File or Unix socket path.</summary>
    public string? Path { get; init; }

    /// <summary>TCP host; empty listens on every address.</summary>
    public string Host { get; init; } = "";

    /// <summary>TCP port, 1 to 65535; 0 with a <see cref="Path"/>.</summary>
    public int Port { get; init; }

    /// <summary>Listens instead of connecting.</summary>
    public bool Server { get; init; }

    /// <summary>A server waits for its first client before the machine starts.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>A file is extended, not replaced.</summary>
    public bool Append { get; init; }

    /// <summary>Shared by several users, with Ctrl-A keys.</summary>
    public bool Mux { get; init; }

    /// <summary>Ctrl-C on the terminal ends the program instead of going to the guest.</summary>
    public bool Signal { get; init; } = true;

    /// <summary>Parses what follows -serial or -monitor, "mon:" and "chardev:" excluded.</summary>
    /// <exception cref="UserErrorException">Unknown, incomplete or not built.</exception>
    public static CharacterSpec Parse(string option, string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text.Split(',')[0] : text[..colon];
        string rest = colon < 0 ? "" : text[(colon + 1)..];
        switch (kind)
        {
            case "stdio":
                return new(CharacterKind.Stdio);
            case "null" or "none" or "vc":
                return new(CharacterKind.Null);
            case "pty":
                return new(CharacterKind.Pty);
            case "file":
                OptionList file = OptionList.Parse(option, rest, "path");
                return new(CharacterKind.File)
                {
                    Path = file.Take("path") is { Length: > 0 } path ? path : throw new UserErrorException($"-{option} file: needs a path; give -{option} file:PATH."),
                    Append = file.TakeFlag("append", false),
                };
            case "unix" or "tcp":
                return ParseSocket(option, kind, rest);
            case "telnet" or "websocket" or "udp" or "pipe" or "msmouse" or "braille" or "con":
                throw new UserErrorException($"-{option} {kind} is not built yet; give one of: {string.Join(", ", Kinds)}.");
        }

        if (text.StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new UserErrorException($"-{option} {text}: host terminals are not built yet; give one of: {string.Join(", ", Kinds)}.");
        }

        throw new UserErrorException($"There is no character backend '{kind}'{Suggestion.For(kind, ["stdio", "null", "file", "unix", "tcp", "pty", "chardev"])}; "
            + $"give one of: {string.Join(", ", Kinds)}.");
    }

    /// <summary>Parses -chardev KIND,id=ID,….</summary>
    /// <exception cref="UserErrorException">Unknown, incomplete or not built.</exception>
    public static CharacterSpec ParseChardev(string text)
    {
        OptionList list = OptionList.Parse("chardev", text, "backend");
        string kind = list.Take("backend") ?? "";
        string id = list.Take("id") is { Length: > 0 } given ? given : throw new UserErrorException($"-chardev {kind} needs a name; add id=NAME.");
        bool mux = list.TakeFlag("mux", false);
        list.Ignore("logfile", "logappend");
        CharacterSpec spec = kind switch
        {
            "stdio" => new(CharacterKind.Stdio) { Signal = list.TakeFlag("signal", true) },
            "null" or "vc" => new(CharacterKind.Null),
            "pty" => new(CharacterKind.Pty),
            "file" => new(CharacterKind.File)
            {
                Path = list.Take("path") is { Length: > 0 } path ? path : throw new UserErrorException("-chardev file needs a path; add path=PATH."),
                Append = list.TakeFlag("append", false),
            },
            "socket" => ChardevSocket(list),
            "ringbuf" or "udp" or "pipe" or "serial" or "tty" or "parallel" or "spicevmc" or "msmouse" or "braille" or "testdev" =>
                throw new UserErrorException($"-chardev {kind} is not built yet; give stdio, null, file, socket or pty."),
            _ => throw new UserErrorException($"There is no character backend '{kind}'{Suggestion.For(kind, ["stdio", "null", "file", "socket", "pty"])}; "
                + "give stdio, null, file, socket or pty."),
        };
        list.RefuseRest();
        return spec with { Id = id, Mux = mux };
    }

    private static CharacterSpec ParseSocket(string option, string kind, string rest)
    {
        OptionList list = OptionList.Parse(option, rest, "address");
        string address = list.Take("address") ?? "";
        bool server = list.TakeFlag("server", false);
        bool wait = list.TakeFlag("wait", true);
        list.Ignore("nodelay", "delay", "reconnect", "ipv4", "ipv6", "to");
        list.RefuseRest();
        CharacterSpec spec = new(CharacterKind.Socket) { Server = server, Wait = wait };
        if (kind == "unix")
        {
            return address.Length == 0 ? throw new UserErrorException($"-{option} unix: needs a path; give -{option} unix:PATH,server=on.") : spec with { Path = address };
        }

        int colon = address.LastIndexOf(':');
        return colon < 0
            ? throw new UserErrorException($"'{address}' lacks a port; give -{option} tcp:HOST:PORT.")
            : spec with { Host = address[..colon].Trim('[', ']'), Port = ParsePort(address[(colon + 1)..]) };
    }

    private static CharacterSpec ChardevSocket(OptionList list)
    {
        string? path = list.Take("path");
        string? port = list.Take("port");
        CharacterSpec spec = new(CharacterKind.Socket)
        {
            Server = list.TakeFlag("server", false),
            Wait = list.TakeFlag("wait", true),
            Host = list.Take("host") ?? "",
            Path = path,
        };
        list.Ignore("nodelay", "delay", "reconnect", "ipv4", "ipv6", "to", "abstract", "tight");
        if (list.TakeFlag("telnet", false) || list.TakeFlag("websocket", false) || list.Take("tls-creds") != null || list.Take("fd") != null)
        {
            throw new UserErrorException("-chardev socket with telnet, websocket, tls-creds or fd is not built yet; give a plain socket.");
        }

        return path != null ? spec
            : port != null ? spec with { Port = ParsePort(port) }
            : throw new UserErrorException("-chardev socket needs an address; add path=PATH, or host=HOST and port=PORT.");
    }

    private static int ParsePort(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? port
            : throw new UserErrorException($"'{text}' is not a port; give a number from 1 to 65535.");
}
