using System.Diagnostics;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>guest.c, compiled and running under qemu-ppc; blocks go in and come out over its pipes.</summary>
internal sealed class QemuGuest : IDisposable
{
    public const int Words = 8;
    public const int States = 8;
    public const int InputBytes = (4 * Words) + OutputBytes;
    public const int OutputBytes = States * StateBlock.Size;

    private readonly Process _process;

    private QemuGuest(Process process) => _process = process;

    /// <summary>Starts it, or says why that cannot be.</summary>
    public static QemuGuest? TryStart(out string reason)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Differential", "guest.c");
        string program = Path.Combine(AppContext.BaseDirectory, "Differential", "guest");
        reason = "";
        try
        {
            if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
            {
                using Process compiler = Process.Start("powerpc-linux-gnu-gcc", ["-O1", "-static", "-maltivec", "-o", program, source]);
                compiler.WaitForExit();
                if (compiler.ExitCode != 0)
                {
                    reason = "powerpc-linux-gnu-gcc cannot compile the guest program.";
                    return null;
                }
            }

            ProcessStartInfo start = new("qemu-ppc", ["-cpu", "7400", program]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            return new QemuGuest(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            reason = "qemu-ppc or powerpc-linux-gnu-gcc is not installed.";
            return null;
        }
    }

    /// <summary>Sends blocks and receives what became of them.</summary>
    public Task ExchangeAsync(byte[] input, byte[] output) => Task.WhenAll(
        Task.Run(() =>
        {
            _process.StandardInput.BaseStream.Write(input);
            _process.StandardInput.BaseStream.Flush();
        }),
        Task.Run(() => _process.StandardOutput.BaseStream.ReadExactly(output)));

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
