using System.Diagnostics;

namespace Firmament.Tests;

/// <summary>
/// The test program again, in another process that a test may kill: it runs <see cref="Firmament.Tests.ChildMode"/> instead of tests.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>The environment variable that tells the child what to do.</summary>
    public const string Variable = "FIRMAMENT_TEST_CHILD";

    private readonly Process _process;

    /// <param name="task">What <see cref="ChildMode"/> gets.</param>
    public ChildProcess(string task)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.Environment[Variable] = task;
        _process = Process.Start(start)!;
    }

    /// <summary>The next line the child printed; fails the test when the child ends first.</summary>
    public string ReadLine()
    {
        string? line = _process.StandardOutput.ReadLine();
        Assert.NotNull(line);
        return line;
    }

    /// <summary>Ends the child with SIGKILL and gives what it had printed and nobody had read.</summary>
    public string[] Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        return _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
