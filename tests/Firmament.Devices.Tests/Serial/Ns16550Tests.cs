using System.Text;
using Firmament.Devices.Serial;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Serial;

public sealed class Ns16550Tests
{
    private readonly Bench _bench = new();
    private readonly Ns16550 _uart;

    public Ns16550Tests() => _uart = Create(_bench);

    private static Ns16550 Create(Bench bench) => new("uart", bench, bench.Line, bench.Scheduler, bench.Tracer);

    private void Configure(byte fifo = 0xc7, byte interrupts = 0x00)
    {
        _uart.Out(3, 0x83);
        _uart.Out(0, 1);
        _uart.Out(1, 0);
        _uart.Out(3, 0x03);
        _uart.Out(2, fifo);
        _uart.Out(4, 0x0b);
        _uart.Out(1, interrupts);
    }

    [Theory]
    [InlineData(1, 0x00)]
    [InlineData(2, 0x01)]
    [InlineData(3, 0x00)]
    [InlineData(4, 0x00)]
    [InlineData(5, 0x60)]
    [InlineData(6, 0xb0)]
    [InlineData(7, 0x00)]
    public void Registers_have_their_reset_values(int offset, int value) => Assert.Equal(value, _uart.In((ulong)offset));

    [Fact]
    public void Writable_registers_keep_their_bits()
    {
        foreach ((ulong offset, byte mask) in new (ulong, byte)[] { (1, 0x0f), (3, 0x7f), (4, 0x1f), (7, 0xff) })
        {
            _uart.Out(offset, mask);
            Assert.Equal(mask, _uart.In(offset));
            _uart.Out(offset, 0);
            Assert.Equal(0, _uart.In(offset));
        }
    }

    [Fact]
    public void The_divisor_latch_covers_the_first_two_registers()
    {
        _uart.Out(3, 0x80);
        Assert.Equal(12, _uart.In(0));
        _uart.Out(0, 0x34);
        _uart.Out(1, 0x12);
        Assert.Equal(0x34, _uart.In(0));
        Assert.Equal(0x12, _uart.In(1));
        _uart.Out(3, 0x00);
        Assert.Equal(0, _uart.In(1));
    }

    [Fact]
    public void Sent_characters_reach_the_console_at_once_and_the_transmitter_empties_after_a_short_time()
    {
        Configure();
        _uart.Out(0, (byte)'a');
        _uart.Out(0, (byte)'b');
        Assert.Equal("ab", Encoding.ASCII.GetString([.. _bench.Output]));
        Assert.Equal(0x00, _uart.In(5) & 0x60);
        _bench.AdvanceNanoseconds(Ns16550.TransmitTime.Nanoseconds);
        Assert.Equal(0x20, _uart.In(5) & 0x60);
        _bench.AdvanceNanoseconds(Ns16550.TransmitTime.Nanoseconds);
        Assert.Equal(0x60, _uart.In(5) & 0x60);
    }

    [Fact]
    public void The_transmitter_interrupt_comes_on_enabling_clears_on_identification_and_returns_after_a_character()
    {
        Configure(interrupts: 0x02);
        Assert.True(_bench.Line.Level);
        Assert.Equal(0xc2, _uart.In(2));
        Assert.False(_bench.Line.Level);
        Assert.Equal(0xc1, _uart.In(2));
        _uart.Out(0, (byte)'x');
        _bench.AdvanceMicroseconds(1);
        Assert.True(_bench.Line.Level);
    }

    [Fact]
    public void Without_out2_no_interrupt_leaves_the_chip()
    {
        Configure(interrupts: 0x02);
        _uart.Out(4, 0x03);
        Assert.False(_bench.Line.Level);
    }

    [Fact]
    public void The_trigger_level_interrupts_and_the_rest_comes_by_timeout()
    {
        Configure(fifo: 0x47, interrupts: 0x01); // four characters
        _uart.Receive("abc"u8);
        _bench.AdvanceMicroseconds(3 * 87);
        Assert.False(_bench.Line.Level);
        _bench.AdvanceMicroseconds(5 * 87);
        Assert.Equal(0xcc, _uart.In(2));
        Assert.Equal((byte)'a', _uart.In(0));
        Assert.False(_bench.Line.Level);
        _uart.Receive("defg"u8);
        _bench.AdvanceMicroseconds(2 * 87);
        Assert.Equal(0xc4, _uart.In(2));
        Assert.Equal(0x61, _uart.In(5));
    }

