using System.Text;
using Firmament.Core.Internet;
using Firmament.DeviceTree;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Network;

/// <summary>Finds what to boot from a network: an address by DHCP or from the device's arguments, then a file on a TFTP server.</summary>
/// <remarks>
/// It tells clients in `/chosen` how the address came: `bootp-response` and `dhcp-response` are the server's message, `bootpreply-packet` the frame with
/// it, `client-ip`, `server-ip`, `gateway-ip` and `netmask-ip` the addresses in use.
/// </remarks>
internal sealed class NetworkBoot(OpenFirmware firmware, INetworkDriver driver)
{
    private readonly InternetHost _host = new(new PolledCard(driver, firmware.Platform));

    private IFirmwareConsole Console => firmware.Platform.Console;

    /// <summary>Gets an address and looks for the file. Null when there is none; the console then says why.</summary>
    /// <param name="deviceArguments">What follows ":" of the device, or null.</param>
    /// <param name="file">The file to read in place of the one DHCP names, or null.</param>
    public NetworkProgram? Find(string? deviceArguments, string? file)
    {
        if (!NetworkArguments.TryParse(deviceArguments, out NetworkArguments? arguments, out string? wrong))
        {
            Say($"net: \"{wrong}\" is no IPv4 address or number");
            return null;
        }

        arguments = arguments with { File = arguments.File ?? NetworkArguments.FileName(file) };
        if (arguments.Client == 0)
        {
            if (Ask(arguments) is not { } reply)
            {
                return null;
            }

            arguments = Complete(arguments, reply);
            PublishReply(reply);
            Say($"{(reply.Kind == DhcpKind.None ? "BOOTP" : "DHCP")}: {Ipv4Address.ToText(reply.Address)} from {Ipv4Address.ToText(reply.Server)}, file {arguments.File ?? "none"}");
        }
        else
        {
            arguments = arguments with { Mask = arguments.Mask != 0 ? arguments.Mask : DefaultMask(arguments.Client) };
            PublishReply(null);
        }

        _host.Configure(arguments.Client, arguments.Mask, arguments.Gateway);
        PublishAddresses(arguments);
        return Probe(arguments);
    }

    /// <summary>Writes a line to the console.</summary>
    public void Say(string text) => Console.Write(Encoding.Latin1.GetBytes(text + "\r\n"));

    /// <summary>Reads a file.</summary>
    public TftpResult Read(NetworkArguments arguments, ITftpSink sink) =>
        new TftpTransfer(_host, arguments.Server, arguments.File ?? "", arguments.BlockSize, arguments.TftpRetries, sink).Run();

    private static NetworkArguments Complete(NetworkArguments arguments, BootpReply reply)
    {
        uint mask = arguments.Mask != 0 ? arguments.Mask : reply.Mask;
        return arguments with
        {
            Server = arguments.Server != 0 ? arguments.Server : reply.FileServer != 0 ? reply.FileServer : reply.Server,
            File = arguments.File ?? reply.File,
            Client = reply.Address,
            Gateway = arguments.Gateway != 0 ? arguments.Gateway : reply.Gateway,
            Mask = mask != 0 ? mask : DefaultMask(reply.Address),
        };
    }

    // Classes A, B and C of RFC 791.
    private static uint DefaultMask(uint address) => (address >> 30) switch
    {
        0 or 1 => 0xff00_0000,
        2 => 0xffff_0000,
        _ => 0xffff_ff00,
    };

    private BootpReply? Ask(NetworkArguments arguments)
    {
        DeviceNode root = firmware.Tree.Root;
        string className = root.GetString("compatible") ?? root.GetString("name") ?? "chrp";
        BootpReply? reply = new DhcpClient(_host, className).Acquire(arguments.IsBootp, arguments.File == null, arguments.BootpRetries);
        if (reply == null)
        {
            Say(_host.IsStopped ? "net: interrupted" : arguments.IsBootp ? "BOOTP: no answer" : "DHCP: no answer");
        }

        return reply;
    }

    private NetworkProgram? Probe(NetworkArguments arguments)
    {
        if (arguments.File == null || arguments.File.Length > TftpMessage.LongestName)
        {
            Say(arguments.File == null ? "net: no file to boot; name one, as in net:,file" : "TFTP: the file's name is too long");
            return null;
        }

        if (arguments.Server == 0)
        {
            Say("net: no server; name one, as in net:10.0.2.2,file");
            return null;
        }

        TftpResult result = Read(arguments, new SizeProbe());
        if (result.Status != TftpStatus.Declined)
        {
            Say($"TFTP: {arguments.File} from {Ipv4Address.ToText(arguments.Server)}: {(result.Status == TftpStatus.Stopped ? "interrupted" : result.Message)}");
            return null;
        }

        return new NetworkProgram(this, driver, Console, arguments, result.Length) { DeviceArguments = arguments.ToString() };
    }

    private void PublishReply(BootpReply? reply)
    {
        Set("bootp-response", reply?.Message);
        Set("dhcp-response", reply?.Kind == DhcpKind.None ? null : reply?.Message);
        Set("bootpreply-packet", reply?.Frame);
    }

    private void PublishAddresses(NetworkArguments arguments)
    {
        Set("client-ip", arguments.Client);
        Set("server-ip", arguments.Server);
        Set("gateway-ip", arguments.Gateway);
        Set("netmask-ip", arguments.Mask);
    }

    private void Set(string property, uint address) =>
        Set(property, [(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);

    private void Set(string property, byte[]? value)
    {
        DeviceNode? chosen = firmware.Tree.Root.Child("chosen");
        if (value == null)
        {
            chosen?.RemoveProperty(property);
        }
        else
        {
            // A guest that filled the tree to its limit goes without.
            chosen?.TrySet(Encoding.Latin1.GetBytes(property), value);
        }
    }
}
