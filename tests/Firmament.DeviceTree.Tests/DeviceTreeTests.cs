using System.Text;

namespace Firmament.DeviceTree.Tests;

public sealed class DeviceTreeTests
{
    private readonly DeviceTree _tree = new();

    [Fact]
    public void Phandles_count_from_one_in_order_of_creation()
    {
        DeviceNode first = _tree.Root.AddChild("a");
        DeviceNode second = first.AddChild("b");
        Assert.Equal([1u, 2u, 3u], [_tree.Root.Phandle, first.Phandle, second.Phandle]);
        Assert.Same(second, _tree.Find(3u));
        Assert.Null(_tree.Find(0u));
        Assert.Null(_tree.Find(uint.MaxValue));
    }

    [Fact]
    public void A_chosen_phandle_is_used_and_skipped_by_the_counter()
    {
        DeviceNode chosen = _tree.Root.AddChild("a", 2);
        DeviceNode next = _tree.Root.AddChild("b");
        Assert.Same(chosen, _tree.Find(2u));
        Assert.Equal(3u, next.Phandle);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(uint.MaxValue)]
    public void A_reserved_or_taken_phandle_is_refused_and_adds_nothing(uint phandle)
    {
        Assert.Throws<ArgumentException>(() => _tree.Root.AddChild("a", phandle));
        Assert.Empty(_tree.Root.Children);
        Assert.Equal(1, _tree.NodeCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0")]
    [InlineData("\u0100")]
    public void A_node_name_that_no_path_can_spell_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => _tree.Root.AddChild(name));

    [Fact]
    public void A_tree_holds_64_levels_and_no_more()
    {
        DeviceNode node = _tree.Root;
        for (int level = 1; level < DeviceTree.MaxDepth; level++)
        {
            node = node.AddChild("n");
        }

        Assert.Equal(DeviceTree.MaxDepth, _tree.NodeCount);
        Assert.Throws<InvalidOperationException>(() => node.AddChild("n"));
    }

    [Fact]
    public void A_renamed_node_keeps_phandle_place_and_children_and_is_found_by_its_new_name()
    {
        List<DeviceNode> all = [.. Enumerable.Range(0, 20).Select(i => _tree.Root.AddChild($"n@{i:x}"))];
        DeviceNode child = all[7].AddChild("child");
        Assert.Equal("/n@7/child", child.Path);
        Assert.Same(all[7], _tree.Root.Child("n@7"));
        uint phandle = all[7].Phandle;

        all[7].Rename("other@60302031b0000");

        Assert.Equal(("other", "60302031b0000", phandle), (all[7].BaseName, all[7].UnitAddress, all[7].Phandle));
        Assert.Equal("/other@60302031b0000/child", child.Path);
        Assert.Same(all[7], _tree.Root.Child("other@60302031b0000"));
        Assert.Null(_tree.Root.Child("n@7"));
        Assert.Same(all[8], all[7].NextSibling);
        Assert.Throws<ArgumentException>(() => all[7].Rename("a/b"));
    }

    [Fact]
    public void Siblings_stay_linked_when_first_middle_and_last_are_removed()
    {
        List<DeviceNode> all = [.. Enumerable.Range(0, 20).Select(i => _tree.Root.AddChild($"n@{i:x}"))];
        foreach (int index in new[] { 0, 7, 19, 8 })
        {
            all[index].Remove();
        }

        List<DeviceNode> expected = [.. all.Where((_, i) => i is not (0 or 7 or 8 or 19))];
        List<DeviceNode> walked = [];
        for (DeviceNode? node = _tree.Root.FirstChild; node != null; node = node.NextSibling)
        {
            walked.Add(node);
        }

        Assert.Equal(expected, walked);
        Assert.Equal(expected, _tree.Root.Children);
        Assert.Null(_tree.Root.Child("n@7"));
        Assert.Same(all[9], _tree.Root.Child("n@9"));
    }

    [Fact]
    public void The_first_of_two_children_with_one_name_is_found_and_the_second_after_it_is_gone()
    {
        List<DeviceNode> twins = [_tree.Root.AddChild("twin"), _tree.Root.AddChild("twin")];
        for (int i = 0; i < 10; i++)
        {
            _tree.Root.AddChild($"filler{i}");
        }

        Assert.Same(twins[0], _tree.Root.Child("twin"));
        twins[0].Remove();
        Assert.Same(twins[1], _tree.Root.Child("twin"));
    }

    [Fact]
    public void Removing_a_node_forgets_all_phandles_below_it_and_never_gives_them_again()
    {
        DeviceNode bus = _tree.Root.AddChild("bus");
        DeviceNode device = bus.AddChild("device");
        Assert.Equal("/bus/device", device.Path);
        bus.Remove();
        Assert.Null(_tree.Find(bus.Phandle));
        Assert.Null(_tree.Find(device.Phandle));
        Assert.False(device.IsInTree);
        Assert.Null(bus.Parent);
        Assert.Equal(4u, _tree.Root.AddChild("later").Phandle);
        Assert.Throws<InvalidOperationException>(() => device.AddChild("x"));
        Assert.Throws<InvalidOperationException>(_tree.Root.Remove);
    }

    [Fact]
    public void The_version_grows_with_every_change_and_only_then()
    {
        long last = _tree.Version;
        DeviceNode node = null!;
        Action[] changes =
        [
            () => node = _tree.Root.AddChild("a"),
            () => node.SetCells("x", 1),
            () => node.SetCells("x", 2),
            () => node.TrySet("y"u8, [1]),
            () => node.RemoveProperty("x"),
            () => node.Remove(),
        ];
        foreach (Action change in changes)
        {
            change();
            Assert.True(_tree.Version > last);
            last = _tree.Version;
        }

        _ = node.Path;
        _ = node["y"];
        _ = node.RemoveProperty("absent");
        _ = node.TrySet(""u8, []);
        _ = _tree.Find("/a");
        Assert.Equal(last, _tree.Version);
    }

    [Fact]
    public void A_property_is_found_by_bytes_without_allocation()
    {
        DeviceNode node = _tree.Root.AddChild("cpu").SetCells("timebase-frequency", 33_333_333).SetString("é", "latin");
        byte[] name = "timebase-frequency"u8.ToArray();
        uint phandle = node.Phandle;
        Assert.Equal(node["timebase-frequency"], _tree.Find(phandle)!.Find(name));

        long before = GC.GetAllocatedBytesForCurrentThread();
        int hits = 0;
        for (int i = 0; i < 1000; i++)
        {
            hits += _tree.Find(phandle)?.Find(name) != null ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, hits);
        Assert.Equal("latin", Encoding.Latin1.GetString(node.Find([0xe9])!.Value.Span[..5]));
        Assert.Null(node.Find("absent"u8));
        Assert.Null(node.Find(new byte[5000]));
        Assert.Null(node.Find([]));
    }

    [Fact]
    public void Properties_come_in_order_of_creation_by_bytes_too()
    {
        DeviceNode node = _tree.Root.SetEmpty("a").SetEmpty("b").SetEmpty("c");
        node.RemoveProperty("b");
        Assert.Equal("a", node.NextProperty(""u8, out bool found)?.Name);
        Assert.True(found);
        Assert.Equal("c", node.NextProperty("a"u8, out found)?.Name);
        Assert.Null(node.NextProperty("c"u8, out found));
        Assert.True(found);
        Assert.Null(node.NextProperty("b"u8, out found));
        Assert.False(found);
    }

    [Fact]
    public void A_guest_cannot_set_names_that_are_none_nor_fill_the_host()
    {
        DeviceNode node = _tree.Root;
        Assert.False(node.TrySet([], [1]));
        Assert.False(node.TrySet(new byte[256].Select(_ => (byte)'a').ToArray(), [1]));
        Assert.False(node.TrySet("a\0b"u8, [1]));
        Assert.Empty(node.Properties);

        _tree.FootprintLimit = 4096;
        int stored = 0;
        while (node.TrySet(Encoding.Latin1.GetBytes($"p{stored}"), new byte[16]) && stored < 1000)
        {
            stored++;
        }

        Assert.InRange(stored, 10, 40);
        Assert.False(node.TrySet("p0"u8, new byte[5000]));
        Assert.Equal(16, node["p0"]!.Value.Length);
        Assert.True(node.TrySet("p0"u8, [7]));
        Assert.Equal(1, node["p0"]!.Value.Length);
    }

    [Fact]
    public void The_footprint_returns_to_zero_when_everything_is_removed()
    {
        DeviceNode node = _tree.Root.AddChild("a").SetCells("x", 1, 2).SetEmpty("y");
        node.AddChild("b").SetString("z", "text");
        node.SetCells("x", 1);
        Assert.True(_tree.Footprint > 0);
        node.RemoveProperty("y");
        node.Remove();
        node.SetCells("after", 1);
        Assert.Equal(0, _tree.Footprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData("\u0100")]
    public void A_property_name_outside_iso_8859_1_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => _tree.Root.SetEmpty(name));

    [Fact]
    public void A_cell_index_beyond_any_value_is_absent()
    {
        _tree.Root.SetCells("x", 5, 6);
        Assert.True(_tree.Root.TryGetCell("x", 1, out uint cell));
        Assert.Equal(6u, cell);
        Assert.False(_tree.Root.TryGetCell("x", 2, out _));
        Assert.False(_tree.Root.TryGetCell("x", int.MaxValue, out _));
        Assert.False(_tree.Root.TryGetCell("x", -1, out _));
        Assert.False(_tree.Root.TryGetCell("y", 0, out _));
    }

    [Fact]
    public void Nodes_come_parents_first_in_order()
    {
        DeviceNode a = _tree.Root.AddChild("a");
        DeviceNode b = _tree.Root.AddChild("b");
        a.AddChild("c").AddChild("d");
        b.AddChild("e");
        Assert.Equal(["/", "/a", "/a/c", "/a/c/d", "/b", "/b/e"], _tree.Nodes().Select(node => node.Path));
    }
}
