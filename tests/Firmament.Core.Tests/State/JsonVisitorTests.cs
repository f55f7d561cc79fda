using System.Text.Json;
using Firmament.Core.State;

namespace Firmament.Core.Tests.State;

public sealed class JsonVisitorTests
{
    [Fact]
    public void A_state_is_one_object_of_groups_numbers_and_hexadecimal_blocks()
    {
        using Component component = new();
        component.Fill();
        using JsonDocument document = Print(json => json.Component("machine", component));
        JsonElement fields = document.RootElement.GetProperty("machine").GetProperty("fields");

        Assert.Equal(0xfe, fields.GetProperty("byte").GetInt32());
        Assert.Equal(0xfedcba98u, fields.GetProperty("word").GetUInt32());
        Assert.Equal("0xffffffffffffffff", fields.GetProperty("double").GetString());
        Assert.Equal("0102030405", fields.GetProperty("block").GetString());
        JsonElement ram = document.RootElement.GetProperty("machine").GetProperty("memory").GetProperty("ram");
        Assert.Equal(65536, ram.GetProperty("size").GetInt32());
        Assert.Equal(32, ram.GetProperty("xxh3").GetString()!.Length);
    }

    [Fact]
    public void Names_that_come_again_are_numbered_within_their_group()
    {
        using JsonDocument document = Print(static json =>
        {
            ulong value = 1;
            json.Field("generation", ref value);
            json.Begin("group", 2);
            json.Field("generation", ref value);
            json.End();
            value = 2;
            json.Field("generation", ref value);
            json.Bytes("large", new byte[5000]);
        });

        Assert.Equal(["generation", "group", "generation#2", "large"], document.RootElement.EnumerateObject().Select(static p => p.Name));
        Assert.Equal(2, document.RootElement.GetProperty("generation#2").GetInt32());
        Assert.Equal(["version", "generation"], document.RootElement.GetProperty("group").EnumerateObject().Select(static p => p.Name));
        Assert.Equal(5000, document.RootElement.GetProperty("large").GetProperty("size").GetInt32());
    }

    private static JsonDocument Print(Action<JsonVisitor> visit)
    {
        using MemoryStream stream = new();
        using (JsonVisitor json = new(stream))
        {
            visit(json);
        }

        return JsonDocument.Parse(stream.ToArray());
    }
}
