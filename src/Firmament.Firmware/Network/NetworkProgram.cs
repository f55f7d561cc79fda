using System.Text;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Drivers;

namespace Firmament.Firmware.Network;

/// <summary>A file on a TFTP server.</summary>
internal sealed class NetworkProgram(NetworkBoot boot, INetworkDriver driver, IFirmwareConsole console, NetworkArguments arguments, long length) : BootProgram
{
    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Load(GuestAddressSpace space, ulong address, long room)
    {
        // Whoever found the program may have closed the device since.
        if (!driver.TryStart())
        {
            return -1;
        }

        console.Write(Encoding.Latin1.GetBytes($"TFTP: {arguments.File}"));
        TftpResult result = boot.Read(arguments, new MemorySink(space, address, room, console));
        driver.Stop();
        boot.Say(result.Status switch
        {
            TftpStatus.Complete => $", {result.Length} bytes",
            TftpStatus.Declined => ": does not fit into memory",
            TftpStatus.Stopped => ": interrupted",
            _ => $": {result.Message}",
        });
        return result.Status == TftpStatus.Complete ? result.Length : -1;
    }
}
