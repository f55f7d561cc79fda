using System.Net;

namespace Firmament.Core.Backends.Host.UserNetwork;

/// <summary>The host's name server, from /etc/resolv.conf (resolv.conf(5)); read again when the file changes.</summary>
internal sealed class ResolverConfiguration(string path = "/etc/resolv.conf")
{
    private const int Port = 53;
    private const long MostBytes = 65536;

    private DateTime _read = DateTime.MinValue;
    private IPEndPoint? _nameServer;

    /// <summary>The first name server, or null when there is none.</summary>
    public IPEndPoint? NameServer
    {
        get
        {
            try
            {
                FileInfo file = new(path);
                if (file.Exists && file.LastWriteTimeUtc != _read && file.Length <= MostBytes)
                {
                    _read = file.LastWriteTimeUtc;
                    _nameServer = Find(File.ReadAllText(path));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What was read before still holds.
            }

            return _nameServer;
        }
    }

    /// <summary>The first usable nameserver line.</summary>
    internal static IPEndPoint? Find(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "nameserver" && IPAddress.TryParse(words[1], out IPAddress? address))
            {
                return new IPEndPoint(address, Port);
            }
        }

        return null;
    }
}
