using System.Buffers.Binary;
using System.Text;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;

namespace Firmament.DeviceTree.Tests;

public sealed class FlattenedTreeTests
{
    public static TheoryData<string> RealBlobs =>
    [
        "guests/oracle/pegasos2/pegasos2-72.dtb",
        "guests/oracle/pegasos2/pegasos2-72-running.dtb",
        "guests/oracle/pegasos2/pegasos2-100-running.dtb",
        "guests/oracle/pegasos2/pegasos2-111-running.dtb",
        "guests/oracle/pseries/pseries-POWER8-vof-off.dtb",
        "guests/oracle/pseries/pseries-POWER8-vof-on.dtb",
        "guests/oracle/pseries/pseries-POWER9-vof-off.dtb",
        "guests/oracle/pseries/pseries-POWER9-vof-on.dtb",
    ];

    [Theory]
    [MemberData(nameof(RealBlobs))]
    public void A_real_blob_is_written_back_byte_for_byte(string file)
    {
        byte[] blob = SharedFolder.Read(file);
        FdtResult result = FlattenedTree.Read(blob);
        Assert.True(result.Ok, result.ToString());
        Assert.True(blob.AsSpan().SequenceEqual(result.Image.Write()), "the bytes differ");
    }

    [Theory]
    [MemberData(nameof(RealBlobs))]
    public void A_real_blob_truncated_anywhere_is_an_error(string file)
    {
        byte[] blob = SharedFolder.Read(file);
        for (int length = 0; length < blob.Length; length += length < 2000 ? 1 : 997)
        {
            FdtResult result = FlattenedTree.Read(blob.AsSpan(0, length));
            Assert.Equal((FdtError.Truncated, length), (result.Error, result.Offset));
        }
    }

    [Fact]
    public void A_changed_tree_keeps_the_layout_that_still_fits()
    {
        byte[] blob = SharedFolder.Read("guests/oracle/pegasos2/pegasos2-72.dtb");
        FdtImage image = FlattenedTree.Read(blob).Image!;
        image.Tree.Find("/chosen")!.SetString("bootargs", "console=ttyS0 a-longer-line").SetEmpty("a-new-name");
        image.Tree.Find("/cpus")!.AddChild("cpu@7").SetCells("reg", 7);
        image.Tree.Find("/pci@c0000000")!.Remove();
        byte[] changed = image.Write();
        Assert.Equal(blob.Length, changed.Length);
        FdtResult again = FlattenedTree.Read(changed);
        Assert.True(again.Ok, again.ToString());
        Assert.True(DeviceTreeDiff.Compare(image.Tree, again.Image.Tree, new DeviceTreeDiffOptions { Order = true }).IsEmpty);
        Assert.Equal(changed, again.Image.Write());
    }

    [Fact]
    public void Real_phandles_become_those_of_the_nodes()
    {
        DeviceTree tree = FlattenedTree.Read(SharedFolder.Read("guests/oracle/pseries/pseries-POWER9-vof-on.dtb")).Image!.Tree;
        Assert.Equal(0x1112u, tree.Root.Phandle);
        Assert.Equal("/chosen", tree.Find(0x1114u)!.Path);
        Assert.Equal(tree.NodeCount, tree.Nodes().Select(node => node.Phandle).Distinct().Count());
        Assert.All(tree.Nodes(), node => Assert.Same(node, tree.Find(node.Phandle)));
    }

    [Theory]
    [InlineData("-V", "17")]
    [InlineData("-S", "20000")]
    [InlineData("-p", "77")]
    [InlineData("-a", "256")]
    [InlineData("-R", "5")]
    [InlineData("-b", "3")]
    [InlineData("-s")]
    [InlineData("-@")]
    [InlineData("-H", "both")]
    public void What_dtc_writes_is_written_back_byte_for_byte(params string[] arguments)
    {
        const string Source = """
            /dts-v1/;
            /memreserve/ 0x1000 0x2000;
            / {
                xreg = <1>; reg = [01 02 03];
                label: a { interrupt-parent = <&b>; device_type = "x"; type = "y"; };
                b: b@1 { reg = <1>; };
            };
            """;
        byte[] blob = DeviceTreeCompiler.Compile(Source, arguments);
        FdtResult result = FlattenedTree.Read(blob);
        Assert.True(result.Ok, result.ToString());
        Assert.Equal(blob, result.Image.Write());
    }

