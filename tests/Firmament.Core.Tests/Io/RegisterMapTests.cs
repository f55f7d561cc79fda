using Firmament.Core.Io;

namespace Firmament.Core.Tests.Io;

public sealed class RegisterMapTests
{
    private static readonly RegisterMap<Device> Registers = new()
    {
        { 0, "DATA", Access.ReadWrite, 0x00, static d => d.Data, static (d, v) => d.Data = v },
        { 4, "STATUS", Access.ReadOnly, 0x60, static d => 0x60, static (d, v) => d.Data = 0xbad },
        { 8, "COMMAND", Access.WriteOnly, 0x00, static d => 0xbad, static (d, v) => d.Command = v },
        { 12, "RESERVED", Access.ReadWrite, 0x00 },
    };

    private readonly Device _device = new();

    [Fact]
    public void A_register_is_read_and_written_through_its_row()
    {
        Assert.True(Registers.TryWrite(_device, 0, 5));
        Assert.True(Registers.TryRead(_device, 0, out uint value));
        Assert.Equal(5u, value);
    }

    [Fact]
    public void A_read_only_register_ignores_writes()
    {
        Assert.True(Registers.TryWrite(_device, 4, 1));
        Assert.Equal(0u, _device.Data);
        Assert.True(Registers.TryRead(_device, 4, out uint value));
        Assert.Equal(0x60u, value);
    }

    [Fact]
    public void A_write_only_register_reads_as_zero()
    {
        Assert.True(Registers.TryWrite(_device, 8, 9));
        Assert.Equal(9u, _device.Command);
        Assert.True(Registers.TryRead(_device, 8, out uint value));
        Assert.Equal(0u, value);
    }

    [Fact]
    public void A_row_without_bodies_reads_zero_and_ignores_writes()
    {
        Assert.True(Registers.TryWrite(_device, 12, 9));
        Assert.True(Registers.TryRead(_device, 12, out uint value));
        Assert.Equal(0u, value);
    }

    [Fact]
    public void Where_no_register_is_the_access_fails()
    {
        Assert.False(Registers.TryRead(_device, 1, out uint value));
        Assert.Equal(0u, value);
        Assert.False(Registers.TryWrite(_device, 16, 0));
        Assert.Null(Registers[16]);
    }

    [Fact]
    public void Rows_keep_their_order_and_an_offset_comes_once()
    {
        Assert.Equal(["DATA", "STATUS", "COMMAND", "RESERVED"], Registers.Select(static r => r.Name));
        Assert.Equal(0x60u, Registers[4]!.Reset);
        RegisterMap<Device> map = new() { { 0, "A", Access.ReadOnly, 0 } };
        Assert.Throws<ArgumentException>(() => map.Add(0, "B", Access.ReadOnly, 0));
        Assert.Equal(["A"], map.Select(static r => r.Name));
    }

    private sealed class Device
    {
        public uint Data { get; set; }

        public uint Command { get; set; }
    }
}
