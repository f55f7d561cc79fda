using System.Globalization;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>What the firmware says of itself and the machine (IEEE 1275-1994 7.4.1).</summary>
internal static class Banner
{
    public static string Title => "Firmament Open Firmware";

    public static void Show(ForthEngine f)
    {
        DeviceNode root = f.Firmware.Tree.Root;
        f.Output.Line(Title);
        string model = root.GetString("model") ?? root.GetString("name") ?? "";
        if (model.Length > 0)
        {
            f.Output.Line(model);
        }

        int processors = f.Firmware.Platform.Processors.Count;
        string cpus = processors == 1 ? "1 CPU" : string.Create(CultureInfo.InvariantCulture, $"{processors} CPUs");
        f.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{cpus}, {f.Firmware.Platform.Ram.Size >> 20} MiB of memory"));
        if (NodeWords.FindMac(f.Firmware.Tree) is { Length: >= 6 } mac)
        {
            byte[] address = mac.Span[^6..].ToArray();
            f.Output.Line("MAC address " + string.Join(':', address.Select(static octet => octet.ToString("x2", CultureInfo.InvariantCulture))));
        }
    }
}
