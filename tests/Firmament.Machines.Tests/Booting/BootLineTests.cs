using Firmament.Machines.Booting;
using Tree = Firmament.DeviceTree.DeviceTree;

namespace Firmament.Machines.Tests.Booting;

public sealed class BootLineTests
{
    private readonly Tree _tree = new();

    public BootLineTests() => _tree.Root.AddChild("aliases").SetString("hd", "/pci/disk");

    [Theory]
    [InlineData("", "disk|cdrom", "file args")]
    [InlineData("  hd  ", "hd", "file args")]
    [InlineData("hd:2 vmlinux quiet", "hd:2", "vmlinux quiet")]
    [InlineData("/pci/disk:0 x", "/pci/disk:0", "x")]
    [InlineData("vmlinux quiet", "disk|cdrom", "vmlinux quiet")]
    [InlineData("nothing:2", "nothing:2", "file args")]
    public void The_first_word_is_a_device_when_it_names_one(string line, string devices, string arguments)
    {
        BootLine parsed = BootLine.Parse(line, _tree, "disk cdrom", "file args");
        Assert.Equal(devices, string.Join('|', parsed.Devices));
        Assert.Equal(arguments, parsed.Arguments);
    }
}
