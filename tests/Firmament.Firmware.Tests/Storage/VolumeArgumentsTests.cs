using Firmament.Firmware.Packages.Storage;

namespace Firmament.Firmware.Tests.Storage;

public sealed class VolumeArgumentsTests
{
    [Theory]
    [InlineData(null, "", "")]
    [InlineData("", "", "")]
    [InlineData("0", "", "")]
    [InlineData("2", "2", "")]
    [InlineData("a", "a", "")]
    [InlineData("2,", "2", "")]
    [InlineData(@",\boot\x", "", @"\boot\x")]
    [InlineData(@"2,\boot\x,y", "2", @"\boot\x,y")]
    [InlineData("0,x", "", "x")]
    [InlineData(@"\boot\x", "", @"\boot\x")]
    [InlineData("boot.img", "", "boot.img")]
    [InlineData("12", "12", "")]
    public void Partition_and_path_are_told_apart(string? arguments, string partition, string path) =>
        Assert.Equal(new VolumeArguments(partition, path), VolumeArguments.Parse(arguments));
}
