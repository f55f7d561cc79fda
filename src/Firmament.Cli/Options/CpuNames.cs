using Firmament.Core;
using Firmament.PowerPC;

namespace Firmament.Cli.Options;

/// <summary>CPU names as QEMU spells them, any case, with or without "_vN.N".</summary>
internal static class CpuNames
{
    /// <summary>The models that can be built.</summary>
    public static readonly string[] Built = [.. CpuModel.All.Select(static model => model.Name)];

    /// <summary>The canonical model, or null for the machine's own.</summary>
    /// <exception cref="UserErrorException">The name is unknown or not built.</exception>
    public static string? Resolve(string text)
    {
        string name = text.Split(',')[0].ToLowerInvariant();
        int version = name.IndexOf("_v", StringComparison.Ordinal);
        name = version > 0 ? name[..version] : name;
        switch (name)
        {
            case "max" or "default":
                return null;
            case "host":
                throw new UserErrorException("CPU 'host' needs KVM, which Firmament does not use; give --cpu 7447a or leave --cpu out.");
        }

        if (Built.Contains(name))
        {
            return name;
        }

        if (name.StartsWith("power", StringComparison.Ordinal) || name is "g3" or "970" or "970fx" or "970mp" or "750" or "e500" or "440")
        {
            throw new UserErrorException($"CPU '{text}' is not built yet; give one of --cpu {string.Join(", ", Built)}.");
        }

        throw new UserErrorException($"There is no CPU '{text}'{Suggestion.For(name, Built)}; the CPUs are {string.Join(", ", Built)}.");
    }
}
