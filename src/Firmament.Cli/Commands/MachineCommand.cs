using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Firmament.Cli.Options;

namespace Firmament.Cli.Commands;

/// <summary>A command whose options come from an <see cref="OptionSet"/>: binds them to a <see cref="RunRequest"/> in the table's order.</summary>
internal static class MachineCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="name">The command.</param>
    /// <param name="summary">For the list of commands.</param>
    /// <param name="host">For output.</param>
    /// <param name="body">Gets the request; returns the exit code.</param>
    public static Command Create(OptionSet options, string name, string summary, CliHost host, Func<RunRequest, int> body)
    {
        Command command = new(name, summary);
        Dictionary<RunOption, Option<string[]>> bound = [];
        foreach (RunOption row in options.All)
        {
            Option<string[]> option = new("--" + row.Name)
            {
                Description = row.Help,
                HelpName = row.ValueName,
                Arity = row.ValueName == null ? ArgumentArity.Zero : ArgumentArity.OneOrMore,
                Hidden = row.Group == OptionGroup.Qemu,
            };
            bound.Add(row, option);
            command.Add(option);
        }

        command.SetAction(result =>
        {
            RunRequest request = new() { Machine = host.DefaultMachine, AddsDefaults = host.IsQemu };
            foreach (RunOption row in options.All)
            {
                foreach (string value in Values(result.GetResult(bound[row]), row))
                {
                    if (HelpValues.For(row.Name, value) is { } list)
                    {
                        host.Print(list);
                        return 0;
                    }

                    row.Apply(request, value);
                }
            }

            return body(request);
        });
        return command;
    }

    private static IEnumerable<string> Values(OptionResult? result, RunOption row)
    {
        if (result == null || result.Implicit)
        {
            return [];
        }

        return row.ValueName == null ? [""] : result.Tokens.Select(static t => t.Value);
    }
}
