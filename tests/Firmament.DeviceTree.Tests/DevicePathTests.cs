using CsCheck;
using Firmament.DeviceTree.Paths;

namespace Firmament.DeviceTree.Tests;

public sealed class DevicePathTests
{
    private readonly DeviceTree _tree = new();

    public DevicePathTests()
    {
        DeviceNode root = _tree.Root;
        root.AddChild("aliases")
            .SetString("disk", "/pci@80000000/ide@c,1/disk@0:3")
            .SetString("hd", "disk")
            .SetString("net", "/pci@c0000000/ethernet@1")
            .SetString("loop", "pool")
            .SetString("pool", "loop")
            .SetString("gone", "/pci@80000000/nothing")
            .SetString("scsi", "/pci@80000000/ide:fast")
            .SetEmpty("blank");
        root.AddChild("memory@0");
        DeviceNode cpus = root.AddChild("cpus");
        cpus.AddChild("PowerPC,G4");
        cpus.AddChild("cpu@1");
        DeviceNode pci = root.AddChild("pci@80000000");
        DeviceNode isa = pci.AddChild("isa@c");
        isa.AddChild("serial@i2f8");
        isa.AddChild("serial@i3f8");
        pci.AddChild("ide@c,1").AddChild("disk@0");
        pci.AddChild("usb@c,2");
        root.AddChild("pci@c0000000").AddChild("ethernet@1");
        root.AddChild("odd@UPPER-x");
        root.AddChild("odd@0x10");
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/memory@0", "/memory@0")]
    [InlineData("/memory", "/memory@0")]
    [InlineData("/memory@00000000", "/memory@0")]
    [InlineData("/memory@", "/memory@0")]
    [InlineData("/pci", "/pci@80000000")]
    [InlineData("/pci/", "/pci@80000000")]
    [InlineData("/pci@C0000000", "/pci@c0000000")]
    [InlineData("/@c0000000", "/pci@c0000000")]
    [InlineData("/pci@80000000/ide@C,1", "/pci@80000000/ide@c,1")]
    [InlineData("/pci@80000000/ide@0c,01", "/pci@80000000/ide@c,1")]
    [InlineData("/pci/@c,1", "/pci@80000000/ide@c,1")]
    [InlineData("/pci/isa@C,0", "/pci@80000000/isa@c")]
    [InlineData("/pci/@c", "/pci@80000000/isa@c")]
    [InlineData("/pci/isa/serial", "/pci@80000000/isa@c/serial@i2f8")]
    [InlineData("/pci/isa/serial@I03F8", "/pci@80000000/isa@c/serial@i3f8")]
    [InlineData("/cpus/PowerPC,G4", "/cpus/PowerPC,G4")]
    [InlineData("/cpus/G4", "/cpus/PowerPC,G4")]
    [InlineData("/odd@UPPER-x", "/odd@UPPER-x")]
    [InlineData("net", "/pci@c0000000/ethernet@1")]
    [InlineData("net/", "/pci@c0000000/ethernet@1")]
    public void A_specifier_names_its_node(string specifier, string path)
    {
        DeviceResolution found = _tree.Resolve(specifier);
        Assert.True(found.Found, found.ToString());
        Assert.Equal(path, found.Node!.Path);
        Assert.Equal(path, found.CanonicalPath);
        Assert.Null(found.Arguments);
        Assert.Same(found.Node, _tree.Resolve(System.Text.Encoding.Latin1.GetBytes(specifier)).Node);
    }

    [Theory]
    [InlineData("/pci/isa/serial:9600,n,8,1", "/pci@80000000/isa@c/serial@i2f8", "9600,n,8,1")]
    [InlineData("/memory:", "/memory@0", "")]
    [InlineData("/:all", "/", "all")]
    [InlineData("disk", "/pci@80000000/ide@c,1/disk@0", "3")]
    [InlineData("disk:1", "/pci@80000000/ide@c,1/disk@0", "1")]
    [InlineData("disk:", "/pci@80000000/ide@c,1/disk@0", "")]
    [InlineData("hd", "/pci@80000000/ide@c,1/disk@0", "3")]
    [InlineData(@"hd:,\boot\yaboot", "/pci@80000000/ide@c,1/disk@0", @",\boot\yaboot")]
    [InlineData(@"disk:1,\ppc\bootinfo.txt", "/pci@80000000/ide@c,1/disk@0", @"1,\ppc\bootinfo.txt")]
    [InlineData("disk:1,/ppc/boot:info", "/pci@80000000/ide@c,1/disk@0", "1,/ppc/boot:info")]
    [InlineData("/pci/ide/disk:1,/boot//vmlinux/", "/pci@80000000/ide@c,1/disk@0", "1,/boot//vmlinux/")]
    [InlineData("net:10.0.2.2,dir/file", "/pci@c0000000/ethernet@1", "10.0.2.2,dir/file")]
    [InlineData("/pci@c0000000/ethernet@1:a:b@c", "/pci@c0000000/ethernet@1", "a:b@c")]
    public void Arguments_belong_to_the_last_element(string specifier, string path, string arguments)
    {
        DeviceResolution found = _tree.Resolve(specifier);
        Assert.Equal(path, found.Node?.Path);
        Assert.Equal(arguments, found.Arguments);
        Assert.Equal($"{path}:{arguments}", found.CanonicalPath);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nothing", "nothing")]
    [InlineData("blank", "blank")]
    [InlineData("gone", "nothing")]
    [InlineData("/pci@1", "pci@1")]
    [InlineData("/pci/ide@c,2/disk@0", "ide@c,2")]
    [InlineData("/pci/ide@c", "ide@c")]
    [InlineData("/pci//isa", "")]
    [InlineData("//", "")]
    [InlineData("/@", "@")]
    [InlineData("/pci/@", "@")]
    [InlineData("/PCI", "PCI")]
    [InlineData("/odd@upper-X", "odd@upper-X")]
    [InlineData("/odd@10", "odd@10")]
    [InlineData("/cpus@5", "cpus@5")]
    [InlineData("disk/deeper", "deeper")]
    [InlineData("/pci:x/ide/disk@9", "disk@9")]
    [InlineData("/memory\0", "")]
    public void A_specifier_that_names_nothing_says_which_element(string specifier, string failed)
    {
        DeviceResolution answer = _tree.Resolve(specifier);
        Assert.False(answer.Found);
        Assert.Null(answer.Node);
        Assert.Null(answer.Arguments);
        Assert.Equal(failed, answer.FailedComponent);
        Assert.Equal("", answer.CanonicalPath);
    }

    [Fact]
    public void Aliases_that_name_each_other_end()
    {
        Assert.False(_tree.Resolve("loop").Found);
        Assert.False(new DeviceTree().Resolve("disk").Found);
    }

    [Fact]
    public void Every_node_on_the_way_keeps_its_own_arguments()
    {
        DeviceResolution found = _tree.Resolve("/pci:a/ide@c,1:b/disk:c/d");
        Assert.Equal(
            [("/", null), ("/pci@80000000", "a"), ("/pci@80000000/ide@c,1", "b"), ("/pci@80000000/ide@c,1/disk@0", "c/d")],
            found.Steps.Select(step => (step.Node.Path, step.Arguments)));
        Assert.Equal("/pci@80000000:a/ide@c,1:b/disk@0:c/d", found.CanonicalPath);
        Assert.Equal(found.CanonicalPath, _tree.Resolve(found.CanonicalPath).CanonicalPath);
    }

    [Fact]
    public void An_alias_in_the_middle_of_a_path_keeps_its_arguments()
    {
        DeviceResolution found = _tree.Resolve("scsi/disk@0:2");
        Assert.Equal("/pci@80000000/ide@c,1:fast/disk@0:2", found.CanonicalPath);
    }

    [Fact]
    public void A_specifier_beyond_the_length_limit_names_nothing()
    {
        string longest = "/memory:" + new string('x', DevicePath.MaxLength - 8);
        Assert.True(_tree.Resolve(longest).Found);
        Assert.False(_tree.Resolve(longest + "x").Found);
        Assert.False(_tree.Resolve(new byte[100_000]).Found);
        Assert.False(DevicePath.TryParse(longest + "x", out _));
    }

    [Fact]
    public void An_exact_name_wins_over_an_equal_address_and_over_a_missing_one()
    {
        DeviceTree tree = new();
        tree.Root.AddChild("cpu@00");
        tree.Root.AddChild("cpu@0");
        tree.Root.AddChild("cpu");
        Assert.Equal("/cpu@0", tree.Find("/cpu@0")!.Path);
        Assert.Equal("/cpu", tree.Find("/cpu")!.Path);
        Assert.Equal("/cpu@00", tree.Find("/cpu@000")!.Path);
    }

    [Fact]
    public void A_parsed_path_has_its_parts()
    {
        Assert.True(DevicePath.TryParse("cd:,\\x/a@1,2:b/@3", out DevicePath? path));
        Assert.Equal(("cd", ",\\x"), (path.Alias!.Value.Name, path.Alias.Value.Arguments));
        Assert.Equal(
            [("a", "1,2", "b"), ("", "3", null)],
            path.Components.Select(component => (component.Name, component.UnitAddress, component.Arguments)));
    }

    [Theory]
    [InlineData("c,1", "C,1", true)]
    [InlineData("0c,01", "c,1", true)]
    [InlineData("c", "c,0", true)]
    [InlineData("c", "c,0,0", true)]
    [InlineData("c,1", "c", false)]
    [InlineData("i3f8", "I03F8", true)]
    [InlineData("i3f8", "3f8", false)]
    [InlineData("i", "i", true)]
    [InlineData("i", "I", false)]
    [InlineData("", "0", false)]
    [InlineData("c,", "c", false)]
    [InlineData("c,", "c,0", false)]
    [InlineData(",1", "0,1", false)]
    [InlineData("ffffffffffffffff", "FFFFFFFFFFFFFFFF", true)]
    [InlineData("10000000000000000", "010000000000000000", false)]
    [InlineData("hello world", "hello world", true)]
    [InlineData("hello world", "Hello World", false)]
    [InlineData("-1", "-01", false)]
    [InlineData(" 1", "1", false)]
    public void Unit_addresses_compare_by_value(string first, string second, bool equal)
    {
        Assert.Equal(equal, UnitAddress.Matches(first, second));
        Assert.Equal(equal, UnitAddress.Matches(second, first));
    }

    [Fact]
    public void Every_node_of_any_tree_is_found_by_its_path_unless_a_twin_hides_it() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            DeviceTree tree = RandomTree.From(bytes, phandles: false);
            foreach (DeviceNode node in tree.Nodes())
            {
                bool hidden = false;
                for (DeviceNode at = node; at.Parent != null; at = at.Parent)
                {
                    hidden |= at.Parent.Child(at.Name) != at;
                }

                Assert.True(hidden || tree.Find(node.Path) == node, node.Path);
            }
        }, iter: 300, threads: 1);

    [Fact]
    public void No_text_throws()
    {
        const string Alphabet = "/:@,\\acdipk01sktz\0\u00e9 ";
        Gen.Int[0, Alphabet.Length - 1].Array[0, 60].Sample(letters =>
        {
            string text = string.Concat(letters.Select(i => Alphabet[i]));
            DeviceResolution answer = _tree.Resolve(text);
            Assert.Equal(answer.Found, answer.Node != null);
            if (answer.Found)
            {
                Assert.Same(answer.Node, _tree.Resolve(answer.CanonicalPath).Node);
            }
        }, iter: 5000, threads: 1);
    }
}
