using System.Globalization;
using System.Numerics;
using Firmament.Core;
using Firmament.Devices.Display;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Cards;

/// <content>Display cards.</content>
internal sealed partial class CardSet
{
    private const int MostMegabytes = 256;

    /// <summary>The picture of the first display card that shows one, as a portable pixmap; null where there is none.</summary>
    public byte[]? ScreenDump() => _displays.Select(static display => display.Picture()).FirstOrDefault(static picture => picture != null)?.ToPpm();

    private BochsDisplay Display(DeviceConfiguration device)
    {
        BochsDisplayKind kind = device.Driver switch
        {
            "VGA" => BochsDisplayKind.Vga,
            "secondary-vga" => BochsDisplayKind.SecondaryVga,
            _ => BochsDisplayKind.BochsDisplay,
        };
        // QEMU names it in MiB for VGA, and as a size for bochs-display.
        uint megabytes = device["vgamem"] is { } size
            ? (uint)Number("vgamem", size.TrimEnd('M', 'm'), 1, MostMegabytes)
            : (uint)Number(device, "vgamem_mb", (int)(BochsDisplay.DefaultMemory >> 20), 1, MostMegabytes);
        if (!BitOperations.IsPow2(megabytes))
        {
            throw new UserErrorException($"{megabytes} MiB is no size for a display card's memory; give vgamem_mb= a power of two up to {MostMegabytes}.");
        }

        BochsDisplay display = new(
            NextName("display"), kind, _tracer, megabytes << 20, Number(device, "xres", 1280, 320, 4095), Number(device, "yres", 800, 200, 4095));
        _displays.Add(display);
        return display;
    }

    private static int Number(DeviceConfiguration device, string property, int standard, int least, int most) =>
        device[property] is { } text ? Number(property, text, least, most) : standard;

    private static int Number(string property, string text, int least, int most)
    {
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new UserErrorException($"'{text}' is no {property} of a display card; give {property}= a number from {least} to {most}.");
    }
}
