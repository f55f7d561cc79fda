using System.Text;
using CsCheck;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;
using Firmament.DeviceTree.Text;

namespace Firmament.DeviceTree.Tests;

public sealed class DtsWriterTests
{
    private static readonly DeviceTreeDiffOptions InOrder = new() { Order = true };

    [Fact]
    public void A_tree_is_written_in_the_manner_of_dtc()
    {
        DeviceTree tree = new();
        tree.Root.SetStrings("compatible", "a", "b\"\\").SetEmpty("flag");
        tree.Root.AddChild("memory@0").SetCells("reg", 0, 0x20000000).Set("bytes", new byte[] { 1, 0xff, 3 });
        tree.Root.AddChild("cpus");
        string expected = """
            /dts-v1/;

            /memreserve/	0x0000000000001000 0x0000000000000200;
            / {
            	compatible = "a", "b\"\\";
            	flag;

            	memory@0 {
            		reg = <0x00 0x20000000>;
            		bytes = [01 ff 03];
            	};

            	cpus {
            	};
            };

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), DtsWriter.Write(tree, [new FdtReservation(0x1000, 0x200)]));
    }

    [Theory]
    [InlineData("x", "", "")]
    [InlineData("x", "00", "[00]")]
    [InlineData("x", "61 00", "\"a\"")]
    [InlineData("x", "61 00 62 00", "\"a\", \"b\"")]
    [InlineData("x", "61 62 00 00", "\"ab\", \"\"")]
    [InlineData("x", "61 00 00", "[61 00 00]")]
    [InlineData("x", "61 62 63 00", "\"abc\"")]
    [InlineData("reg", "61 62 63 00", "<0x61626300>")]
    [InlineData("#x", "61 62 63 00", "<0x61626300>")]
    [InlineData("reg", "61 62 00", "\"ab\"")]
    [InlineData("x", "00 00 00 00", "<0x00>")]
    [InlineData("x", "61 62 63 64", "<0x61626364>")]
    [InlineData("x", "e9 62 63 00", "<0xe9626300>")]
    [InlineData("x", "e9 00", "[e9 00]")]
    [InlineData("x", "07 08 09 0a 0b 0c 0d 22 5c 00", "\"\\a\\b\\t\\n\\v\\f\\r\\\"\\\\\"")]
    [InlineData("x", "1b 61 00", "[1b 61 00]")]
    public void The_notation_of_a_value_is_guessed_alike_every_time(string name, string bytes, string text) =>
        Assert.Equal(text, PropertyText.Format(name, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void A_name_dts_cannot_spell_becomes_a_comment_that_cannot_be_closed_early()
    {
        DeviceTree tree = new();
        tree.Root.SetString("a */ b", "*/ evil").SetEmpty("ok");
        tree.Root.AddChild("odd {name").AddChild("child");
        string dts = DtsWriter.Write(tree);
        Assert.Contains("/* no DTS spelling: a \\x2a\\x2f b = \"\\x2a\\x2f evil\" */", dts, StringComparison.Ordinal);
        Assert.Contains("/* no DTS spelling: node odd {name and what is below it */", dts, StringComparison.Ordinal);
        DeviceTree compiled = FlattenedTree.Read(DeviceTreeCompiler.Compile(dts)).Image!.Tree;
        Assert.Equal("ok", Assert.Single(compiled.Root.Properties).Name);
    }

    [Theory]
    [MemberData(nameof(FlattenedTreeTests.RealBlobs), MemberType = typeof(FlattenedTreeTests))]
    public void Dtc_compiles_the_text_of_a_real_tree_to_an_equal_one(string file)
    {
        FdtImage image = FlattenedTree.Read(SharedFolder.Read(file)).Image!;
        FdtImage compiled = FlattenedTree.Read(DeviceTreeCompiler.Compile(DtsWriter.Write(image))).Image!;
        DeviceTreeDiff diff = DeviceTreeDiff.Compare(image.Tree, compiled.Tree, InOrder);
        Assert.True(diff.IsEmpty, diff.ToString());
        Assert.Equal(image.Reservations, compiled.Reservations);
    }

    /// <summary>But for two habits of dtc 1.6: it drops names that repeat the node's, and joins strings as "a\0b".</summary>
    [Theory]
    [MemberData(nameof(FlattenedTreeTests.RealBlobs), MemberType = typeof(FlattenedTreeTests))]
    public void The_text_of_a_real_tree_is_what_dtc_wrote(string file)
    {
        FdtImage image = FlattenedTree.Read(SharedFolder.Read(file)).Image!;
        foreach (DeviceNode node in image.Tree.Nodes().Where(node => node.GetString("name") == node.BaseName))
        {
            node.RemoveProperty("name");
        }

        string oracle = Encoding.Latin1.GetString(SharedFolder.Read(Path.ChangeExtension(file, ".dts")));
        Assert.Equal(oracle.Replace("\\0", "\", \"", StringComparison.Ordinal), DtsWriter.Write(image));
    }

    [Fact]
    public void Dtc_compiles_the_text_of_any_tree_to_an_equal_one()
    {
        DeviceTreeCompiler.Require();
        Gen.Byte.Array[50, 400].Sample(bytes =>
        {
            DeviceTree tree = RandomTree.From(bytes, phandles: true);
            RemoveTwins(tree);
            List<FdtReservation> reservations = RandomTree.Reservations(bytes);
            FdtResult result = FlattenedTree.Read(DeviceTreeCompiler.Compile(DtsWriter.Write(tree, reservations)));
            Assert.True(result.Ok, result.ToString());
            DeviceTreeDiff diff = DeviceTreeDiff.Compare(tree, result.Image.Tree, InOrder);
            Assert.True(diff.IsEmpty, diff.ToString());
            Assert.Equal(reservations, result.Image.Reservations);
        }, iter: 60, threads: 1);
    }

    [Fact]
    public void An_outline_shows_nodes_indented_with_their_properties()
    {
        DeviceTree tree = new();
        tree.Root.SetString("model", "x");
        tree.Root.AddChild("a\u001b").SetEmpty("flag").AddChild("b");
        Assert.Equal(
            "/  (phandle 0x1)\n    model = \"x\"\n  a\\x1b  (phandle 0x2)\n      flag\n    b  (phandle 0x3)\n", TreeOutline.Write(tree));
        Assert.Equal("/  (phandle 0x1)\n  a\\x1b  (phandle 0x2)\n    b  (phandle 0x3)\n", TreeOutline.Write(tree, properties: false));
    }

    /// <summary>dtc merges siblings of one name.</summary>
    private static void RemoveTwins(DeviceTree tree)
    {
        foreach (DeviceNode node in tree.Nodes().ToList())
        {
            if (node.IsInTree && node.Parent != null && node.Parent.Child(node.Name) != node)
            {
                node.Remove();
            }
        }
    }
}
