using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>
/// Brings a run line to one form before System.CommandLine sees it: every option as <c>--name=value</c> in one word. QEMU's options take the next
/// word whatever it looks like (<c>-append "---"</c>), with one dash or two.
/// </summary>
internal static class LineNormalizer
{
    /// <summary>The words after the command in canonical form.</summary>
    /// <param name="words">As the user typed them.</param>
    /// <param name="options">What the command takes.</param>
    /// <param name="files">Collects the words that are no options; null for a command that takes none.</param>
    /// <exception cref="UserErrorException">An option is unknown, or lacks its value, or has one too many.</exception>
    public static List<string> Normalize(IReadOnlyList<string> words, OptionSet options, List<string>? files = null)
    {
        List<string> result = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word is "-h" or "-help" or "--help" or "-?")
            {
                result.Add("--help");
                continue;
            }

            if (!word.StartsWith('-') || word.Length == 1)
            {
                if (files != null)
                {
                    files.Add(word);
                    continue;
                }

                throw new UserErrorException($"'{word}' is not an option, and {options.Command} takes nothing else; for a kernel give --kernel {word}, "
                    + $"for other options see firmament {options.Command} --help.");
            }

            string name = word.TrimStart('-');
            string? value = null;
            int equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                value = name[(equals + 1)..];
                name = name[..equals];
            }

            RunOption option = options.Find(name)
                ?? throw new UserErrorException($"There is no option '{(equals >= 0 ? word[..word.IndexOf('=', StringComparison.Ordinal)] : word)}'{Similar(name, options)}; see firmament {options.Command} --help.");
            if (option.ValueName == null)
            {
                result.Add(value == null
                    ? "--" + option.Name
                    : throw new UserErrorException($"Option '{option.Display}' takes no value; leave out '={value}'."));
                continue;
            }

            if (value == null)
            {
                value = ++i < words.Count
                    ? words[i]
                    : throw new UserErrorException($"Option '{word}' needs a value; give {word} {option.ValueName}.");
            }

            // System.CommandLine takes an empty value only as a word of its own.
            result.AddRange(value.Length == 0 ? ["--" + option.Name, ""] : [$"--{option.Name}={value}"]);
        }

        return result;
    }

    private static string Similar(string name, OptionSet options)
    {
        string? closest = Suggestion.Closest(name, options.All.SelectMany(static o => o.AllNames).Where(static n => n.Length > 1));
        return closest == null ? "" : $" (did you mean '--{closest}'?)";
    }
}
