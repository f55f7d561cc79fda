using System.Buffers;
using System.Text;
using Firmament.DeviceTree;

namespace Firmament.Firmware.Nvram;

/// <summary>
/// The configuration variables over an NVRAM. Each has the first of: what the user gave for this run (-prom-env), what NVRAM keeps, its default.
/// Whoever sets one in the guest overrules the user's choice for the rest of the run.
/// </summary>
/// <remarks>
/// Variables that the firmware does not know are kept as text, as `setenv` of IEEE 1275-1994 7.4.4.3 allows for names in `/options`. NVRAM is the only
/// state: `/options` mirrors it.
/// </remarks>
public sealed class ConfigurationVariables : IConfigurationVariables
{
    /// <summary>What every machine has. Source: IEEE 1275-1994 annex B and 7.4.4; PowerPC binding 2.1, 5.4.</summary>
    public static readonly IReadOnlyList<ConfigurationVariable> Standard =
    [
        new("auto-boot?", ConfigurationVariableKind.Flag, "true"),
        new("boot-command", ConfigurationVariableKind.Text, "boot"),
        new("boot-device", ConfigurationVariableKind.Text, "disk cdrom net"),
        new("boot-file", ConfigurationVariableKind.Text, ""),
        new("diag-device", ConfigurationVariableKind.Text, "net"),
        new("diag-file", ConfigurationVariableKind.Text, "diag"),
        new("diag-switch?", ConfigurationVariableKind.Flag, "false"),
        new("fcode-debug?", ConfigurationVariableKind.Flag, "false"),
        new("input-device", ConfigurationVariableKind.Text, ""),
        new("little-endian?", ConfigurationVariableKind.Flag, "false"),
        new("load-base", ConfigurationVariableKind.Number, "0x4000"),
        new("nvramrc", ConfigurationVariableKind.Script, ""),
        new("oem-banner", ConfigurationVariableKind.Text, ""),
        new("oem-banner?", ConfigurationVariableKind.Flag, "false"),
        new("output-device", ConfigurationVariableKind.Text, ""),
        new("real-base", ConfigurationVariableKind.Number, "-1"),
        new("real-mode?", ConfigurationVariableKind.Flag, "true"),
        new("real-size", ConfigurationVariableKind.Number, "-1"),
        new("screen-#columns", ConfigurationVariableKind.Number, "80"),
        new("screen-#rows", ConfigurationVariableKind.Number, "24"),
        new("selftest-#megs", ConfigurationVariableKind.Number, "0"),
        new("use-nvramrc?", ConfigurationVariableKind.Flag, "false"),
        new("virt-base", ConfigurationVariableKind.Number, "-1"),
        new("virt-size", ConfigurationVariableKind.Number, "-1"),
    ];

    private const int LongestName = 31;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" =\0\t\r\n/");

    private readonly INvram _nvram;
    private readonly DeviceNode _options;
    private readonly SortedDictionary<string, ConfigurationVariable> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _given;

    /// <summary>Reads the variables, and writes them all into <paramref name="options"/>.</summary>
    /// <param name="nvram">Where they are kept.</param>
    /// <param name="options">The node `/options`.</param>
    /// <param name="given">What the user gave for this run.</param>
    /// <param name="known">The variables of this machine.</param>
    public ConfigurationVariables(
        INvram nvram, DeviceNode options, IReadOnlyDictionary<string, string> given, IEnumerable<ConfigurationVariable> known)
    {
        _nvram = nvram;
        _options = options;
        _given = new Dictionary<string, string>(given, StringComparer.Ordinal);
        foreach (ConfigurationVariable variable in known)
        {
            _known[variable.Name] = variable;
        }

        SortedDictionary<string, string> kept = NvramPartitions.ReadVariables(nvram);
        foreach (string name in NamesIn(kept))
        {
            Show(name, kept);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => NamesIn(NvramPartitions.ReadVariables(_nvram));

    /// <inheritdoc/>
    public string? Get(string name) => Get(name, NvramPartitions.ReadVariables(_nvram));

    /// <inheritdoc/>
    public string? DefaultOf(string name) => _known.GetValueOrDefault(name)?.Default;

    /// <inheritdoc/>
    public bool TrySet(string name, string value)
    {
        bool isName = name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAny(NotInNames);
        if (!isName || _known.GetValueOrDefault(name)?.Accepts(value) == false || value.Contains('\0'))
        {
            return false;
        }

        SortedDictionary<string, string> kept = NvramPartitions.ReadVariables(_nvram);
        if (value == DefaultOf(name))
        {
            _ = kept.Remove(name);
        }
        else
        {
            kept[name] = value;
        }

        return TryKeep(name, kept);
    }

    /// <inheritdoc/>
    public bool TryReset(string name)
    {
        SortedDictionary<string, string> kept = NvramPartitions.ReadVariables(_nvram);
        bool exists = kept.Remove(name) | _given.ContainsKey(name) | _known.ContainsKey(name);
        return exists && TryKeep(name, kept);
    }

    private bool TryKeep(string name, SortedDictionary<string, string> kept)
    {
        if (!NvramPartitions.TryWriteVariables(_nvram, kept))
        {
            return false;
        }

        _ = _given.Remove(name);
        Show(name, kept);
        return true;
    }

    private string[] NamesIn(SortedDictionary<string, string> kept) =>
        [.. _known.Keys.Concat(kept.Keys).Concat(_given.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private string? Get(string name, SortedDictionary<string, string> kept) =>
        _given.TryGetValue(name, out string? value) || kept.TryGetValue(name, out value) ? value : DefaultOf(name);

    /// <summary>Encoded as text; a client that wants `screen-#rows` or `real-mode?` as a number reads what it can of it.</summary>
    private void Show(string name, SortedDictionary<string, string> kept)
    {
        if (Get(name, kept) is { } value)
        {
            _options.Set(name, Encoding.UTF8.GetBytes(value + "\0"));
        }
        else
        {
            _ = _options.RemoveProperty(name);
        }
    }
}
