namespace Firmament.Cli.Options;

/// <summary>One option of <c>run</c>: the same row parses, binds, helps and completes.</summary>
/// <param name="Name">Without dashes; accepted with one and with two.</param>
/// <param name="ValueName">What the value is called in the help, or null for a flag.</param>
/// <param name="Help">One line; "" keeps a compatibility option out of the long help.</param>
/// <param name="Group">Heading in the help.</param>
/// <param name="Apply">Takes one occurrence's value ("" for a flag) into the request.</param>
internal sealed record RunOption(string Name, string? ValueName, string Help, OptionGroup Group, Action<RunRequest, string> Apply)
{
    /// <summary>Other names without dashes.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>Values worth completing.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>The value is a path.</summary>
    public bool IsPath { get; init; }

    /// <summary>The name first, then the aliases.</summary>
    public IEnumerable<string> AllNames => Aliases.Prepend(Name);

    /// <summary>The spelling the help shows.</summary>
    public string Display => Name.Length == 1 ? "-" + Name : "--" + Name;
}
