using System.Text;
using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

/// <summary>A tree of files whose contents follow from their names, and the comparison of a volume with it.</summary>
internal static class Sample
{
    /// <summary>Path and size. Sizes around those of blocks and clusters; one file needs indirect blocks.</summary>
    public static readonly (string Path, int Length)[] Files =
    [
        ("empty", 0), ("one.txt", 1), ("README.TXT", 511), ("block", 512), ("ppc/bootinfo.txt", 300), ("boot/vmlinux", 700_001),
        ("boot/grub/powerpc-ieee1275/a module with a rather long name and blanks.mod", 5000), ("etc/conf.d/net", 2049), ("etc/4k", 4096),
    ];

    /// <summary>A directory of many entries, which takes several blocks.</summary>
    public static readonly (string Path, int Length)[] Many = [.. Enumerable.Range(0, 160).Select(static i => ($"many/entry number {i}", i % 50))];

    public static byte[] Contents(string path, int length)
    {
        byte[] contents = new byte[length];
        uint state = 2166136261;
        foreach (char letter in path)
        {
            state = (state ^ letter) * 16777619;
        }

        for (int i = 0; i < length; i++)
        {
            state = (state * 1664525) + 1013904223;
            contents[i] = (byte)(state >> 24);
        }

        return contents;
    }

    /// <summary>Writes files below a folder, and gives it.</summary>
    public static string Write(string folder, params IEnumerable<(string Path, int Length)>[] sets)
    {
        foreach ((string path, int length) in sets.SelectMany(static set => set))
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Contents(path, length));
        }

        return folder;
    }

    /// <summary>Each file is there, is listed with its size, and has its contents, read whole and in pieces.</summary>
    public static void Check(IFileSystem? volume, params IEnumerable<(string Path, int Length)>[] sets)
    {
        Assert.NotNull(volume);
        foreach ((string path, int length) in sets.SelectMany(static set => set))
        {
            IVolumeFile? file = volume.OpenFile(path.Replace('/', '\\'));
            Assert.True(file != null, $"{path} is not found");
            Assert.Equal(length, file.Length);
            byte[] expected = Contents(path, length);
            Assert.True(expected.AsSpan().SequenceEqual(ReadAll(file)), $"{path} has other contents");
            foreach (int at in (int[])[length / 3, length / 2, Math.Max(length - 1, 0)])
            {
                byte[] piece = new byte[Math.Min(length - at, 1234)];
                Assert.True(file.TryRead(at, piece));
                Assert.True(expected.AsSpan(at, piece.Length).SequenceEqual(piece), $"{path} has other contents at {at}");
            }

            Assert.False(file.TryRead(length, new byte[1]));
        }

        foreach (IGrouping<string, (string Path, int Length)> folder in sets.SelectMany(static set => set).GroupBy(static file => Path.GetDirectoryName(file.Path)!))
        {
            IReadOnlyList<DirectoryEntry>? entries = volume.List(folder.Key);
            Assert.NotNull(entries);
            foreach ((string path, int length) in folder)
            {
                Assert.Contains(new DirectoryEntry(Path.GetFileName(path), EntryKind.File, length), entries);
            }
        }
    }

    public static byte[] ReadAll(IVolumeFile? file)
    {
        Assert.NotNull(file);
        byte[] contents = new byte[file.Length];
        Assert.True(file.TryRead(0, contents), $"{file.Name} cannot be read");
        return contents;
    }

    public static string ReadText(IVolumeFile? file) => Encoding.Latin1.GetString(ReadAll(file));
}
