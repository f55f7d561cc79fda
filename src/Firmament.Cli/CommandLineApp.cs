using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Firmament.Cli.Commands;
using Firmament.Cli.Options;
using Firmament.Cli.Running;
using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;

namespace Firmament.Cli;

/// <summary>The whole program: from arguments to exit code.</summary>
internal sealed class CommandLineApp
{
    private readonly CliHost _host;
    private string _bootTarget = "";

    public CommandLineApp(CliHost host) => _host = host;

    /// <summary>Runs the program. User errors become one sentence on standard error and exit code 1.</summary>
    public int Invoke(IReadOnlyList<string> arguments)
    {
        try
        {
            return Dispatch(arguments);
        }
        catch (UserErrorException e)
        {
            _host.Streams.Restore();
            _host.Complain(e.Message);
            return arguments is ["trace", "diff", ..] ? ExitCodes.Trouble : ExitCodes.Failure;
        }
        catch (BackendException e)
        {
            // A backend's message is part of a sentence.
            _host.Streams.Restore();
            _host.Complain(char.ToUpperInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.') + ".");
            return ExitCodes.Failure;
        }
    }

    private int Dispatch(IReadOnlyList<string> arguments)
    {
        string first = arguments.Count == 0 ? "" : arguments[0];
        if (_host.IsQemu || IsQemuLine(first))
        {
            return DispatchQemu(arguments);
        }

        switch (first)
        {
            case "" when _host.Streams.IsInputTerminal && _host.Streams.IsOutputTerminal:
                // A bare machine does something useful at once.
                _host.Note("A machine with nothing to boot; firmament --help says what else there is.");
                return Parse("run", []);
            case "":
                _host.Print(HelpText.Overview);
                return ExitCodes.Success;
            case "--version" or "-version":
                _host.Print(ProgramVersion.OwnText);
                return ExitCodes.Success;
            case "-h" or "--help" or "-help" or "help":
                _host.Print(HelpText.Overview);
                return ExitCodes.Success;
        }

        return Parse(first, [.. arguments.Skip(1)]);
    }

    private static bool IsQemuLine(string first) => first.StartsWith('-') && first is not ("--version" or "-version") && !IsHelp(first);

    private static bool IsHelp(string word) => word is "-h" or "--help" or "-help";

    private int DispatchQemu(IReadOnlyList<string> arguments)
    {
        if (arguments.Any(static a => a is "--version" or "-version"))
        {
            _host.Print(_host.IsQemu ? ProgramVersion.QemuText : ProgramVersion.OwnText);
            return ExitCodes.Success;
        }

        return Parse("run", arguments);
    }

    private int Parse(string command, IReadOnlyList<string> rest)
    {
        if (!CompletionScripts.CommandNames.Contains(command))
        {
            throw new UserErrorException($"There is no command '{command}'{Suggestion.For(command, CompletionScripts.CommandNames)}; "
                + $"the commands are {string.Join(", ", CompletionScripts.CommandNames)}.");
        }

        List<string> files = [];
        List<string> words = command switch
        {
            "trace" => TraceCommand.Normalize(rest, files),
            "run" or "demo" => LineNormalizer.Normalize(rest, RunOptions.Run),
            "boot" => LineNormalizer.Normalize(SplitBoot(rest), RunOptions.Boot),
            "dt" => LineNormalizer.Normalize(rest, RunOptions.DeviceTree),
            _ => [.. rest],
        };
        words.Insert(0, command);
        ParserConfiguration parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        ParseResult result = CreateRoot(files).Parse(words, parser);
        if (result.Errors.Count != 0 && result.Action is not HelpAction and not Printed)
        {
            throw new UserErrorException($"{result.Errors[0].Message.TrimEnd('.')}; see firmament {command} --help.");
        }

        // The machine handles signals and exceptions itself, and nothing may wake System.Console, which restores terminals on its own.
        return result.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = TextWriter.Null,
            Error = TextWriter.Null,
        });
    }

    private RootCommand CreateRoot(IReadOnlyList<string> files)
    {
        RootCommand root = new("Boots PowerPC operating systems without a ROM.");
        root.Options.Clear();
        root.Directives.Clear();
        root.Add(WithHelp(MachineCommand.Create(RunOptions.Run, "run", "boot a kernel", _host, Run), HelpText.Run));
        root.Add(WithHelp(MachineCommand.Create(RunOptions.Run, "demo", "boot the built-in program", _host, Demo), HelpText.Demo));
        root.Add(WithHelp(MachineCommand.Create(RunOptions.Boot, "boot", "boot a disk or CD image, or a system's installer", _host, Boot), HelpText.Boot));
        root.Add(WithHelp(MachineCommand.Create(RunOptions.DeviceTree, "dt", "print a device tree", _host, r => DeviceTreeCommand.Run(_host, r)), HelpText.DeviceTree));
        Command trace = new("trace", "look at traces");
        trace.Add(WithHelp(MachineCommand.Create(RunOptions.TraceSummarize, "summarize", "count a trace's calls", _host, r => TraceCommand.Summarize(_host, r, files)), TraceHelp.Summarize));
        trace.Add(WithHelp(MachineCommand.Create(RunOptions.TraceDiff, "diff", "compare two traces", _host, r => TraceCommand.Diff(_host, r, files)), TraceHelp.Diff));
        root.Add(WithHelp(trace, TraceHelp.Overview));
        root.Add(WithHelp(CreateCompletion(), HelpText.Completion));
        Command version = new("version", "print the version");
        version.SetAction(_ =>
        {
            _host.Print(ProgramVersion.OwnText);
            return ExitCodes.Success;
        });
        root.Add(WithHelp(version, "Usage: firmament version\n\nPrints the version.\n"));
        return root;
    }

    private Command CreateCompletion()
    {
        Command completion = new("completion", "print shell completions");
        Argument<string> shell = new("shell") { Arity = ArgumentArity.ZeroOrOne };
        completion.Add(shell);
        completion.SetAction(result =>
        {
            string name = result.GetValue(shell)
                ?? throw new UserErrorException("completion prints a script for one shell; give bash, zsh or fish.");
            if (!CompletionScripts.Shells.Contains(name))
            {
                throw new UserErrorException($"There are no completions for '{name}'{Suggestion.For(name, CompletionScripts.Shells)}; give bash, zsh or fish.");
            }

            _host.Print(CompletionScripts.For(name));
            return ExitCodes.Success;
        });
        return completion;
    }

    private Command WithHelp(Command command, string text)
    {
        command.Add(new HelpOption { Action = new Printed(_host, text) });
        return command;
    }

    private int Run(RunRequest request)
    {
        RunPlan plan = request.Build(_host.Now());
        return plan.DumpDeviceTree != null ? DeviceTreeCommand.Dump(_host, plan) : new MachineRun(_host, plan).Run();
    }

    private int Demo(RunRequest request)
    {
        if (request.Kernel != null)
        {
            throw new UserErrorException("demo brings its own program; leave --kernel out, or give it to firmament run.");
        }

        request.Kernel = GuestImage.FromBytes("the demo", _host.DemoProgram?.Invoke()
            ?? throw new UserErrorException("This build has no demo program; give a kernel to firmament run --kernel FILE."));
        return Run(request);
    }

    private IReadOnlyList<string> SplitBoot(IReadOnlyList<string> words)
    {
        if (words.Any(IsHelp))
        {
            return ["--help"];
        }

        (_bootTarget, IReadOnlyList<string> options) = BootCommand.Split(words);
        return options;
    }

    private int Boot(RunRequest request)
    {
        BootCommand.Prepare(_host, request, _bootTarget);
        return Run(request);
    }

    private sealed class Printed(CliHost host, string text) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            host.Print(text);
            return ExitCodes.Success;
        }
    }
}
