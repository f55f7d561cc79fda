using System.Diagnostics;

namespace Firmament.Cli.Installers;

/// <summary>Programs of the host that fetch and unpack packages.</summary>
internal static class HostProgram
{
    /// <summary>The full name of a program in PATH, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a program whose output is read.</summary>
    /// <param name="program">Its full name.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="complaint">Takes each line of its standard error, on another thread; null drops them.</param>
    public static Process Start(string program, IEnumerable<string> arguments, string folder, Action<string>? complaint = null)
    {
        Process process = new()
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                complaint?.Invoke(text);
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a program to its end, handing each line of its output on; the exit status.</summary>
    public static int Run(string program, IEnumerable<string> arguments, string folder, Action<string> line, Action<string>? complaint = null)
    {
        using Process process = Start(program, arguments, folder, complaint);
        while (process.StandardOutput.ReadLine() is { } text)
        {
            line(text);
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
