using System.Text;
using Firmament.Core.Backends;
using Firmament.Devices.Buses.Virtio;

namespace Firmament.Devices.Tests.Virtio;

public class VirtioConsoleAndEntropyTests
{
    private const ulong Buffer = VirtioDriver.Buffers;

    [Theory]
    [InlineData(DriverKind.Modern)]
    [InlineData(DriverKind.LegacyBig)]
    public void The_console_prints_and_reads(DriverKind kind)
    {
        using PciRig rig = new();
        Output output = new();
        VirtioConsole console = new("console", output, rig.Journal, rig.Tracer, 80, 25);
        VirtioDriver driver = new(rig, console, kind, 1);
        rig.Write(Buffer, "hello"u8);
        Assert.Equal(0u, driver.Send(1, (Buffer, 3, false), (Buffer + 3, 2, false)));
        Assert.Equal("hello", output.Text);

        driver.Add(0, (Buffer + 0x100, 4, true));
        driver.Notify(0);
        Assert.Equal(0, driver.UsedIndex(0));
        console.Input.Post("abcdef"u8.ToArray());
        rig.Journal.Drain();
        Assert.Equal((0u, 4u), driver.Used(0, 0));
        Assert.Equal("abcd"u8.ToArray(), rig.Read(Buffer + 0x100, 4));
        driver.Add(0, (Buffer + 0x100, 4, true));
        driver.Notify(0);
        Assert.Equal((1u, 2u), driver.Used(0, 1));
        Assert.Equal("ef"u8.ToArray(), rig.Read(Buffer + 0x100, 2));
    }

    [Theory]
    [InlineData(DriverKind.Modern, new byte[] { 80, 0, 25, 0 })]
    [InlineData(DriverKind.LegacyBig, new byte[] { 0, 80, 0, 25 })]
    public void The_console_tells_its_size_and_a_change_of_it(DriverKind kind, byte[] expected)
    {
        using PciRig rig = new();
        VirtioConsole console = new("console", new Output(), rig.Journal, rig.Tracer, 80, 25);
        VirtioDriver driver = new(rig, console, kind, 1);
        Assert.Equal(expected, driver.Configuration(4));
        console.Resize(100, 25);
        Assert.True(rig.InterruptLevel);
        Assert.Equal(2, driver.TakeIsr());
    }

    [Fact]
    public void Emergency_write_prints_before_the_driver_is_ready()
    {
        using PciRig rig = new();
        Output output = new();
        VirtioDriver driver = new(rig, new VirtioConsole("console", output, rig.Journal, rig.Tracer), DriverKind.Modern, 0, start: false);
        driver.WriteConfiguration(8, (byte)'!');
        Assert.Equal("!", output.Text);
    }

    [Fact]
    public void Input_typed_before_the_driver_starts_reaches_it()
    {
        using PciRig rig = new();
        VirtioConsole console = new("console", new Output(), rig.Journal, rig.Tracer);
        VirtioDriver driver = new(rig, console, DriverKind.LegacyBig, 0, start: false);
        console.Input.Post("early"u8.ToArray());
        rig.Journal.Drain();
        driver.Start();
        Assert.Equal(5u, driver.Send(0, (Buffer, 100, true)));
    }

    [Fact]
    public void Input_nobody_reads_is_bounded()
    {
        using PciRig rig = new();
        VirtioConsole console = new("console", new Output(), rig.Journal, rig.Tracer);
        VirtioDriver driver = new(rig, console, DriverKind.Modern, 0);
        for (int i = 0; i < 3; i++)
        {
            console.Input.Post(new byte[60000]);
        }

        rig.Journal.Drain();
        Assert.Equal(65536u, driver.Send(0, (Buffer, 100000, true)));
        Assert.NotEqual(0, rig.Tracer.GuestErrorCount);
    }

    [Fact]
    public void A_transmit_buffer_outside_memory_needs_a_reset()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioConsole("console", new Output(), rig.Journal, rig.Tracer), DriverKind.Modern, 0);
        driver.Add(1, (0x4000_0000, 10, false));
        driver.Notify(1);
        Assert.NotEqual(0, driver.Status & 64);
    }

    [Fact]
    public void Console_state_survives_save_and_load()
    {
        using PciRig rig = new();
        VirtioConsole console = new("console", new Output(), rig.Journal, rig.Tracer);
        VirtioDriver driver = new(rig, console, DriverKind.Modern, 0);
        console.Input.Post("waiting"u8.ToArray());
        rig.Journal.Drain();
        VirtioPciFunction copy = new(new VirtioConsole("console", new Output(), rig.Journal, rig.Tracer), Core.Memory.Endianness.Big, rig.Tracer);
        FieldList.Copy(driver.Function, copy);
        Assert.Equal(FieldList.Hash(driver.Function), FieldList.Hash(copy));
    }

    [Fact]
    public void Entropy_follows_from_the_seed_and_continues_after_load()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioEntropy("rng", "seed"u8), DriverKind.LegacyBig, 0);
        Assert.Equal(100u, driver.Send(0, (Buffer, 60, true), (Buffer + 60, 40, true)));
        byte[] first = rig.Read(Buffer, 100);

        using PciRig rig2 = new();
        VirtioDriver driver2 = new(rig2, new VirtioEntropy("rng", "other"u8), DriverKind.LegacyBig, 0);
        driver2.Send(0, (Buffer, 100, true));
        Assert.NotEqual(first, rig2.Read(Buffer, 100));

        ChaCha20Stream a = new("seed"u8);
        byte[] expected = new byte[100];
        a.Fill(expected);
        Assert.Equal(expected, first);
        ChaCha20Stream b = new([]);
        FieldList.Copy(a, b);
        byte[] next = new byte[33];
        a.Fill(expected.AsSpan(0, 33));
        b.Fill(next);
        Assert.Equal(expected[..33], next);
    }

    [Fact]
    public void The_stream_is_chacha20()
    {
        // RFC 8439 A.1, test vector 1: zero key, nonce and counter.
        byte[] block = new byte[16];
        new ChaCha20Stream([]).Fill(block);
        Assert.Equal("76B8E0ADA0F13D90405D6AE55386BD28", Convert.ToHexString(block));
    }

    [Fact]
    public void Entropy_for_a_huge_buffer_is_bounded_and_outside_memory_it_breaks()
    {
        using PciRig rig = new();
        VirtioDriver driver = new(rig, new VirtioEntropy("rng", []), DriverKind.Modern, 0);
        Assert.Equal(65536u, driver.Send(0, (Buffer, 2 << 20, true)));
        driver.Add(0, (0x4000_0000, 10, true));
        driver.Notify(0);
        Assert.NotEqual(0, driver.Status & 64);
    }

    private sealed class Output : ICharacterBackend
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public void Write(ReadOnlySpan<byte> bytes) => _text.Append(Encoding.Latin1.GetString(bytes));
    }
}
