using System.Text;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;

namespace Firmament.Cli.Options;

/// <summary>What "-machine help" and the like print, in QEMU's form where programs read it.</summary>
internal static class HelpValues
{
    /// <summary>The list for an option whose value asks for it, or null.</summary>
    public static string? For(string option, string value)
    {
        if (value is not ("help" or "?"))
        {
            return null;
        }

        return option switch
        {
            "machine" => "Supported machines are:\n" + Lines(MachineKind.All.Select(static (kind, i) => $"{kind.Name,-20} {kind.Description}{(i == 0 ? " (default)" : "")}")),
            "cpu" => "Available CPUs:\n" + Lines(CpuModel.All.Select(static model => $"{model.Name,-20} {model.Description}")),
            "accel" => "Accelerators supported in QEMU binary:\ntcg\n",
            "device" => "Devices:\n" + Lines(DeviceOption.Names.Select(static n => $"name \"{n}\"")),
            "trace" or "d" => Lines(TraceOption.Names),
            "vga" => "none                 no graphic card\nstd                  standard VGA\n",
            "display" => "none\n",
            "netdev" or "net" or "nic" => "Available netdev backend types:\nuser\nstream\ndgram\nsocket\n",
            "chardev" => "Available chardev backend types:\n  stdio\n  null\n  file\n  socket\n  pty\n",
            "object" => "List of user creatable objects:\n  filter-dump\n  iothread\n  memory-backend-ram\n  rng-builtin\n  rng-random\n",
            _ => null,
        };
    }

    private static string Lines(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
