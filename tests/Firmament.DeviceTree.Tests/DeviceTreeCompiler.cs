using System.Diagnostics;

namespace Firmament.DeviceTree.Tests;

/// <summary>Runs <c>dtc</c> where it is installed.</summary>
internal static class DeviceTreeCompiler
{
    /// <summary>Skips the test where there is no dtc. For tests that call <see cref="Compile"/> where a skip would count as a failure.</summary>
    public static void Require() =>
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "dtc"))),
            "dtc is not installed (package device-tree-compiler).");

    /// <summary>Compiles DTS to a blob, or skips the test.</summary>
    public static byte[] Compile(string dts, params string[] arguments)
    {
        Require();
        string source = Path.GetTempFileName();
        string output = Path.GetTempFileName();
        try
        {
            File.WriteAllText(source, dts);

            // name_properties off: dtc would drop "name" properties that repeat the node's name.
            ProcessStartInfo start = new("dtc")
            {
                ArgumentList = { "-q", "-q", "-f", "-W", "no-name_properties", "-E", "no-name_properties", "-I", "dts", "-O", "dtb", "-o", output },
                RedirectStandardError = true,
            };
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            start.ArgumentList.Add(source);
            using Process dtc = Process.Start(start)!;
            string errors = dtc.StandardError.ReadToEnd();
            dtc.WaitForExit();
            Assert.True(dtc.ExitCode == 0, $"dtc says: {errors}\n{dts}");
            return File.ReadAllBytes(output);
        }
        finally
        {
            File.Delete(source);
            File.Delete(output);
        }
    }
}