    [Fact]
    public void A_written_tree_has_the_header_and_the_extras_it_was_given()
    {
        DeviceTree tree = new();
        tree.Root.SetString("model", "x").AddChild("cpus").SetEmpty("model");
        FdtReservation[] reservations = [new(0x1000, 0x2000), new(ulong.MaxValue - 4095, 4096)];
        byte[] blob = FlattenedTree.Write(
            tree, new FdtWriteOptions { Reservations = [.. reservations, default], BootCpu = 5, FreeSpace = 100 });
        Assert.True(FlattenedTree.TryGetTotalSize(blob, out uint total));
        Assert.Equal((uint)blob.Length, total);
        Assert.Equal([17u, 16u, 5u], [Word(blob, 20), Word(blob, 24), Word(blob, 28)]);
        Assert.Equal(0, blob[^100..].Max());
        Assert.True(FlattenedTree.TryRead(blob, out FdtImage? image, out _));
        Assert.Equal(reservations, image.Reservations);
        Assert.Equal(5u, image.BootCpu);
        Assert.Equal(blob, image.Write());
        Assert.Equal(1, Occurrences(blob, "model\0"));
    }

    [Fact]
    public void Phandle_properties_are_stored_added_or_left_out_as_asked()
    {
        DeviceTree tree = new();
        DeviceNode stored = tree.Root.AddChild("stored").SetCells("linux,phandle", 2);
        DeviceNode plain = tree.Root.AddChild("plain").SetEmpty("x");
        DeviceTree asStored = Reread(tree, FdtPhandles.AsStored);
        DeviceTree all = Reread(tree, FdtPhandles.All);
        DeviceTree none = Reread(tree, FdtPhandles.None);
        Assert.Null(asStored.Find("/plain")!["phandle"]);
        Assert.Equal(stored.Phandle, asStored.Find("/stored")!.Phandle);
        Assert.All(tree.Nodes(), node => Assert.Equal(node.Path, all.Find(node.Phandle)!.Path));
        Assert.Equal(["x", "phandle"], all.Find("/plain")!.Properties.Select(property => property.Name));
        Assert.Equal(plain.Phandle, all.Find("/plain")!.Phandle);
        Assert.Empty(none.Find("/stored")!.Properties);
    }

    [Fact]
    public void Redundant_names_can_be_left_out_and_others_stay()
    {
        DeviceTree tree = new();
        tree.Root.SetString("name", "bplan,Pegasos2");
        tree.Root.AddChild("pci@80000000").SetString("name", "pci");
        DeviceTree read = FlattenedTree.Read(FlattenedTree.Write(tree, new FdtWriteOptions { OmitRedundantNames = true })).Image!.Tree;
        Assert.Equal("bplan,Pegasos2", read.Root.GetString("name"));
        Assert.Empty(read.Find("/pci")!.Properties);
    }

    [Fact]
    public void A_node_without_a_phandle_property_gets_a_number_no_other_node_has()
    {
        DeviceTree tree = new();
        tree.Root.AddChild("first");
        tree.Root.AddChild("second").SetCells("phandle", 1);
        tree.Root.AddChild("third").SetCells("phandle", uint.MaxValue - 1);
        DeviceTree read = FlattenedTree.Read(FlattenedTree.Write(tree)).Image!.Tree;
        Assert.Equal([2u, 3u, 1u, uint.MaxValue - 1], read.Nodes().Select(node => node.Phandle));
        Assert.Equal(4u, read.Root.AddChild("later").Phandle);
    }

    [Fact]
    public void Nops_odd_padding_shared_strings_and_odd_block_order_survive()
    {
        BlobBuilder builder = new();
        builder.Word(4).Begin("").Word(4).Word(4).Property("device_type", [1, 2, 3], padding: [9])
            .PropertyAt(builder.Name("device_type") + 7, [1]).Word(4);
        builder.Begin("abcd", padding: [7, 7, 7]).Word(4).End().Word(4).End().Word(4).Finish();
        byte[] blob = builder.ToBlob(stringsFirst: true, gap: 12, gapByte: 0x5a);
        FdtResult result = FlattenedTree.Read(blob);
        Assert.True(result.Ok, result.ToString());
        Assert.Equal(["device_type", "type"], result.Image.Tree.Root.Properties.Select(property => property.Name));
        Assert.Equal(blob, result.Image.Write());
    }

    private static DeviceTree Reread(DeviceTree tree, FdtPhandles phandles) =>
        FlattenedTree.Read(FlattenedTree.Write(tree, new FdtWriteOptions { Phandles = phandles })).Image!.Tree;

    private static uint Word(byte[] blob, int offset) => BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(offset));

    private static int Occurrences(byte[] blob, string text) =>
        Encoding.Latin1.GetString(blob).Split(text).Length - 1;
}
