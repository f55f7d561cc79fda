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

    /// <summary>Starts a program whose output is read and whose complaints are dropped.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string folder)
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
        process.ErrorDataReceived += static (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a program to its end, handing each line of its output on; the exit status.</summary>
    public static int Run(string program, IEnumerable<string> arguments, string folder, Action<string> line)
    {
        using Process process = Start(program, arguments, folder);
        while (process.StandardOutput.ReadLine() is { } text)
        {
            line(text);
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
