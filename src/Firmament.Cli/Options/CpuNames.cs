using Firmament.Core;
using Firmament.Machines.Configuration;
using Firmament.PowerPC;
using Firmament.PowerPC.Isa;

namespace Firmament.Cli.Options;

/// <summary>CPU names as QEMU spells them, any case, with or without "_vN.N".</summary>
internal static class CpuNames
{
    // CPUs that QEMU has and a user may ask for; told apart from typing errors.
    private static readonly string[] NotBuilt = ["g3", "970", "970fx", "970mp", "750", "e500", "440", "power5+", "power10", "power11"];

    /// <summary>The models that can be built, for whichever machine.</summary>
    public static readonly string[] Built = [.. CpuModel.All.Select(static model => model.Name)];

    /// <summary>The models of one machine.</summary>
    public static IEnumerable<string> Of(string machine) => MachineKind.Find(machine) is { } kind
        ? CpuModel.All.Where(model => ((model.Features & CpuFeatures.Bits64) != 0) == kind.Is64Bit).Select(static model => model.Name)
        : [];

    // A newer chip in the older one's mode, as a server would give a partition that was moved to it.
    private static readonly Dictionary<string, string> StandIns = new() { ["power7"] = "power8", ["power7+"] = "power8" };

    /// <summary>Puts a CPU that has a stand-in into the mode of the one asked for, and says so.</summary>
    public static void NoteStandIn(RunRequest request)
    {
        if (request.Cpu is { } text && StandIns.TryGetValue(Plain(text), out string? other))
        {
            request.MachineProperties.TryAdd("max-cpu-compat", "power7");
            request.Notes.Add($"CPU '{text}' is not built; the guest has {other.ToUpperInvariant()} in POWER7 mode.");
        }
    }

    /// <summary>The canonical model, or null for the machine's own.</summary>
    /// <param name="text">What the user gave; null when nothing.</param>
    /// <param name="machine">The machine it is for.</param>
    /// <exception cref="UserErrorException">The name is unknown, not built, or another machine's.</exception>
    public static string? Resolve(string? text, string machine)
    {
        if (text == null)
        {
            return null;
        }

        string name = Plain(text);
        name = StandIns.GetValueOrDefault(name, name);
        string list = string.Join(", ", Of(machine));
        switch (name)
        {
            case "max" or "default":
                return null;
            case "host":
                throw new UserErrorException($"CPU 'host' needs KVM, which Firmament does not use; give one of --cpu {list} or leave --cpu out.");
        }

        if (CpuModel.Find(name) is { } model)
        {
            return Of(machine).Contains(model.Name)
                ? model.Name
                : throw new UserErrorException($"CPU '{text}' does not fit machine '{machine}'; its CPUs are {list}.");
        }

        throw new UserErrorException(NotBuilt.Contains(name)
            ? $"CPU '{text}' is not built yet; give one of --cpu {list}."
            : $"There is no CPU '{text}'{Suggestion.For(name, Built)}; the CPUs are {list}.");
    }

    private static string Plain(string text)
    {
        string name = text.Split(',')[0].ToLowerInvariant();
        int version = name.IndexOf("_v", StringComparison.Ordinal);
        return version > 0 ? name[..version] : name;
    }
}
