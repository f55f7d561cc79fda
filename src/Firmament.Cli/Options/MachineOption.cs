using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Options;

/// <summary>-machine NAME[,property=value…]; repeated ones merge.</summary>
internal static class MachineOption
{
    // Properties that every machine of QEMU's takes and that change nothing here.
    private static readonly string[] Harmless =
        ["usb", "graphics", "dump-guest-core", "mem-merge", "kernel-irqchip", "suppress-vmdesc", "smm", "memory-encryption", "memory-backend"];

    // QEMU's boards a user may ask for; told apart from typing errors.
    private static readonly string[] NotBuilt =
    [
        "powernv", "powernv8", "powernv9", "powernv10", "mac99", "g3beige", "40p", "bamboo", "ppce500", "mpc8544ds", "amigaone", "sam460ex",
        "ref405ep", "virtex-ml507", "none",
    ];

    /// <summary>The machines that can be built.</summary>
    public static IEnumerable<string> Built => MachineKind.All.Select(static kind => kind.Name);

    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("machine", text, "type");
        if (list.Take("type") is { Length: > 0 } name)
        {
            request.Machine = Resolve(name);
            request.HasMachine = true;
        }

        if (list.Take("accel") is { } accelerators)
        {
            request.Accelerators.AddRange(accelerators.Split(':'));
        }

        request.DumpDeviceTree = list.Take("dumpdtb") ?? request.DumpDeviceTree;
        list.Ignore(Harmless);
        foreach (string key in list.Keys.Where(static key => key is not ("type" or "accel" or "dumpdtb") && !Harmless.Contains(key)))
        {
            request.MachineProperties[key] = list.Take(key) ?? "";
        }
    }

    /// <summary>Checks a machine's name.</summary>
    /// <exception cref="UserErrorException">It is unknown or not built.</exception>
    public static string Resolve(string name)
    {
        // QEMU's versioned names say which of its defaults a guest was saved with; nothing here depends on that.
        const string Versioned = "pseries-";
        string plain = name.StartsWith(Versioned, StringComparison.Ordinal) ? Versioned[..^1] : name;
        if (Built.Contains(plain))
        {
            return plain;
        }

        string built = string.Join(", ", Built);
        if (NotBuilt.Contains(plain))
        {
            throw new UserErrorException($"Machine '{name}' is not built yet; give --machine with one of: {built}.");
        }

        throw new UserErrorException($"There is no machine '{name}'{Suggestion.For(name, Built.Concat(NotBuilt))}; the machines are: {built}.");
    }
}
