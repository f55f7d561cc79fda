using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firmament.Core.Backends.Host;

/// <summary>
/// Where an NBD export is: <c>nbd://HOST[:PORT]/EXPORT</c>, <c>nbd+unix:///EXPORT?socket=PATH</c>, and QEMU's older <c>nbd:HOST:PORT[:exportname=E]</c> and
/// <c>nbd:unix:PATH[:exportname=E]</c>. Source: the NBD project's uri.md.
/// </summary>
/// <param name="EndPoint">The server.</param>
/// <param name="Export">The export's name; "" is the server's default.</param>
public sealed record NbdAddress(EndPoint EndPoint, string Export)
{
    /// <summary>The port of NBD.</summary>
    public const int DefaultPort = 10809;

    private const int LongestPath = 103;
    private const int LongestExport = 4096;

    /// <summary>True for a name that means an NBD export and no file.</summary>
    public static bool IsNbd(string text) =>
        text.StartsWith("nbd:", StringComparison.Ordinal) || text.StartsWith("nbd+unix:", StringComparison.Ordinal) || text.StartsWith("nbds", StringComparison.Ordinal) && text.Contains("://", StringComparison.Ordinal);

    /// <summary>Reads an address.</summary>
    /// <exception cref="BackendException">It is malformed, or asks for TLS.</exception>
    public static NbdAddress Parse(string text)
    {
        if (text.StartsWith("nbds", StringComparison.Ordinal))
        {
            throw new BackendException($"disk '{text}' asks for encryption (TLS), which is not built; give nbd:// and a server without it");
        }

        NbdAddress address = text.StartsWith("nbd+unix:", StringComparison.Ordinal) ? ParseUnix(text)
            : text.StartsWith("nbd://", StringComparison.Ordinal) ? ParseHost(text)
            : ParseOld(text);
        return Encoding.UTF8.GetByteCount(address.Export) <= LongestExport ? address : throw Malformed(text);
    }

    private static NbdAddress ParseUnix(string text)
    {
        const string Prefix = "nbd+unix://";
        int query = text.IndexOf('?', StringComparison.Ordinal);
        if (!text.StartsWith(Prefix + "/", StringComparison.Ordinal) || query < 0)
        {
            throw Malformed(text);
        }

        string? socket = text[(query + 1)..].Split('&').FirstOrDefault(static part => part.StartsWith("socket=", StringComparison.Ordinal))?["socket=".Length..];
        return new(Unix(text, Uri.UnescapeDataString(socket ?? "")), Uri.UnescapeDataString(text[(Prefix.Length + 1)..query]));
    }

    private static NbdAddress ParseHost(string text)
    {
        string rest = text["nbd://".Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        string export = slash < 0 ? "" : rest[(slash + 1)..].Split('?')[0];
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']');
        string host = hasPort ? authority[..colon] : authority;
        return new(Host(text, host.Trim('[', ']'), hasPort ? authority[(colon + 1)..] : "10809"), Uri.UnescapeDataString(export));
    }

    private static NbdAddress ParseOld(string text)
    {
        const string Mark = ":exportname=";
        string rest = text["nbd:".Length..];
        int at = rest.IndexOf(Mark, StringComparison.Ordinal);
        string export = at < 0 ? "" : rest[(at + Mark.Length)..];
        rest = at < 0 ? rest : rest[..at];
        if (rest.StartsWith("unix:", StringComparison.Ordinal))
        {
            return new(Unix(text, rest["unix:".Length..]), export);
        }

        int colon = rest.LastIndexOf(':');
        return colon < 0 ? throw Malformed(text) : new(Host(text, rest[..colon].Trim('[', ']'), rest[(colon + 1)..]), export);
    }

    private static UnixDomainSocketEndPoint Unix(string text, string path) =>
        Encoding.UTF8.GetByteCount(path) is > 0 and <= LongestPath ? new(path) : throw Malformed(text);

    private static EndPoint Host(string text, string host, string port)
    {
        if (host.Length == 0 || !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65535)
        {
            throw Malformed(text);
        }

        return IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, number) : new DnsEndPoint(host, number);
    }

    private static BackendException Malformed(string text) =>
        new($"'{text}' is no NBD address; give nbd://HOST:PORT/EXPORT, nbd:unix:PATH or nbd+unix:///EXPORT?socket=PATH");
}
