using System.Globalization;
using System.Text;
using Firmament.Cli.Options;

namespace Firmament.Cli.Commands;

/// <summary>Shell completions, written from the option tables.</summary>
internal static class CompletionScripts
{
    /// <summary>The commands a user types first.</summary>
    public static readonly string[] CommandNames = ["run", "boot", "demo", "dt", "trace", "completion", "version"];

    /// <summary>The shells.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>The script for a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash(),
        "zsh" => Zsh(),
        _ => Fish(),
    };

    private static string Bash()
    {
        StringBuilder text = new();
        text.Append("# bash completion for firmament\n_firmament() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n");
        text.Append(CultureInfo.InvariantCulture, $"  if (( COMP_CWORD == 1 )); then COMPREPLY=($(compgen -W '{string.Join(' ', CommandNames)} --help' -- \"$word\")); return; fi\n");
        text.Append(CultureInfo.InvariantCulture, $"  if [[ $command == completion ]]; then COMPREPLY=($(compgen -W '{string.Join(' ', Shells)}' -- \"$word\")); return; fi\n");
        text.Append(CultureInfo.InvariantCulture, $"  if [[ $command == trace ]] && (( COMP_CWORD == 2 )); then COMPREPLY=($(compgen -W '{string.Join(' ', TraceCommand.Names)}' -- \"$word\")); return; fi\n");
        text.Append("  case $before in\n");
        foreach (RunOption option in Union().Where(static o => o.Values.Length != 0 || o.IsPath))
        {
            string pattern = string.Join('|', option.AllNames.SelectMany(static n => new[] { "--" + n, "-" + n }));
            string reply = option.IsPath ? "compgen -f -- \"$word\"" : $"compgen -W '{string.Join(' ', option.Values)}' -- \"$word\"";
            text.Append(CultureInfo.InvariantCulture, $"    {pattern}) COMPREPLY=($({reply})); return ;;\n");
        }

        text.Append("  esac\n  case $command in\n");
        text.Append(CultureInfo.InvariantCulture, $"    dt) COMPREPLY=($(compgen -W '{Names(RunOptions.DeviceTree)}' -- \"$word\")) ;;\n");
        text.Append("    trace) case ${COMP_WORDS[2]} in\n");
        foreach ((string name, OptionSet options) in TraceCommand.Sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"      {name}) COMPREPLY=($(compgen -W '{Names(options)}' -- \"$word\") $(compgen -f -- \"$word\")) ;;\n");
        }

        text.Append("    esac ;;\n");
        text.Append(CultureInfo.InvariantCulture, $"    *) COMPREPLY=($(compgen -W '{Names(RunOptions.Run)}' -- \"$word\")) ;;\n");
        return text.Append("  esac\n}\ncomplete -o default -F _firmament firmament qemu-system-ppc\n").ToString();
    }

    private static string Zsh()
    {
        StringBuilder text = new();
        text.Append("#compdef firmament qemu-system-ppc\n# zsh completion for firmament\n_firmament() {\n");
        text.Append(CultureInfo.InvariantCulture, $"  if (( CURRENT == 2 )); then compadd -- {string.Join(' ', CommandNames)} --help; return; fi\n");
        text.Append("  case $words[2] in\n");
        text.Append(CultureInfo.InvariantCulture, $"    completion) compadd -- {string.Join(' ', Shells)} ;;\n    dt) _arguments -S \\\n{ZshArguments(RunOptions.DeviceTree)} ;;\n");
        text.Append(CultureInfo.InvariantCulture, $"    trace) if (( CURRENT == 3 )); then compadd -- {string.Join(' ', TraceCommand.Names)}; return; fi\n      case $words[3] in\n");
        foreach ((string name, OptionSet options) in TraceCommand.Sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"      {name}) _arguments -S '*:trace:_files'{(options.All.Count == 0 ? "" : " \\\n")}{ZshArguments(options)} ;;\n");
        }

        text.Append("      esac ;;\n");
        text.Append(CultureInfo.InvariantCulture, $"    *) _arguments -S \\\n{ZshArguments(RunOptions.Run)} ;;\n");
        return text.Append("  esac\n}\n_firmament \"$@\"\n").ToString();
    }

    private static string ZshArguments(OptionSet options)
        => string.Join(" \\\n", options.All.Select(static o => $"      '*{Dashed(o)}[{Plain(o.Help)}]{ZshValue(o)}'"));

    private static string ZshValue(RunOption option)
        => option.ValueName == null ? ""
            : option.IsPath ? $":{option.ValueName}:_files"
            : option.Values.Length != 0 ? $":{option.ValueName}:({string.Join(' ', option.Values.Select(static v => v.Replace(":", "\\:", StringComparison.Ordinal)))})"
            : $":{option.ValueName}: ";

    private static string Fish()
    {
        StringBuilder text = new("# fish completion for firmament\ncomplete -c firmament -n __fish_use_subcommand -f\n");
        foreach (string command in CommandNames)
        {
            text.Append(CultureInfo.InvariantCulture, $"complete -c firmament -n __fish_use_subcommand -a {command}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"complete -c firmament -n '__fish_seen_subcommand_from completion' -f -a '{string.Join(' ', Shells)}'\n");
        FishOptions(text, RunOptions.Run, "run boot demo");
        text.Append(CultureInfo.InvariantCulture, $"complete -c firmament -n '__fish_seen_subcommand_from boot' -f -a '{string.Join(' ', BootCommand.Systems)}'\n");
        FishOptions(text, RunOptions.DeviceTree, "dt");
        text.Append(CultureInfo.InvariantCulture,
            $"complete -c firmament -n '__fish_seen_subcommand_from trace; and not __fish_seen_subcommand_from {string.Join(' ', TraceCommand.Names)}' -f -a '{string.Join(' ', TraceCommand.Names)}'\n");
        foreach ((string name, OptionSet options) in TraceCommand.Sets)
        {
            FishOptions(text, options, name);
        }

        return text.ToString();
    }

    private static void FishOptions(StringBuilder text, OptionSet options, string commands)
    {
        foreach (RunOption option in options.All)
        {
            string flag = option.Group == OptionGroup.Qemu || option.Name.Length == 1 ? "-o" : "-l";
            string value = option.ValueName == null ? "" : option.IsPath ? " -r -F" : $" -x -a '{string.Join(' ', option.Values)}'";
            text.Append(CultureInfo.InvariantCulture,
                $"complete -c firmament -n '__fish_seen_subcommand_from {commands}' {flag} {option.Name}{value} -d '{Plain(option.Help)}'\n");
        }
    }

    private static IEnumerable<RunOption> Union() => RunOptions.Run.All.Concat(RunOptions.DeviceTree.All.Where(static o => o.Group == OptionGroup.Tree))
        .Concat(TraceCommand.Sets.SelectMany(static entry => entry.Options.All)).DistinctBy(static o => o.Name);

    private static string Names(OptionSet options) => string.Join(' ', options.All.Select(Dashed)) + " --help";

    private static string Dashed(RunOption option) => (option.Group == OptionGroup.Qemu || option.Name.Length == 1 ? "-" : "--") + option.Name;

    private static string Plain(string text)
        => text.Replace("'", "", StringComparison.Ordinal).Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal).Replace(":", " ", StringComparison.Ordinal);
}
