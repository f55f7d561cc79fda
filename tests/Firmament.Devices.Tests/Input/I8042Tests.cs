using Firmament.Core.Interrupts;
using Firmament.Devices.Buses;
using Firmament.Devices.Input;
using Firmament.Devices.Interrupts;
using Firmament.Devices.Tests.Shared;

namespace Firmament.Devices.Tests.Input;

public sealed class I8042Tests
{
    private readonly Bench _bench = new();
    private readonly Bench _mouseBench = new();
    private readonly I8042 _controller;
    private readonly PciBus _bus;

    public I8042Tests()
    {
        _controller = new I8042(_bench.Line, _mouseBench.Line, _bench.Scheduler, _bench.Tracer);
        _bus = new PciBus("pci", new NoMemory(), static (_, _) => InterruptLine.Unconnected, _bench.Tracer);
        IsaBus isa = new(new I8259Pair(InterruptLine.Unconnected));
        _controller.Map(isa);
        isa.Attach(_bus);
    }

    private void Command(byte value) => _bus.Io.Out(0x64, value);

    private void Data(byte value) => _bus.Io.Out(0x60, value);

    private byte[] Drain()
    {
        List<byte> bytes = [];
        while ((_bus.Io.In(0x64) & 1) != 0 && bytes.Count < 1000)
        {
            bytes.Add(_bus.Io.In(0x60));
        }

        return [.. bytes];
    }

    private byte[] Ask(byte command)
    {
        Command(command);
        return Drain();
    }

    private byte[] Keyboard(params byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            Data(b);
        }

