using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Firmament.Machines.Tests.Support;

/// <summary>Archives of files as Linux's initramfs takes them: cpio "newc", several one behind another (buffer-format of the kernel's documents).</summary>
internal static class CpioArchive
{
    private const int HeaderLength = 110;
    private const string Last = "TRAILER!!!";

    /// <summary>The regular files of an archive that may be gzip-compressed, by name.</summary>
    public static Dictionary<string, byte[]> ReadFiles(byte[] archive)
    {
        byte[] bytes = archive is [0x1f, 0x8b, ..] ? Expand(archive) : archive;
        Dictionary<string, byte[]> files = [];
        for (int at = 0; bytes.AsSpan(at).StartsWith("070701"u8);)
        {
            (int mode, int size, int nameSize) = (Field(bytes, at, 1), Field(bytes, at, 6), Field(bytes, at, 11));
            string name = Encoding.Latin1.GetString(bytes, at + HeaderLength, nameSize - 1);
            int data = Aligned(at + HeaderLength + nameSize);
            if (name == Last)
            {
                break;
            }

            if ((mode & 0xf000) == 0x8000)
            {
                files[name] = bytes[data..(data + size)];
            }

            at = Aligned(data + size);
        }

        return files;
    }

    /// <summary>An archive of regular files, each in a folder that exists when it is unpacked.</summary>
    public static byte[] Write(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using MemoryStream archive = new();
        foreach ((string name, byte[] bytes) in files)
        {
            Append(archive, name, 0x81a4, bytes);
        }

        Append(archive, Last, 0, []);
        return archive.ToArray();
    }

    /// <summary>Two archives, of which the second, not compressed, begins at a multiple of 4 as Linux wants it.</summary>
    public static byte[] Join(byte[] first, byte[] second) => [.. first, .. new byte[-first.Length & 3], .. second];

    private static void Append(MemoryStream archive, string name, int mode, byte[] bytes)
    {
        int[] fields = [(int)archive.Length + 1, mode, 0, 0, 1, 0, bytes.Length, 0, 0, 0, 0, name.Length + 1, 0];
        archive.Write(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(static field => field.ToString("x8", CultureInfo.InvariantCulture))) + name + "\0"));
        archive.SetLength(archive.Position = Aligned((int)archive.Position));
        archive.Write(bytes);
        archive.SetLength(archive.Position = Aligned((int)archive.Position));
    }

    private static int Field(byte[] bytes, int at, int index) =>
        int.Parse(Encoding.ASCII.GetString(bytes, at + 6 + (8 * index), 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Aligned(int at) => (at + 3) & ~3;

    private static byte[] Expand(byte[] archive)
    {
        using GZipStream gzip = new(new MemoryStream(archive), CompressionMode.Decompress);
        using MemoryStream all = new();
        gzip.CopyTo(all);
        return all.ToArray();
    }
}
