using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Firmament.Machines.Tests.Boots;

/// <summary>A C program of the tests, compiled for a little-endian guest and added to an initramfs.</summary>
internal static class GuestProgram
{
    /// <summary>The initramfs with the program as /name. The test is skipped where there is no compiler.</summary>
    public static byte[] AddTo(string initramfs, string name)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Boots", name + ".c");
        string program = Path.ChangeExtension(source, ".elf");
        string[] options =
        [
            "-m64", "-mlittle-endian", "-mabi=elfv2", "-mcpu=power8", "-O1", "-ffreestanding", "-fno-pic", "-fno-stack-protector", "-nostdlib", "-static",
            "-Wl,--build-id=none", "-o", program, source,
        ];
        try
        {
            using Process compiler = Process.Start("powerpc-linux-gnu-gcc", options);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("powerpc-linux-gnu-gcc is not installed.");
        }

        // The kernel unpacks archives that follow each other one over the other.
        using MemoryStream all = new();
        all.Write(File.ReadAllBytes(initramfs));
        using (GZipStream packed = new(all, CompressionLevel.Fastest, leaveOpen: true))
        {
            WriteEntry(packed, name, File.ReadAllBytes(program), 0x81ed);
            WriteEntry(packed, "TRAILER!!!", [], 0);
        }

        return all.ToArray();
    }

    /// <summary>An entry of a "new ASCII" archive; Linux Documentation/driver-api/early-userspace/buffer-format.rst.</summary>
    private static void WriteEntry(Stream archive, string name, byte[] content, int mode)
    {
        StringBuilder header = new("070701");
        foreach (int field in (int[])[1, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0])
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:x8}");
        }

        WritePadded(archive, Encoding.ASCII.GetBytes($"{header}{name}\0"));
        WritePadded(archive, content);
    }

    private static void WritePadded(Stream archive, byte[] bytes)
    {
        archive.Write(bytes);
        archive.Write(new byte[-bytes.Length & 3]);
    }
}
