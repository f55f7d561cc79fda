using System.Runtime.CompilerServices;

namespace Firmament.Firmware.Tests;

/// <summary>What this test program does in a process that a test wants to kill.</summary>
internal static class ChildMode
{
    [ModuleInitializer]
    internal static void Enter()
    {
        if (Environment.GetEnvironmentVariable(ChildProcess.Variable) is { } task)
        {
            Run(task);
            Environment.Exit(0);
        }
    }

    /// <summary>Acknowledges each step with a line; never ends of itself before step 255.</summary>
    private static void Run(string path)
    {
        Firmament.Firmware.Nvram.FileNvram nvram = new(path, 8192);
        byte[] bytes = new byte[8192];
        for (int step = 1; step < 256; step++)
        {
            bytes.AsSpan().Fill((byte)step);
            if (nvram.TryWrite(0, bytes))
            {
                Console.WriteLine(step);
            }
        }

        Thread.Sleep(Timeout.Infinite);
    }
}
