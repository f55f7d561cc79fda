using CsCheck;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;

namespace Firmament.DeviceTree.Tests;

public sealed class DeviceTreeDiffTests
{
    public static TheoryData<string, Action<DeviceTree>, string[]> Table => new()
    {
        { "nothing", _ => { }, [] },
        { "node added", tree => tree.Root.AddChild("new").SetEmpty("flag").AddChild("sub"), ["+ /new", "+ /new: flag", "+ /new/sub"] },
        { "node removed", tree => tree.Find("/pci/isa")!.Remove(), ["- /pci/isa@c", "- /pci/isa@c: reg = <0x01 0x02>"] },
        { "property added", tree => tree.Root.SetString("model", "x"), ["+ /: model = \"x\""] },
        { "property removed", tree => tree.Find("/pci/isa")!.RemoveProperty("reg"), ["- /pci/isa@c: reg = <0x01 0x02>"] },
        { "property changed", tree => tree.Find("/pci/isa")!.SetCells("reg", 9), ["~ /pci/isa@c: reg = <0x01 0x02> -> <0x09>"] },
        { "property emptied", tree => tree.Find("/pci/isa")!.SetEmpty("reg"), ["~ /pci/isa@c: reg = <0x01 0x02> -> (empty)"] },
        { "property filled", tree => tree.Root.SetCells("empty", 1), ["~ /: empty = (empty) -> <0x01>"] },
        { "control characters", tree => tree.Root.SetString("a\u001b[2J", "x"), ["+ /: a\\x1b[2J = \"x\""] },
        { "property order", tree => Move(tree.Root, "empty"), ["~ /: properties in another order"] },
        { "child order", tree => MoveFirst(tree), ["~ /: children in another order"] },
        {
            "one of two twins removed", tree => tree.Root.Children[^1].Remove(),
            ["- /twin", "- /twin: n = <0x02>"]
        },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_change_is_reported_as_its_lines(string name, Action<DeviceTree> change, string[] lines)
    {
        DeviceTree after = Example();
        change(after);
        DeviceTreeDiff diff = DeviceTreeDiff.Compare(Example(), after, new DeviceTreeDiffOptions { Order = true });
        Assert.True(lines.SequenceEqual(diff.Changes.Select(line => line.ToString())), $"{name}:\n{diff}");
        Assert.Equal(lines.Length == 0, diff.IsEmpty);
    }

    [Fact]
    public void Order_is_not_compared_unless_asked_for()
    {
        DeviceTree after = Example();
        Move(after.Root, "empty");
        MoveFirst(after);
        Assert.True(DeviceTreeDiff.Compare(Example(), after).IsEmpty);
    }

    [Fact]
    public void What_a_node_has_anyway_may_be_spelt_out_on_one_side()
    {
        DeviceTree spelt = Example();
        spelt.Find("/pci/isa")!.SetString("name", "isa").SetCells("phandle", 7);
        Assert.True(DeviceTreeDiff.Compare(Example(), spelt).IsEmpty);
        Assert.True(DeviceTreeDiff.Compare(spelt, Example()).IsEmpty);

        spelt.Find("/pci/isa")!.SetString("name", "another");
        Assert.Equal(["+ /pci/isa@c: name = \"another\""], DeviceTreeDiff.Compare(Example(), spelt).Changes.Select(static line => line.ToString()));
    }

    [Fact]
    public void Ignored_properties_are_not_compared()
    {
        DeviceTree after = Example();
        after.Root.SetCells("phandle", 7);
        after.Root.AddChild("new").SetCells("phandle", 8);
        DeviceTreeDiffOptions options = new() { IgnoredProperties = new HashSet<string> { "phandle" } };
        Assert.Equal("+ /new\n", DeviceTreeDiff.Compare(Example(), after, options).ToString());
    }

    [Fact]
    public void A_long_value_is_cut_and_says_its_length()
    {
        DeviceTree after = Example();
        after.Root.Set("blob", new byte[1001]).SetString("text", new string('a', 999));
        string lines = DeviceTreeDiff.Compare(Example(), after).ToString();
        Assert.Contains("… (1001 bytes)", lines, StringComparison.Ordinal);
        Assert.Contains("aaa\"… (1000 bytes)", lines, StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Split('\n'), line => line.Length > 500);
    }

    [Fact]
    public void Two_real_trees_differ_and_each_equals_itself()
    {
        DeviceTree first = FlattenedTree.Read(SharedFolder.Read("guests/oracle/pseries/pseries-POWER8-vof-on.dtb")).Image!.Tree;
        DeviceTree second = FlattenedTree.Read(SharedFolder.Read("guests/oracle/pseries/pseries-POWER9-vof-on.dtb")).Image!.Tree;
        DeviceTreeDiff diff = DeviceTreeDiff.Compare(first, second);
        Assert.Contains(diff.Changes, change => change is { Kind: DeviceTreeChangeKind.NodeAdded, Path: "/cpus/PowerPC,POWER9@0" });
        Assert.Contains(diff.Changes, change => change is { Kind: DeviceTreeChangeKind.NodeRemoved, Path: "/cpus/PowerPC,POWER8@0" });
        Assert.True(DeviceTreeDiff.Compare(first, first, new DeviceTreeDiffOptions { Order = true }).IsEmpty);
    }

    [Fact]
    public void Comparing_the_other_way_swaps_added_and_removed() =>
        Gen.Select(Gen.Byte.Array[0, 150], Gen.Byte.Array[0, 150]).Sample((left, right) =>
        {
            DeviceTree first = RandomTree.From(left, phandles: false);
            DeviceTree second = RandomTree.From(right, phandles: false);
            Dictionary<DeviceTreeChangeKind, int> there = Count(DeviceTreeDiff.Compare(first, second));
            Dictionary<DeviceTreeChangeKind, int> back = Count(DeviceTreeDiff.Compare(second, first));
            Assert.Equal(there.GetValueOrDefault(DeviceTreeChangeKind.NodeAdded), back.GetValueOrDefault(DeviceTreeChangeKind.NodeRemoved));
            Assert.Equal(
                there.GetValueOrDefault(DeviceTreeChangeKind.PropertyAdded), back.GetValueOrDefault(DeviceTreeChangeKind.PropertyRemoved));
            Assert.Equal(
                there.GetValueOrDefault(DeviceTreeChangeKind.PropertyChanged), back.GetValueOrDefault(DeviceTreeChangeKind.PropertyChanged));
        }, iter: 300, threads: 1);

    private static Dictionary<DeviceTreeChangeKind, int> Count(DeviceTreeDiff diff) =>
        diff.Changes.GroupBy(change => change.Kind).ToDictionary(group => group.Key, group => group.Count());

    private static DeviceTree Example()
    {
        DeviceTree tree = new();
        tree.Root.SetEmpty("empty").SetString("compatible", "chrp");
        tree.Root.AddChild("pci").AddChild("isa@c").SetCells("reg", 1, 2);
        tree.Root.AddChild("cpus");
        tree.Root.AddChild("twin").SetCells("n", 1);
        tree.Root.AddChild("twin").SetCells("n", 2);
        return tree;
    }

    private static void Move(DeviceNode node, string property)
    {
        ReadOnlyMemory<byte> value = node[property]!.Value;
        node.RemoveProperty(property);
        node.Set(property, value);
    }

    private static void MoveFirst(DeviceTree tree)
    {
        tree.Find("/pci")!.Remove();
        tree.Root.AddChild("pci").AddChild("isa@c").SetCells("reg", 1, 2);
    }
}
