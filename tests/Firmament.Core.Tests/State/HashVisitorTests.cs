using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Core.Tests.State;

public sealed class HashVisitorTests : IDisposable
{
    private readonly Component _component = new();

    public void Dispose() => _component.Dispose();

    [Fact]
    public void The_hash_is_32_digits_and_repeats()
    {
        _component.Fill();
        Assert.Matches("^[0-9a-f]{32}$", _component.Hash());
        Assert.Equal(_component.Hash(), _component.Hash());
    }

    [Fact]
    public void Every_single_change_changes_the_hash()
    {
        HashSet<string> hashes = [_component.Hash()];
        Action<Component>[] changes =
        [
            static c => c.Byte++, static c => c.Half++, static c => c.Word++, static c => c.Signed--, static c => c.Long--,
            static c => c.Double++, static c => c.Flag = true, static c => c.Text = "a", static c => c.Block[4]++, static c => c.Block[0]++,
            static c => c.FieldName = "other",
            static c => c.Memory.TryWriteUInt8(new(0), 1),
            static c => c.Memory.TryWriteUInt8(new(GuestMemory.PageSize), 1),
            static c => c.Memory.TryWriteUInt8(new(c.Memory.Size - 1), 1),
        ];
        foreach (Action<Component> change in changes)
        {
            using Component changed = new();
            change(changed);
            Assert.True(hashes.Add(changed.Hash()), "two different states have the same hash");
        }
    }

    [Fact]
    public void The_same_page_at_another_place_is_another_state()
    {
        using Component low = new(4 << 20);
        using Component high = new(4 << 20);
        low.Memory.TryWriteUInt8(new(0), 1);
        high.Memory.TryWriteUInt8(new(2 << 20), 1);
        Assert.NotEqual(low.Hash(), high.Hash());
    }

    [Fact]
    public void Names_and_order_count()
    {
        Assert.NotEqual(Hash("a", "b"), Hash("b", "a"));
        Assert.NotEqual(Hash("a", "b"), Hash("a", "c"));
        Assert.Equal(Hash("a", "b"), Hash("a", "b"));
    }

    [Fact]
    public void Hashing_changes_nothing()
    {
        _component.Fill();
        byte[] before = _component.Save();
        _component.Hash();
        Assert.Equal(before, _component.Save());
    }

    private static string Hash(string first, string second)
    {
        HashVisitor hash = new();
        ulong one = 1;
        hash.Field(first, ref one);
        hash.Field(second, ref one);
        return hash.Result;
    }
}
