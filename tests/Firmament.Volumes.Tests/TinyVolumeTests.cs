using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

/// <summary>Volumes made byte by byte are read, so that what other tests break in them was whole.</summary>
public sealed class TinyVolumeTests
{
    [Fact]
    public void Fat_is_read()
    {
        IFileSystem? volume = FileSystem.Open(TinyFat.Image().Source);
        Assert.Equal(("fat12", "MY LABEL"), (volume?.Kind, volume?.Label));
        Assert.Equal(Sample.Contents("FILE.TXT", 1500), Sample.ReadAll(volume!.OpenFile("file.txt")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile(@"\dir\inner.bin")));
        Assert.Equal(["FILE.TXT", "DIR"], volume.List("")!.Select(static entry => entry.Name));
        Assert.Equal([new DirectoryEntry("INNER.BIN", EntryKind.File, 10)], volume.List("DIR")!);
    }

    [Fact]
    public void Ext2_is_read()
    {
        IFileSystem? volume = FileSystem.Open(TinyExt.Image().Source);
        Assert.Equal("tiny", volume?.Label);
        Assert.Equal(Sample.Contents("file", 1500), Sample.ReadAll(volume!.OpenFile("file")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile("link")));
        byte[] mapped = Sample.ReadAll(volume.OpenFile("mapped"));
        Assert.Equal([.. Sample.Contents("mapped", 2048), .. new byte[2048], .. Sample.Contents("tail", 1024), .. new byte[1024]], mapped);
        Assert.Equal(["file", "dir", "link", "mapped"], volume.List("/")!.Select(static entry => entry.Name));
    }

    [Fact]
    public void Iso_9660_is_read()
    {
        IFileSystem? volume = FileSystem.Open(TinyIso.Image().Source);
        Assert.Equal(("iso9660", "TINY"), (volume?.Kind, volume?.Label));
        Assert.Equal(Sample.Contents("file name", 3048), Sample.ReadAll(volume!.OpenFile("file name")));
        Assert.Equal(Sample.Contents("file name", 3048), Sample.ReadAll(volume.OpenFile("FILE_NAM.;1")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile("link")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile("deep/below")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile("continued name")));
        Assert.Equal(["file name", "dir", "link", "deep", "continued name"], volume.List("/")!.Select(static entry => entry.Name));
    }

    [Fact]
    public void Rock_Ridge_is_found_behind_the_attributes_of_a_CD_ROM_XA()
    {
        ImageBuilder image = TinyIso.Image();
        string attributes = new('\0', 14);
        int at = TinyIso.Record(TinyIso.Root, image, 2, 18, TinyIso.Sector, "\0", attributes + "SP\u0007\u0001\u00be\u00ef\u000e");
        at = TinyIso.Record(at, image, 2, 18, TinyIso.Sector, "\u0001", attributes);
        at = TinyIso.Record(at, image, 0, 23, 10, "FILE.;1", attributes + TinyIso.Name("a long name"));
        image.Bytes.AsSpan(at, TinyIso.Root + TinyIso.Sector - at).Clear();
        Assert.Equal([new DirectoryEntry("a long name", EntryKind.File, 10)], FileSystem.Open(image.Source)!.List("")!);
    }

    [Theory]
    [InlineData("hfs+", "Tiny Plus")]
    [InlineData("hfsx", "Tiny Plus")]
    [InlineData("hfs", "Tiny")]
    [InlineData("wrapped", "Tiny Plus")]
    public void Hfs_is_read(string kind, string label)
    {
        ImageBuilder image = kind switch { "hfs" => TinyHfs.Classic(), "wrapped" => TinyHfs.Wrapped(), _ => TinyHfs.Plus() };
        if (kind == "hfsx")
        {
            image.Be16(1024, 0x4858);
        }

        IFileSystem? volume = FileSystem.Open(image.Source);
        Assert.Equal((kind == "wrapped" ? "hfs+" : kind, label), (volume?.Kind, volume?.Label));
        Assert.Equal(TinyHfs.Contents, Sample.ReadAll(volume!.OpenFile("file")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile(@"\\:tbxi")));
        Assert.Equal("0123456789", Sample.ReadText(volume.OpenFile(@"DIR\Boot")));
        Assert.Equal([new DirectoryEntry("dir", EntryKind.Directory, 0), new DirectoryEntry("file", EntryKind.File, 2400)], volume.List("/")!);
    }
}
