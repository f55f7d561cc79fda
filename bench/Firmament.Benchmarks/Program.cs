using System.CommandLine;
using Firmament.Benchmarks;
using Firmament.Benchmarks.Compare;
using Firmament.Benchmarks.Parts;

Option<string> root = new("--root") { Description = "The checkout.", Hidden = true, Recursive = true, DefaultValueFactory = _ => "." };
Argument<string[]> rows = new("rows") { Description = "Which ones; all without.", Arity = ArgumentArity.ZeroOrMore };

Command mips = new("mips", "Runs bare-metal programs in this process: instructions a second of the CPU alone.") { rows };
mips.SetAction(parsed => Mips.Run(parsed.GetValue(root)!, parsed.GetValue(rows)!));

CompareOptions compare = new();
RootCommand commands = new("Measures Firmament, alone and beside QEMU.") { root, compare.Compare(root), compare.Start(root), mips, PartsCommand.Make(root) };
return commands.Parse(args).Invoke();