        return Drain();
    }

    private byte[] Mouse(params byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            Command(0xd4);
            Data(b);
        }

        return Drain();
    }

    [Fact]
    public void Self_test_and_port_tests_pass()
    {
        Assert.Equal([0x55], Ask(0xaa));
        Assert.Equal([0x00], Ask(0xab));
        Assert.Equal([0x00], Ask(0xa9));
        Assert.Equal([0x47], Ask(0x20));
    }

    [Fact]
    public void The_command_byte_and_controller_memory_are_writable()
    {
        Command(0x60);
        Data(0x30);
        Assert.Equal([0x30], Ask(0x20));
        Command(0x65);
        Data(0xa5);
        Assert.Equal([0xa5], Ask(0x25));
    }

    [Fact]
    public void Keyboard_reset_and_identification_answer()
    {
        Assert.Equal([0xfa, 0xaa], Keyboard(0xff));
        Command(0x60);
        Data(0x05);
        Assert.Equal([0xfa, 0xab, 0x83], Keyboard(0xf2));
        Assert.Equal([0xee], Keyboard(0xee));
        Assert.Equal([0xfe], Keyboard(0xe1));
    }

    [Fact]
    public void Translated_keys_arrive_in_set_1_with_an_interrupt_each()
    {
        _controller.Keyboard.Press(PcKey.A, down: true);
        Assert.True(_bench.Line.Level);
        Assert.Equal([0x1e], Drain());
        Assert.False(_bench.Line.Level);
        _controller.Keyboard.Press(PcKey.A, down: false);
        Assert.Equal([0x9e], Drain());
        _controller.Keyboard.Press(PcKey.Up, down: true);
        _controller.Keyboard.Press(PcKey.Up, down: false);
        Assert.Equal([0xe0, 0x48, 0xe0, 0xc8], Drain());
    }

    [Theory]
    [InlineData(1, new byte[] { 0x3b, 0xbb })]
    [InlineData(2, new byte[] { 0x05, 0xf0, 0x05 })]
    [InlineData(3, new byte[] { 0x07, 0xf0, 0x07 })]
    public void Scan_code_sets_are_selectable(byte set, byte[] expected)
    {
        Command(0x60);
        Data(0x05);
        Assert.Equal([0xfa, 0xfa], Keyboard(0xf0, set));
        Assert.Equal([0xfa, 0xfa, set], Keyboard(0xf0, 0x00));
        _controller.Keyboard.Press(PcKey.F1, down: true);
        _controller.Keyboard.Press(PcKey.F1, down: false);
        Assert.Equal(expected, Drain());
    }

    [Fact]
    public void Translation_turns_every_code_of_set_2_into_the_same_key_of_set_1()
    {
        foreach (PcKey key in Enum.GetValues<PcKey>())
        {
            if (key is PcKey.None or PcKey.Pause or PcKey.PrintScreen)
            {
                continue;
            }

            bool pending = false;
            List<byte> translated = [];
            foreach (byte code in (byte[])[.. ScanCodes.Encode(key, 2, true), .. ScanCodes.Encode(key, 2, false)])
            {
                if (ScanCodes.Translate(code, ref pending) is { } value)
                {
                    translated.Add(value);
                }
            }

            Assert.Equal([.. ScanCodes.Encode(key, 1, true), .. ScanCodes.Encode(key, 1, false)], translated);
        }
    }

    [Fact]
    public void Leds_are_kept()
    {
        Assert.Equal([0xfa, 0xfa], Keyboard(0xed, 0x05));
        Assert.Equal(5, _controller.Keyboard.Leds);
    }

    [Fact]
    public void A_held_key_repeats_until_released()
    {
        _controller.Keyboard.Press(PcKey.B, down: true);
        Drain();
        _bench.AdvanceMicroseconds(499_000);
        Assert.Empty(Drain());
        _bench.AdvanceMicroseconds(2_000);
        Assert.Equal([0x30], Drain());
        _controller.Keyboard.Press(PcKey.B, down: false);
        Drain();
        _bench.AdvanceMicroseconds(2_000_000);
        Assert.Empty(Drain());
    }

    [Fact]
    public void Keys_typed_faster_than_read_are_not_lost()
    {
        for (int i = 0; i < 100; i++)
        {
            _controller.Keyboard.Press(PcKey.C, down: true);
            _controller.Keyboard.Press(PcKey.C, down: false);
        }

        Assert.Equal(200, Drain().Length);
    }

    [Fact]
    public void A_disabled_keyboard_keeps_its_bytes()
    {
        Command(0xad);
        _controller.Keyboard.Press(PcKey.A, down: true);
        Assert.Empty(Drain());
        Command(0xae);
        Assert.Equal([0x1e], Drain());
    }

    [Fact]
    public void Mouse_reset_and_wheel_identification_answer()
    {
        Assert.Equal([0xfa, 0xaa, 0x00], Mouse(0xff));
        Assert.Equal([0xfa, 0x00], Mouse(0xf2));
        Mouse(0xf3, 200, 0xf3, 100, 0xf3, 80);
        Assert.Equal([0xfa, 0x03], Mouse(0xf2));
        Mouse(0xf3, 200, 0xf3, 200, 0xf3, 80);
        Assert.Equal([0xfa, 0x04], Mouse(0xf2));
        Assert.Equal([0xfe], Mouse(0x42));
    }

    [Fact]
    public void Movement_is_reported_in_stream_mode_with_irq_12()
    {
        Mouse(0xf4);
        _controller.Mouse.Move(5, -3, 0, 1);
        Assert.False(_mouseBench.Line.Level);
        _bench.AdvanceMicroseconds(10_000);
        Assert.True(_mouseBench.Line.Level);
        Assert.Equal(0x21, _bus.Io.In(0x64) & 0x21);
        Assert.Equal([0x29, 0x05, 0xfd], Drain());
    }

    [Fact]
    public void Remote_mode_reports_on_demand_only()
    {
        Mouse(0xf0, 0xf4);
        _controller.Mouse.Move(300, 0, 0, 0);
        _bench.AdvanceMicroseconds(100_000);
        Assert.Empty(Drain());
        Assert.Equal([0xfa, 0x08, 0xff, 0x00], Mouse(0xeb));
        Assert.Equal([0xfa, 0x08, 45, 0x00], Mouse(0xeb));
    }

    [Fact]
    public void Loops_and_wrap_mode_echo()
    {
        Command(0xd3);
        Data(0x5a);
        Assert.Equal(0x21, _bus.Io.In(0x64) & 0x21);
        Assert.Equal([0x5a], Drain());
        Assert.Equal([0xfa], Mouse(0xee));
        Assert.Equal([0x77], Mouse(0x77));
        Assert.Equal([0xfa], Mouse(0xec));
    }

    [Fact]
    public void Pulsing_the_reset_line_calls_the_machine_and_a20_is_told()
    {
        int resets = 0;
        bool? a20 = null;
        _controller.ResetRequested = () => resets++;
        _controller.A20Changed = level => a20 = level;
        Command(0xfe);
        Assert.Equal(1, resets);
        Command(0xdd);
        Assert.False(a20);
        Command(0xd1);
        Data(0xce);
        Assert.Equal(2, resets);
    }

    [Fact]
    public void State_survives_a_round_trip()
    {
        for (int i = 0; i < 12; i++)
        {
            _controller.Keyboard.Press(PcKey.D, down: true);
        }

        Mouse(0xf4);
        _controller.Mouse.Move(1, 2, 3, 4);
        Bench other = new();
        I8042 fresh = new(InterruptLine.Unconnected, InterruptLine.Unconnected, other.Scheduler, other.Tracer);
        SavedState.AssertRoundTrip([_bench.Scheduler, _controller], [other.Scheduler, fresh]);
    }
}