    [Fact]
    public void A_long_paste_arrives_whole_however_slowly_the_guest_reads()
    {
        Configure();
        byte[] text = [.. Enumerable.Range(0, 5000).Select(static i => (byte)i)];
        _uart.Receive(text);
        List<byte> got = [];
        for (int i = 0; i < 200_000 && got.Count < text.Length; i++)
        {
            _bench.AdvanceMicroseconds(i % 3 == 0 ? 2000 : 50);
            for (int n = 0; n < 5 && (_uart.In(5) & 1) != 0; n++)
            {
                got.Add(_uart.In(0));
            }
        }

        Assert.Equal(text, got);
        Assert.Equal(0, _uart.WaitingInput);
    }

    [Fact]
    public void Without_a_fifo_one_character_waits_in_the_holding_register()
    {
        Configure(fifo: 0x00, interrupts: 0x01);
        _uart.Receive("ab"u8);
        _bench.AdvanceMicroseconds(1000);
        Assert.Equal(0x04, _uart.In(2));
        Assert.Equal(1, _uart.WaitingInput);
        Assert.Equal((byte)'a', _uart.In(0));
        _bench.AdvanceMicroseconds(100);
        Assert.Equal((byte)'b', _uart.In(0));
    }

    [Fact]
    public void Loopback_returns_characters_and_modem_lines_and_sends_nothing()
    {
        Configure();
        _uart.Out(4, 0x1a);
        Assert.Equal(0x90, _uart.In(6) & 0xf0);
        _uart.Out(0, 0x5a);
        Assert.Empty(_bench.Output);
        Assert.Equal(1, _uart.In(5) & 1);
        Assert.Equal(0x5a, _uart.In(0));
    }

    [Fact]
    public void An_overrun_in_loopback_sets_the_bit_once_and_interrupts()
    {
        Configure(interrupts: 0x04);
        _uart.Out(4, 0x18);
        for (int i = 0; i < 17; i++)
        {
            _uart.Out(0, (byte)i);
        }

        Assert.Equal(0xc6, _uart.In(2));
        Assert.Equal(0x02, _uart.In(5) & 0x02);
        Assert.Equal(0x00, _uart.In(5) & 0x02);
        Assert.Equal(0, _uart.In(0));
    }

    [Fact]
    public void A_break_is_a_null_character_with_its_bit()
    {
        Configure(interrupts: 0x05);
        _uart.ReceiveBreak();
        Assert.Equal(0xc6, _uart.In(2));
        Assert.Equal(0x11, _uart.In(5) & 0x11);
        Assert.Equal(0, _uart.In(0));
    }

    [Fact]
    public void Modem_deltas_interrupt_and_clear_when_read()
    {
        Configure(interrupts: 0x08);
        _uart.Out(4, 0x18);
        Assert.Equal(0xc0, _uart.In(2));
        Assert.Equal(0x03, _uart.In(6) & 0x0f);
        Assert.Equal(0x00, _uart.In(6) & 0x0f);
        Assert.False(_bench.Line.Level);
    }

    [Fact]
    public void State_survives_a_round_trip_with_input_on_its_way()
    {
        Configure(interrupts: 0x0f);
        _uart.Receive("hello"u8);
        _uart.Out(0, (byte)'x');
        _bench.AdvanceMicroseconds(100);
        Bench other = new();
        Ns16550 fresh = Create(other);
        SavedState.AssertRoundTrip([_bench.Scheduler, _uart], [other.Scheduler, fresh]);
        _bench.AdvanceMicroseconds(1000);
        other.AdvanceMicroseconds(1000);
        Assert.Equal(SavedState.Hash(_bench.Scheduler, _uart), SavedState.Hash(other.Scheduler, fresh));
        Assert.Equal((byte)'h', fresh.In(0));
    }
}
