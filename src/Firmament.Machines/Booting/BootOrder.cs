using Firmament.Core;

namespace Firmament.Machines.Booting;

/// <summary>The order of boot devices as QEMU's -boot has it, a letter each: c for disks, d for CDs, n for the network.</summary>
public static class BootOrder
{
    /// <summary>What a machine does whose user does not say.</summary>
    public const string Default = "cdn";

    /// <summary>The aliases of the devices, with blanks between them.</summary>
    /// <param name="order">The letters.</param>
    /// <param name="disk">What the machine's firmware calls its first disk.</param>
    /// <param name="cdrom">Its first CD.</param>
    /// <param name="network">Its first network card.</param>
    /// <exception cref="UserErrorException">A letter names no device.</exception>
    public static string Devices(string order, string disk = "disk", string cdrom = "cdrom", string network = "net") =>
        string.Join(' ', order.Distinct().Select(letter => letter switch
        {
            'c' => disk,
            'd' => cdrom,
            'n' => network,
            'a' or 'b' => throw new UserErrorException($"-boot {letter} asks for a floppy disk, and these machines have none; give c (disk), d (CD) or n (network)."),
            _ => throw new UserErrorException($"-boot has no device '{letter}'; give c (disk), d (CD), n (network), or several of them in order."),
        }));
}
