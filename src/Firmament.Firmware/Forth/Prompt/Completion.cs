using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Prompt;

/// <summary>What TAB adds: the rest of a device path, of an alias, of a configuration variable's name or of a word.</summary>
internal sealed class Completion(ForthEngine forth)
{
    private const int MostChoices = 200;

    /// <summary>Completes a word.</summary>
    /// <param name="before">The line in front of it.</param>
    /// <param name="word">As much of it as was typed.</param>
    /// <param name="choices">What it could be.</param>
    /// <returns>What to insert; "" when nothing is certain.</returns>
    public string Complete(string before, string word, out IReadOnlyList<string> choices)
    {
        bool isPath = word.Contains('/', StringComparison.Ordinal);
        List<string> found = isPath ? Paths(word) : Names(before.Trim(), word);
        found.Sort(StringComparer.Ordinal);
        choices = found.Count > MostChoices ? found[..MostChoices] : found;
        int start = isPath ? word.Length - word.LastIndexOf('/') - 1 : word.Length;
        if (found.Count == 0)
        {
            return "";
        }

        string common = found[0];
        foreach (string name in found)
        {
            int same = 0;
            while (same < Math.Min(common.Length, name.Length) && common[same] == name[same])
            {
                same++;
            }

            common = common[..same];
        }

        string rest = common.Length > start ? common[start..] : "";
        return found.Count > 1 ? rest : rest + (isPath ? "" : " ");
    }

    private List<string> Paths(string word)
    {
        int slash = word.LastIndexOf('/');
        DeviceNode? parent = slash == 0 ? forth.Firmware.Tree.Root : forth.Firmware.Tree.Find(word[..slash]);
        string prefix = word[(slash + 1)..];
        return parent == null ? [] : [.. parent.Children.Select(static child => child.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Distinct()];
    }

    private List<string> Names(string before, string word)
    {
        string command = before.Split(' ')[^1];
        IEnumerable<string> names = command switch
        {
            "setenv" or "printenv" or "set-default" => forth.Firmware.Variables?.Names ?? [],
            "dev" or "boot" or "load" or "devalias" or "nvunalias" => Aliases(),
            _ => Words(),
        };
        return [.. names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Distinct()];
    }

    private IEnumerable<string> Aliases() =>
        forth.Firmware.Tree.Root.Child("aliases")?.Properties.Select(static property => property.Name).Where(static name => name != "name") ?? [];

    private IEnumerable<string> Words()
    {
        foreach (int list in forth.Dictionary.SearchOrder.ToArray())
        {
            foreach ((string name, int _) in forth.Dictionary.List(list).Words)
            {
                yield return name;
            }
        }
    }
}
