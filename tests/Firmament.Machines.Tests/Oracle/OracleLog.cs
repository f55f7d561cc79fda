using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Firmament.Machines.Tests.Oracle;

/// <summary>Reads the client-interface trace that QEMU's Virtual Open Firmware wrote, into the form of <see cref="ClientCalls"/>.</summary>
internal static partial class OracleLog
{
    public static List<string> Read(string path)
    {
        // Console text in it has line ends of its own, and other output of QEMU stands between: an entry begins with "vof_".
        string log = File.ReadAllText(path, Encoding.Latin1);
        Dictionary<string, string> packages = [];
        foreach (Match match in PackagePath().Matches(log))
        {
            packages[match.Groups[1].Value] = match.Groups[2].Value;
        }

        Dictionary<string, string> instances = [];
        foreach (Match match in Opened().Matches(log))
        {
            instances[match.Groups[2].Value] = match.Groups[1].Value;
        }

        List<string> calls = [];
        foreach (string entry in Entry().Split(log))
        {
            Match match = Call().Match(entry);
            if (match.Success && match.Groups["service"].Value is not ("claimed" or "avail"))
            {
                calls.Add(Describe(match.Groups["service"].Value, match.Groups["rest"].Value, packages, instances));
            }
        }

        return calls;
    }

    private static string Describe(string service, string rest, Dictionary<string, string> packages, Dictionary<string, string> instances)
    {
        string package = packages.GetValueOrDefault(Find(rest, @"ph=(0x\w+)"), "?");
        string instance = instances.GetValueOrDefault(Find(rest, @"ih=(0x\w+)"), "?");
        string name = Find(rest, "\"(.*?)\"");
        return service switch
        {
            "finddevice" => $"finddevice \"{name}\"",
            "getprop" or "getproplen" => $"{service} {package} \"{name}\"",
            "setprop" => $"setprop {package} \"{name}\" {Find(rest, @"\[(.*)\] len=").ToLowerInvariant()}",
            "package_to_path" => $"package-to-path {package}",
            "instance_to_path" => $"instance-to-path {instance}",
            "instance_to_package" => $"instance-to-package {instance}",
            "open" => $"open {rest.Split(' ')[0]}",
            "claim" => $"claim {Find(rest, @"virt=(0x\w+)")} {Find(rest, @"size=(0x\w+)")} align {Find(rest, @"align=(0x\w+)")}",
            "write" => $"write \"{ClientCalls.Visible(Written(rest))}\"",
            _ => service,
        };
    }

    private static string Find(string text, string pattern) => Regex.Match(text, pattern) is { Success: true } match ? match.Groups[1].Value : "";

    private static string Written(string rest)
    {
        int length = int.Parse(Find(rest, @"\[([0-9]+)\]"), CultureInfo.InvariantCulture);
        return rest.Substring(rest.IndexOf('"', StringComparison.Ordinal) + 1, length);
    }

    [GeneratedRegex("^(?=vof_)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^vof_(?<service>\w+) (?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex(@"vof_package_to_path ph=(0x\w+) => (\S+)")]
    private static partial Regex PackagePath();

    [GeneratedRegex(@"vof_open (\S+) ph=\S+ => ih=(0x\w+)")]
    private static partial Regex Opened();
}
