using Firmament.DeviceTree;
using Firmament.Firmware.Nvram;

namespace Firmament.Firmware.Tests;

public sealed class ConfigurationVariablesTests
{
    private readonly MemoryNvram _nvram = new(0x2000);
    private readonly DeviceNode _options = new DeviceTree.DeviceTree().Root.AddChild("options");

    [Fact]
    public void Every_variable_is_shown_with_its_default()
    {
        ConfigurationVariables variables = Make();
        Assert.Equal("true", variables.Get("auto-boot?"));
        Assert.Equal("true", _options.GetString("auto-boot?"));
        Assert.All(variables.Names, name => Assert.Equal(variables.Get(name), _options.GetString(name)));
        Assert.True(NvramPartitions.IsBlank(_nvram));
    }

    [Fact]
    public void What_is_set_is_kept_and_read_by_the_next_firmware()
    {
        Assert.True(Make().TrySet("boot-device", "/pci/disk:2,\\x"));
        Assert.True(Make().TrySet("my-own", "a=b c"));
        ConfigurationVariables next = Make();
        Assert.Equal("/pci/disk:2,\\x", next.Get("boot-device"));
        Assert.Equal("a=b c", next.Get("my-own"));
        Assert.Equal("disk cdrom net", next.DefaultOf("boot-device"));
        Assert.True(next.TryReset("boot-device"));
        Assert.True(next.TryReset("my-own"));
        Assert.False(next.TryReset("my-own"));
        Assert.Null(next.Get("my-own"));
        Assert.Null(_options["my-own"]);
        Assert.Equal("disk cdrom net", Make().Get("boot-device"));
    }

    [Fact]
    public void The_users_choice_counts_until_somebody_sets_the_variable()
    {
        Assert.True(Make().TrySet("auto-boot?", "true"));
        ConfigurationVariables variables = Make(("auto-boot?", "false"));
        Assert.Equal("false", variables.Get("auto-boot?"));
        Assert.Equal("false", _options.GetString("auto-boot?"));
        Assert.True(variables.TrySet("auto-boot?", "true"));
        Assert.Equal("true", variables.Get("auto-boot?"));
    }

    [Theory]
    [InlineData("auto-boot?", "yes")]
    [InlineData("screen-#rows", "many")]
    [InlineData("screen-#rows", "0x1ffffffff")]
    [InlineData("boot-device", "two\nlines")]
    [InlineData("nvramrc", "a\0b")]
    [InlineData("", "x")]
    [InlineData("a=b", "x")]
    [InlineData("a-name-that-is-longer-than-31-chars", "x")]
    public void A_value_that_does_not_fit_changes_nothing(string name, string value)
    {
        ConfigurationVariables variables = Make();
        Assert.False(variables.TrySet(name, value));
        Assert.True(NvramPartitions.IsBlank(_nvram));
    }

    [Fact]
    public void Nvram_without_room_changes_nothing()
    {
        ConfigurationVariables variables = Make();
        Assert.True(variables.TrySet("nvramrc", new string('x', 4000)));
        Assert.False(variables.TrySet("boot-file", new string('y', 200)));
        Assert.Equal("", variables.Get("boot-file"));
        Assert.Equal(4000, Make().Get("nvramrc")!.Length);
    }

    [Fact]
    public void Nvram_that_an_operating_system_fills_in_its_own_way_is_left_alone()
    {
        byte[] foreign = new byte[0x2000];
        new Random(3).NextBytes(foreign);
        Assert.True(_nvram.TryWrite(0, foreign));
        Assert.False(Make().TrySet("boot-file", "x"));
        byte[] after = new byte[0x2000];
        Assert.True(_nvram.TryRead(0, after));
        Assert.Equal(foreign, after);
    }

    [Theory]
    [InlineData("10", 10u)]
    [InlineData("-1", uint.MaxValue)]
    [InlineData("0x4000", 0x4000u)]
    [InlineData("4294967295", uint.MaxValue)]
    public void Numbers_are_decimal_or_hexadecimal(string text, uint expected)
    {
        Assert.True(ConfigurationVariable.TryParseNumber(text, out uint number));
        Assert.Equal(expected, number);
    }

    private ConfigurationVariables Make(params ReadOnlySpan<(string Name, string Value)> given)
    {
        Dictionary<string, string> values = [];
        foreach ((string name, string value) in given)
        {
            values[name] = value;
        }

        return new ConfigurationVariables(_nvram, _options, values, ConfigurationVariables.Standard);
    }
}
