using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-machine NAME[,property=value…]; repeated ones merge.</summary>
internal static class MachineOption
{
    // QEMU's boards a user may ask for; told apart from typing errors.
    private static readonly string[] NotBuilt =
    [
        "pseries", "powernv", "powernv8", "powernv9", "powernv10", "mac99", "g3beige", "40p", "bamboo", "ppce500", "mpc8544ds", "amigaone", "sam460ex",
        "ref405ep", "virtex-ml507", "none",
    ];

    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("machine", text, "type");
        if (list.Take("type") is { Length: > 0 } name)
        {
            request.Machine = Resolve(name);
        }

        if (list.Take("accel") is { } accelerators)
        {
            request.Accelerators.AddRange(accelerators.Split(':'));
        }

        request.DumpDeviceTree = list.Take("dumpdtb") ?? request.DumpDeviceTree;
        list.Ignore("usb", "graphics", "dump-guest-core", "mem-merge", "kernel-irqchip", "suppress-vmdesc", "smm", "memory-encryption");
        foreach (string key in list.Keys)
        {
            if (key is not ("type" or "accel" or "dumpdtb" or "usb" or "graphics" or "dump-guest-core" or "mem-merge" or "kernel-irqchip"))
            {
                throw new UserErrorException($"Property '{request.Machine}-machine.{key}' not found; leave out '{key}=', which this machine does not have.");
            }
        }
    }

    /// <summary>Checks a machine's name.</summary>
    /// <exception cref="UserErrorException">It is unknown or not built.</exception>
    public static string Resolve(string name)
    {
        if (MachineNames.All.Contains(name))
        {
            return name;
        }

        string built = string.Join(", ", MachineNames.All);
        if (NotBuilt.Contains(name) || name.StartsWith("pseries-", StringComparison.Ordinal))
        {
            throw new UserErrorException($"Machine '{name}' is not built yet; give --machine with one of: {built}.");
        }

        throw new UserErrorException($"There is no machine '{name}'{Suggestion.For(name, MachineNames.All.Concat(NotBuilt))}; the machines are: {built}.");
    }
}
