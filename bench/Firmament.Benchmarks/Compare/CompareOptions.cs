using System.CommandLine;
using Firmament.Core;

namespace Firmament.Benchmarks.Compare;

/// <summary>The command line of compare and start.</summary>
internal sealed class CompareOptions
{
    private readonly Argument<string[]> _what = new("what")
    {
        Description = "start, bare, boot, installer, bench; or a row (pegasos2, intmix); or a part of bench (ppc64le, ppc32/loop). All without.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _runs = new("--runs") { Description = "Runs on each emulator; the median counts.", DefaultValueFactory = _ => 3 };
    private readonly Option<string?> _qemu = new("--qemu") { Description = "QEMU's program for pegasos2." };
    private readonly Option<string?> _qemu64 = new("--qemu64") { Description = "QEMU's program for pseries." };
    private readonly Option<string?> _firmament = new("--firmament") { Description = "Firmament's program, for example the native one; the checkout's unless given." };
    private readonly Option<string?> _output = new("--output") { Description = "Puts the results into a file: docs/performance.md." };
    private readonly Option<bool> _list = new("--list") { Description = "Lists what there is, and runs nothing." };

    /// <summary>Everything, or what is named.</summary>
    public Command Compare(Option<string> root)
    {
        Command command = new("compare", "Runs the same guests on Firmament and on QEMU, alternating, and prints ratios beside their targets.")
        {
            _what, _runs, _qemu, _qemu64, _firmament, _output, _list,
        };
        command.SetAction(parsed => Run(parsed, parsed.GetValue(root)!, parsed.GetValue(_what)!));
        return command;
    }

    /// <summary>compare start.</summary>
    public Command Start(Option<string> root)
    {
        Command command = new("start", "Compares the time from the start of the process to the first guest instruction.") { _runs, _qemu, _qemu64, _firmament };
        command.SetAction(parsed => Run(parsed, parsed.GetValue(root)!, ["start"]));
        return command;
    }

    private int Run(ParseResult parsed, string root, string[] what)
    {
        try
        {
            int runs = parsed.GetValue(_runs);
            if (runs < 1)
            {
                throw new UserErrorException($"--runs {runs} measures nothing; give 1 or more.");
            }

            Comparison comparison = new(root, what);
            if (parsed.GetValue(_list))
            {
                return comparison.List();
            }

            Emulators emulators = Emulators.Find(root, parsed.GetValue(_firmament), parsed.GetValue(_qemu), parsed.GetValue(_qemu64));
            // --root and its value, which bench/run adds, come first.
            string command = "bench/run " + string.Join(' ', parsed.Tokens.Skip(2).Select(static token => token.Value));
            return comparison.Run(emulators, runs, command, parsed.GetValue(_output));
        }
        catch (UserErrorException error)
        {
            Console.Error.WriteLine($"bench/run: {error.Message}");
            return 1;
        }
    }
}
