using System.Diagnostics;

namespace Firmament.PowerPC.Tests.Differential;

/// <summary>guest64.c, compiled and running under qemu-ppc64 or qemu-ppc64le; blocks go in and come out over its pipes.</summary>
internal sealed class QemuGuest64 : IDisposable
{
    public const int Words = 16;
    public const int States = 8;
    public const int InputBytes = (4 * Words) + OutputBytes;
    public const int OutputBytes = States * StateBlock64.Size;

    private readonly Process _process;

    private QemuGuest64(Process process) => _process = process;

    /// <summary>Starts it, or says why that cannot be.</summary>
    public static QemuGuest64? TryStart(string model, bool littleEndian, out string reason)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Differential", "guest64.c");
        string program = Path.Combine(AppContext.BaseDirectory, "Differential", littleEndian ? "guest64le" : "guest64be");
        reason = "";
        try
        {
            if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
            {
                string[] options =
                [
                    "-m64", littleEndian ? "-mlittle-endian" : "-mbig-endian", "-mabi=elfv2", "-mcpu=power8", "-O1", "-ffreestanding", "-fno-pic", "-fno-stack-protector",
                    "-fno-tree-loop-distribute-patterns", "-nostdlib", "-static", "-Wl,-Ttext=0x1000000", "-o", program, source,
                ];
                using Process compiler = Process.Start("powerpc-linux-gnu-gcc", options);
                compiler.WaitForExit();
                if (compiler.ExitCode != 0)
                {
                    reason = "powerpc-linux-gnu-gcc cannot compile the 64-bit guest program.";
                    return null;
                }
            }

            ProcessStartInfo start = new(littleEndian ? "qemu-ppc64le" : "qemu-ppc64", ["-cpu", model, program]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            return new QemuGuest64(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            reason = "qemu-ppc64 or powerpc-linux-gnu-gcc is not installed.";
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
