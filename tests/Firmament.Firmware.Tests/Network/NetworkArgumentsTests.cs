using Firmament.Firmware.Network;

namespace Firmament.Firmware.Tests.Network;

public sealed class NetworkArgumentsTests
{
    [Theory]
    [InlineData(null, "0.0.0.0,,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("", "0.0.0.0,,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("vmlinux", "0.0.0.0,vmlinux,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData(@"\boot\vmlinux", @"0.0.0.0,\boot\vmlinux,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("10.0.2.2", "10.0.2.2,,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("dhcp", "0.0.0.0,,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("dhcp,10.0.2.2,a/b", @"10.0.2.2,a\b,0.0.0.0,0.0.0.0,5,5,0.0.0.0,1428")]
    [InlineData("10.0.2.2,f,10.0.2.3,10.0.2.4,1,2,255.0.0.0,512", "10.0.2.2,f,10.0.2.3,10.0.2.4,1,2,255.0.0.0,512")]
    [InlineData("speed=auto,duplex=auto,1.1.1.1,dummy,1.1.1.1,1.1.1.1,5,5,1.1.1.1,512", "1.1.1.1,dummy,1.1.1.1,1.1.1.1,5,5,1.1.1.1,512")]
    [InlineData(",f,,,0,99,,99999", "0.0.0.0,f,0.0.0.0,0.0.0.0,1,20,0.0.0.0,1468")]
    [InlineData(",f,,,,,,1,more,of,it", "0.0.0.0,f,0.0.0.0,0.0.0.0,5,5,0.0.0.0,8")]
    public void Fields_are_read_and_all_are_written(string? text, string all)
    {
        Assert.True(NetworkArguments.TryParse(text, out NetworkArguments? arguments, out _));
        Assert.Equal(all, arguments.ToString());
        Assert.True(NetworkArguments.TryParse(all, out NetworkArguments? again, out _));
        Assert.Equal(all, again.ToString());
    }

    [Theory]
    [InlineData("bootp", true)]
    [InlineData("bootp,10.0.2.2,f", true)]
    [InlineData("dhcp,10.0.2.2,f", false)]
    [InlineData("bootpd", false)]
    public void Bootp_is_a_first_word(string text, bool isBootp)
    {
        Assert.True(NetworkArguments.TryParse(text, out NetworkArguments? arguments, out _));
        Assert.Equal(isBootp, arguments.IsBootp);
    }

    [Theory]
    [InlineData("host,file", "host")]
    [InlineData("10.0.2.256,file", "10.0.2.256")]
    [InlineData("10.0.2,file", "10.0.2")]
    [InlineData("1.2.3.4.5,file", "1.2.3.4.5")]
    [InlineData("0x1.2.3.4,file", "0x1.2.3.4")]
    [InlineData(",file,,,-1", "-1")]
    [InlineData(",file,,,,99999999999", "99999999999")]
    [InlineData(",file,,,,,255", "255")]
    public void What_is_wrong_is_told(string text, string wrong)
    {
        Assert.False(NetworkArguments.TryParse(text, out _, out string? told));
        Assert.Equal(wrong, told);
    }
}
