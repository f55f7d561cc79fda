using System.CommandLine;
using Firmament.Benchmarks;

Option<string> root = new("--root") { Description = "The checkout.", Hidden = true, Recursive = true, DefaultValueFactory = _ => "." };
Argument<string[]> rows = new("rows") { Description = "Which ones; all without.", Arity = ArgumentArity.ZeroOrMore };
Option<int> runs = new("--runs") { Description = "Runs of each program on each emulator; the median counts.", DefaultValueFactory = _ => 3 };

Command mips = new("mips", "Runs bare-metal programs in this process: instructions a second of the CPU alone.") { rows };
mips.SetAction(parsed => Mips.Run(parsed.GetValue(root)!, parsed.GetValue(rows)!));

Command sideBySide = new("side-by-side", "Runs the same guests on Firmament and on qemu-system-ppc, alternating: wall time, CPU time, peak memory.") { rows, runs };
sideBySide.SetAction(parsed => SideBySide.Run(parsed.GetValue(root)!, parsed.GetValue(rows)!, parsed.GetValue(runs)));

return new RootCommand("Measures Firmament, alone and beside QEMU.") { root, mips, sideBySide }.Parse(args).Invoke();
