using System.Net;
using System.Net.Sockets;
using Firmament.Cli.Characters;
using Firmament.Cli.Options;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Core.Backends.Host;
using Firmament.Core.Backends.Host.UserNetwork;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Network;

/// <summary>Opens the host side of a network card.</summary>
internal static class NetworkOpener
{
    /// <exception cref="UserErrorException">The address is bad, in use, or nobody answers.</exception>
    public static INetworkBackend? Open(NetworkConfiguration network)
    {
        try
        {
            return Create(network);
        }
        catch (BackendException e)
        {
            throw UserNetworkOption.Sentence(e);
        }
    }

    private static INetworkBackend? Create(NetworkConfiguration network)
    {
        switch (network.Kind)
        {
            case NetworkBackendKind.Stream when network.Parameters.TryGetValue("listen", out string? listen):
                EndPoint at = SocketAddresses.Parse(listen.StartsWith(':') ? "127.0.0.1" + listen : listen);
                return StreamNetworkBackend.Listen(at);
            case NetworkBackendKind.Stream:
                return StreamNetworkBackend.Connect(SocketAddresses.Parse(network.Parameters["connect"]));
            case NetworkBackendKind.User:
                return new UserNetworkBackend(UserNetworkOptions.Parse(network.Parameters));
            case NetworkBackendKind.Datagram:
                return OpenDatagram(network.Parameters["local"], network.Parameters["remote"]);
            default:
                return null;
        }
    }

    private static DatagramConnection OpenDatagram(string local, string remote)
    {
        EndPoint here = SocketAddresses.Parse(local);
        EndPoint there = SocketAddresses.Parse(remote);
        Socket socket = SocketAddresses.Create(here, SocketType.Dgram);
        try
        {
            socket.Bind(here);
            return new(socket, there);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new UserErrorException($"{local} cannot be used ({e.Message.TrimEnd('.')}); give another local address.", e);
        }
    }
}
