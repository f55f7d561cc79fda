using System.Diagnostics;

namespace Firmament.Volumes.Tests;

/// <summary>Runs the tools that make file systems and labels, where they are installed (eng/test-tools.sh).</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["mke2fs"] = "e2fsprogs", ["debugfs"] = "e2fsprogs", ["mkfs.fat"] = "dosfstools", ["mcopy"] = "mtools", ["mmd"] = "mtools", ["genisoimage"] = "genisoimage",
        ["xorriso"] = "xorriso", ["hformat"] = "hfsutils", ["sgdisk"] = "gdisk", ["sfdisk"] = "fdisk", ["parted"] = "parted",
    };

    /// <summary>Skips the test where a tool is missing.</summary>
    public static void Require(params string[] names)
    {
        foreach (string name in names)
        {
            Assert.SkipUnless(Find(name) != null, $"{name} is not installed (package {Packages[name]}; eng/test-tools.sh installs it).");
        }
    }

    /// <summary>Runs a tool in a folder, with text for its standard input; fails the test when the tool's exit status is above <paramref name="mostStatus"/>.</summary>
    public static void Run(string folder, string input, string name, string[] arguments, int mostStatus = 0)
    {
        ProcessStartInfo start = new(Find(name) ?? name, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = folder;
        start.Environment["MTOOLS_SKIP_CHECK"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode <= mostStatus, $"{name} {string.Join(' ', arguments)} says: {errors}{output.Result}");
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(["/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
