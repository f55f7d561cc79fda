using Firmament.Volumes.FileSystems;

namespace Firmament.Volumes.Tests;

public sealed class PathTests
{
    [Theory]
    [InlineData("dir/inner")]
    [InlineData(@"\dir\inner")]
    [InlineData(@"\\dir//inner")]
    [InlineData("./dir/./inner")]
    [InlineData("dir/../dir/inner")]
    [InlineData("../../dir/inner")]
    [InlineData("DIR/Inner")]
    [InlineData("link")]
    [InlineData("dir/../link")]
    public void These_are_the_same_file(string path) => Assert.Equal(10, FileSystem.Open(TinyExt.Image().Source)!.OpenFile(path)?.Length);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("dir")]
    [InlineData("dir/inner/more")]
    [InlineData("file/..")]
    [InlineData("nothing")]
    [InlineData("dir/inner;1")]
    [InlineData("di")]
    [InlineData(":tbxi")]
    [InlineData("dir\0/inner")]
    public void These_are_no_file(string path) => Assert.Null(FileSystem.Open(TinyExt.Image().Source)!.OpenFile(path));

    [Theory]
    [InlineData("", true)]
    [InlineData("/", true)]
    [InlineData("dir", true)]
    [InlineData("dir/", true)]
    [InlineData("..", true)]
    [InlineData("link", false)]
    [InlineData("file", false)]
    [InlineData("nothing", false)]
    public void A_directory_is_listed_and_nothing_else_is(string path, bool listed) => Assert.Equal(listed, FileSystem.Open(TinyExt.Image().Source)!.List(path) != null);

    [Fact]
    public void An_exact_name_comes_before_one_that_differs_in_case()
    {
        ImageBuilder image = TinyExt.Image();
        TinyExt.Entries(image, TinyExt.RootBlock, (TinyExt.FileInode, "FILE"), (TinyExt.InnerInode, "file"), (TinyExt.MappedInode, "File"));
        IFileSystem volume = FileSystem.Open(image.Source)!;
        Assert.Equal(1500, volume.OpenFile("FILE")?.Length);
        Assert.Equal(10, volume.OpenFile("file")?.Length);
        Assert.Equal(6144, volume.OpenFile("File")?.Length);
        Assert.Equal(1500, volume.OpenFile("fILE")?.Length);
    }

    [Fact]
    public void A_path_of_any_length_is_answered() => Assert.Null(FileSystem.Open(TinyExt.Image().Source)!.OpenFile(new string('/', 5000) + "file"));

    [Fact]
    public void Letters_with_marks_match_however_they_are_written()
    {
        ImageBuilder image = TinyHfs.Plus();
        TinyHfs.Node(image, TinyHfs.SecondLeaf, 0xff, 0, TinyHfs.PlusFile(TinyHfs.FolderId, "u\u0308ber:cafe\u0301/x", 22, "????", "????", 0x81a4, 10, (40, 1)));
        IFileSystem volume = FileSystem.Open(image.Source)!;
        Assert.Equal("über:café:x", Assert.Single(volume.List("dir")!).Name);
        Assert.NotNull(volume.OpenFile("dir/\u00fcber:caf\u00e9:x"));
        Assert.NotNull(volume.OpenFile("dir/U\u0308BER:CAFE\u0301:X"));
    }
}
