using Firmament.Core;
using Firmament.Machines.Booting;

namespace Firmament.Cli.Options;

/// <summary>QEMU's -boot: the order of devices when there is no kernel. <c>d</c>, <c>order=cdn</c>, <c>order=c,once=d,menu=on</c>.</summary>
internal static class BootOption
{
    /// <summary>Takes the option.</summary>
    /// <exception cref="UserErrorException">A letter names no device, or there is no such parameter.</exception>
    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("boot", text, "order");
        string? once = list.Take("once");
        string? order = once ?? list.Take("order");

        // There is no menu and no picture to show, and the prompt is what comes when nothing boots.
        list.Ignore("order", "menu", "splash", "splash-time", "reboot-timeout", "strict");
        list.RefuseRest();
        if (order != null)
        {
            _ = BootOrder.Devices(order);
            request.BootOrder = order;
        }
    }
}
