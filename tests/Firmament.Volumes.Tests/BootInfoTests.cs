using System.Text;
using Firmament.Volumes.Boot;

namespace Firmament.Volumes.Tests;

public sealed class BootInfoTests
{
    private static readonly BootLocation Location = new("/pci@80000000/ide@c,1/disk@0", "2", @"\ppc", "bootinfo.txt");

    [Fact]
    public void A_script_as_GRUB_writes_it_gives_Forth_text()
    {
        BootInfo? info = Parse("<chrp-boot>\n<description>grub</description>\n<os-name>grub</os-name>\n"
            + "<boot-script>boot &device;:\\boot\\grub\\powerpc.elf</boot-script>\n</chrp-boot>\n");
        Assert.Equal(("grub", "grub"), (info?.Description, info?.OsName));
        Assert.Equal(@"boot /pci@80000000/ide@c,1/disk@0:\boot\grub\powerpc.elf", info!.ScriptAt(Location));
    }

    [Theory]
    [InlineData("&device;:&partition;,&directory;\\x", @"/pci@80000000/ide@c,1/disk@0:2,\ppc\x")]
    [InlineData("&full-path; &FileName;", @"/pci@80000000/ide@c,1/disk@0:2,\ppc\bootinfo.txt bootinfo.txt")]
    [InlineData("1 2 &lt; 3 &gt; &amp; &quot;x&apos; &#65;&#x42;", "1 2 < 3 > & \"x' AB")]
    [InlineData("a & b &unknown; &; &#0; &#xd800; &toolongtobeanentity; &lt", "a & b &unknown; &; &#0; &#xd800; &toolongtobeanentity; &lt")]
    [InlineData("&amp;lt;", "&lt;")]
    [InlineData(": x\r  5 ;\r", ": x\r  5 ;\r")]
    [InlineData("1 2 < if 3 > then", "1 2 < if 3 > then")]
    public void Entities_are_replaced_once_and_the_rest_stays(string script, string expected) =>
        Assert.Equal(expected, Parse($"<CHRP-BOOT><COMPATIBLE>MacRISC</COMPATIBLE><BOOT-SCRIPT>{script}</BOOT-SCRIPT></CHRP-BOOT>")?.ScriptAt(Location));

    [Fact]
    public void An_icon_and_comments_are_skipped()
    {
        BootInfo? info = Parse("<!-- <boot-script>no</boot-script> --><icon size=64,64 color-space=3,3,2> <boot-script>no</boot-script> </icon>"
            + "<boot-script >yes</boot-script><boot-script>later</boot-script>");
        Assert.Equal("yes", info?.ScriptAt(Location));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u007fELF")]
    [InlineData("<boot-script>cut off")]
    [InlineData("<boot-script>cut off</boot-scrip")]
    [InlineData("<boot-script")]
    [InlineData("<!-- <boot-script>x</boot-script>")]
    [InlineData("<chrp-boot></chrp-boot>")]
    public void A_file_without_a_complete_script_is_none(string text) => Assert.Null(Parse(text));

    [Fact]
    public void What_follows_the_script_does_not_matter() =>
        Assert.NotNull(BootInfo.Parse([.. "<boot-script>x</boot-script>"u8, .. new byte[BootInfo.MostBytes * 4]]));

    [Fact]
    public void A_file_of_tags_only_is_read_quickly()
    {
        StringBuilder text = new();
        while (text.Length < BootInfo.MostBytes)
        {
            text.Append("<icon><boot-script>");
        }

        Assert.Null(Parse(text.ToString()));
    }

    private static BootInfo? Parse(string text) => BootInfo.Parse(Encoding.Latin1.GetBytes(text));
}
