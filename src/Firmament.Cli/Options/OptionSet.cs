namespace Firmament.Cli.Options;

/// <summary>The options one command takes, found by any of their names.</summary>
internal sealed class OptionSet
{
    private readonly Dictionary<string, RunOption> _byName = [];

    public OptionSet(string command, IReadOnlyList<RunOption> options)
    {
        Command = command;
        All = options;
        foreach (RunOption option in options)
        {
            foreach (string name in option.AllNames)
            {
                _byName.Add(name, option);
            }
        }
    }

    /// <summary>The command's name.</summary>
    public string Command { get; }

    /// <summary>Every option in order.</summary>
    public IReadOnlyList<RunOption> All { get; }

    /// <summary>The option of a name without dashes, or null.</summary>
    public RunOption? Find(string name) => _byName.GetValueOrDefault(name);
}
