using Firmament.Core.Memory;
using Firmament.Core.State;

namespace Firmament.Core.Tests.State;

public sealed class SaveLoadTests : IDisposable
{
    private readonly Component _saved = new();
    private readonly Component _loaded = new();

    public SaveLoadTests() => _saved.Fill();

    public void Dispose()
    {
        _saved.Dispose();
        _loaded.Dispose();
    }

    [Fact]
    public void Every_kind_of_field_comes_back()
    {
        _loaded.Memory.TryFill(new(0), _loaded.Memory.Size, 0xff);
        _loaded.Load(_saved.Save());

        Assert.Equal((0xfe, 0xfedc, 0xfedcba98u, -2), ((int)_loaded.Byte, (int)_loaded.Half, _loaded.Word, _loaded.Signed));
        Assert.Equal((long.MinValue, ulong.MaxValue, true, "bootargs é"), (_loaded.Long, _loaded.Double, _loaded.Flag, _loaded.Text));
        Assert.Equal([1, 2, 3, 4, 5], _loaded.Block);
        Assert.Equal(_saved.Hash(), _loaded.Hash());
        Assert.Equal(_saved.Save(), _loaded.Save());
    }

    [Fact]
    public void Empty_pages_take_no_room()
    {
        using Component large = new(64 << 20);
        Assert.InRange(large.Save().Length, 1, 1000);
        large.Memory.TryWriteUInt8(new(1 << 20), 1);
        Assert.InRange(large.Save().Length, GuestMemory.PageSize, GuestMemory.PageSize + 1000);
    }

    [Fact]
    public void Loading_drops_decoded_code()
    {
        List<ulong> dropped = [];
        unsafe
        {
            _loaded.Memory.CodeGrains[3] = 1;
        }

        _loaded.Memory.CodeOverwritten = dropped.Add;
        _loaded.Load(_saved.Save());
        Assert.Contains(3UL, dropped);
    }

    [Fact]
    public void An_older_version_is_the_components_to_understand_and_a_newer_one_is_refused()
    {
        _loaded.Version = 2;
        _loaded.Load(_saved.Save());
        Assert.Equal(1, _loaded.VersionFound);

        _saved.Version = 3;
        AssertRefused("machine/fields", "it has version 3, and this program knows versions up to 2", _saved.Save());
    }

    [Fact]
    public void A_field_of_another_name_is_refused()
    {
        _loaded.FieldName = "other";
        AssertRefused("machine/fields/other", "it has value 'byte' where the machine has value 'other'", _saved.Save());
    }

    [Fact]
    public void A_block_of_another_length_is_refused()
    {
        _loaded.Block = new byte[6];
        AssertRefused("machine/fields/block", "it has 5 bytes where the machine has 6", _saved.Save());
    }

    [Fact]
    public void Memory_of_another_size_is_refused_and_left_alone()
    {
        using Component smaller = new(4096);
        smaller.Memory.TryWriteUInt8(new(0), 9);
        StateFormatException error = Assert.Throws<StateFormatException>(() => smaller.Load(_saved.Save()));
        Assert.Equal("machine/memory/ram", error.Path);
        smaller.Memory.TryReadUInt8(new(0), out byte first);
        Assert.Equal(9, first);
    }

    [Fact]
    public void What_is_no_saved_state_is_refused_at_once()
    {
        const string Problem = "it does not begin as a state saved by this version does";
        AssertRefused("", Problem, []);
        AssertRefused("", Problem, "firmament-state-9\n and more"u8.ToArray());
    }

    [Fact]
    public void A_state_that_ends_anywhere_is_refused()
    {
        byte[] state = _saved.Save();
        for (int length = 0; length < state.Length; length += length is > 300 and < 8000 ? 97 : 1)
        {
            Assert.Throws<StateFormatException>(() => _loaded.Load(state[..length]));
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_is_noticed()
    {
        byte[] state = _saved.Save();
        for (int at = 0; at < state.Length; at += at is > 300 and < 8000 ? 97 : 1)
        {
            byte[] changed = [.. state];
            changed[at] ^= 0x10;
            Assert.Throws<StateFormatException>(() => _loaded.Load(changed));
        }
    }

    [Fact]
    public void A_state_with_an_open_group_or_too_long_a_name_is_not_written()
    {
        using MemoryStream stream = new();
        SaveVisitor save = new(stream);
        ulong value = 0;
        Assert.Throws<ArgumentException>(() => save.Field(new string('x', 256), ref value));
        save.Begin("group", 1);
        Assert.Throws<InvalidOperationException>(save.Complete);
    }

    private void AssertRefused(string path, string problem, byte[] state)
    {
        StateFormatException error = Assert.Throws<StateFormatException>(() => _loaded.Load(state));
        Assert.Equal(path, error.Path);
        Assert.EndsWith(": " + problem, error.Message, StringComparison.Ordinal);
    }
}
