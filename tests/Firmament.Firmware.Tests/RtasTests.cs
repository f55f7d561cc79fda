using Firmament.Core.Memory;
using Firmament.DeviceTree;
using Firmament.Firmware.Rtas;

namespace Firmament.Firmware.Tests;

public sealed class RtasTests : IDisposable
{
    private const uint ParameterError = unchecked((uint)-3);
    private const uint Untouched = 0xdeadbeef;
    private readonly Bench _of = new();

    public static TheoryData<uint> Tokens => [.. PegasosRtas.Table.Select(static row => row.Token)];

    public void Dispose() => _of.Dispose();

    [Fact]
    public void The_node_publishes_all_15_tokens_and_the_sizes()
    {
        DeviceNode node = _of.Tree.Find("/rtas")!;
        (string, uint)[] expected =
        [
            ("rtas-version", 1), ("rtas-size", 20), ("rtas-display-device", 0), ("rtas-event-scan-rate", 0), ("rtas-error-log-max", 0),
            ("restart-rtas", 0), ("nvram-fetch", 1), ("nvram-store", 2), ("get-time-of-day", 3), ("set-time-of-day", 4), ("event-scan", 6),
            ("check-execption", 7), ("read-pci-config", 8), ("write-pci-config", 9), ("display-character", 10), ("set-indicator", 11),
            ("power-off", 17), ("suspend", 18), ("hibernate", 19), ("system-reboot", 20),
        ];
        Assert.Equal(expected, node.Properties.Select(p => (p.Name, node.TryGetCell(p.Name, 0, out uint cell) ? cell : Untouched)));
    }

    [Fact]
    public void Nvram_is_stored_and_fetched()
    {
        _of.Write(Bench.Scratch, "hello"u8);
        Assert.Equal(0, _of.Rtas(2, 2, 0x1ffb, Bench.Scratch, 5));
        Assert.Equal([0u, 5u], _of.Results);
        Assert.Equal(0, _of.Rtas(1, 2, 0x1ffb, Bench.Scratch + 16, 5));
        Assert.Equal([0u, 5u], _of.Results);
        Assert.Equal("hello"u8.ToArray(), _of.Bytes(Bench.Scratch + 16, 5));
    }

    [Theory]
    [InlineData(1u, 0x1ffcu, Bench.Scratch, 5u)]
    [InlineData(2u, 0x1ffcu, Bench.Scratch, 5u)]
    [InlineData(1u, 0xffffffffu, Bench.Scratch, 2u)]
    [InlineData(2u, 0u, Bench.Scratch, 0xffffffffu)]
    [InlineData(1u, 0u, 0x00fffffeu, 4u)]
    [InlineData(2u, 0u, 0xf0000000u, 4u)]
    public void Nvram_outside_the_store_or_memory_is_a_parameter_error(uint token, uint offset, uint buffer, uint length)
    {
        _of.Rtas(token, 2, offset, buffer, length);
        Assert.Equal([ParameterError, Untouched], _of.Results);
    }

    [Fact]
    public void Without_nvram_or_clock_the_hardware_is_at_fault()
    {
        _of.Platform.Nvram = null;
        _of.Platform.Clock = null;
        _of.Rtas(1, 2, 0, Bench.Scratch, 1);
        Assert.Equal(uint.MaxValue, _of.Results[0]);
        _of.Rtas(3, 8);
        Assert.Equal(uint.MaxValue, _of.Results[0]);
        _of.Rtas(4, 1, 2000, 1, 1, 0, 0, 0, 0);
        Assert.Equal(uint.MaxValue, _of.Results[0]);
    }

    [Fact]
    public void The_time_of_day_is_read_and_set()
    {
        Assert.Equal(0, _of.Rtas(3, 8));
        Assert.Equal([0u, 2026u, 11u, 22u, 18u, 22u, 7u, 123456700u], _of.Results);
        Assert.Equal(0, _of.Rtas(4, 1, 2028, 2, 29, 1, 2, 3, 500));
        Assert.Equal([0u], _of.Results);
        Assert.Equal(new DateTime(2028, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(5), _of.Platform.Time);
    }

    [Theory]
    [InlineData(0u, 1u, 1u, 0u, 0u, 0u, 0u)]
    [InlineData(2027u, 2u, 29u, 0u, 0u, 0u, 0u)]
    [InlineData(2027u, 13u, 1u, 0u, 0u, 0u, 0u)]
    [InlineData(2027u, 1u, 1u, 24u, 0u, 0u, 0u)]
    [InlineData(2027u, 1u, 1u, 0u, 0u, 0u, 1000000000u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0u, 0u, 0u, 0u)]
    [InlineData(1969u, 1u, 1u, 0u, 0u, 0u, 0u)]
    public void A_time_that_does_not_exist_is_a_parameter_error(uint y, uint mo, uint d, uint h, uint m, uint s, uint ns)
    {
        _of.Rtas(4, 1, y, mo, d, h, m, s, ns);
        Assert.Equal([ParameterError], _of.Results);
    }

    [Fact]
    public void Pci_registers_are_read_and_written_on_both_hoses()
    {
        _of.Rtas(9, 1, 0x0100_6140u, 2, 0xffff1234);
        Assert.Equal([0u], _of.Results);
        Assert.Equal(0x1234u, _of.Platform.Registers[(new PciConfigurationAddress(1, 0, 12, 1), 0x40)]);
        _of.Rtas(8, 2, 0x0100_6140u, 2);
        Assert.Equal([0u, 0x1234u], _of.Results);
        _of.Rtas(8, 2, 0x0000_0000u, 4);
        Assert.Equal([0u, 0xffffffffu], _of.Results);
    }

    [Theory]
    [InlineData(0u, 3u)]
    [InlineData(0u, 0u)]
    [InlineData(0u, 8u)]
    [InlineData(1u, 2u)]
    [InlineData(2u, 4u)]
    [InlineData(0u, 0xfffffffcu)]
    public void Pci_sizes_other_than_1_2_4_and_misaligned_registers_are_parameter_errors(uint address, uint size)
    {
        _of.Rtas(8, 2, address, size);
        Assert.Equal([ParameterError, Untouched], _of.Results);
        _of.Rtas(9, 1, address, size, 0);
        Assert.Equal([ParameterError], _of.Results);
    }

    [Fact]
    public void A_hose_that_does_not_exist_is_a_hardware_error()
    {
        _of.Rtas(8, 2, 0x02000000, 4);
        Assert.Equal([uint.MaxValue, Untouched], _of.Results);
    }

    [Fact]
    public void Display_character_reaches_the_console()
    {
        _of.Rtas(10, 1, 'A');
        _of.Rtas(10, 1, 0x1242);
        Assert.Equal("AB", _of.Platform.Output.ToString());
    }

    [Fact]
    public void Power_off_and_reboot_are_asked_of_the_machine()
    {
        _of.Rtas(17, 1, uint.MaxValue, uint.MaxValue);
        _of.Rtas(20, 1);
        Assert.Equal([(PlatformRequest.PowerOff, ""), (PlatformRequest.Reset, "")], _of.Platform.Requests);
    }

    [Fact]
    public void Nothing_is_pending_and_what_is_not_there_says_so()
    {
        _of.Rtas(6, 1, 0xf0000000, 0, Bench.Scratch, 64);
        Assert.Equal([1u], _of.Results);
        _of.Rtas(7, 1, 0x500, 0, 0xf0000000, 0, Bench.Scratch, 64);
        Assert.Equal([1u], _of.Results);
        _of.Rtas(11, 1, 6, 0, 1);
        Assert.Equal([ParameterError], _of.Results);
        _of.Rtas(18, 1, 0, 0, 0);
        Assert.Equal([ParameterError], _of.Results);
        _of.Rtas(19, 1);
        Assert.Equal([ParameterError], _of.Results);
        _of.Rtas(0, 1);
        Assert.Equal([0u], _of.Results);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Wrong_counts_are_parameter_errors_and_do_nothing(uint token)
    {
        ServiceSignature signature = PegasosRtas.Table.Find(token)!.Signature;
        if (signature.MostArguments < 16)
        {
            Refused(signature.MostArguments + 1, signature.LeastResults);
        }

        if (signature.LeastArguments > 0)
        {
            Refused(signature.LeastArguments - 1, signature.LeastResults);
        }

        if (signature.MostResults < 16)
        {
            Refused(signature.LeastArguments, signature.MostResults + 1);
        }

        if (signature.LeastResults > 1)
        {
            Refused(signature.LeastArguments, 1);
        }

        Assert.Empty(_of.Platform.Requests);
        Assert.Equal(0, _of.Platform.Output.Length);

        void Refused(int arguments, int results)
        {
            Assert.Equal(-4, _of.Rtas(token, results, new uint[arguments]));
            Assert.Equal([ParameterError, .. Enumerable.Repeat(Untouched, results - 1)], _of.Results);
        }
    }

    [Fact]
    public void An_unknown_token_is_a_parameter_error_told_once()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(-4, _of.Rtas(5, 3, 1, 2));
            Assert.Equal([ParameterError, Untouched, Untouched], _of.Results);
        }

        Assert.Equal(-4, _of.Rtas(0x2000, 0));
        Assert.Single(_of.Platform.GuestErrors, static e => e.Contains("token 0x5", StringComparison.Ordinal));
        Assert.Empty(_of.Platform.Requests);
    }

    [Fact]
    public void Strict_mode_stops_the_machine_with_the_name_of_the_call()
    {
        using Bench of = new(strict: true);
        of.Rtas(5, 1);
        of.Rtas(20, 3);
        Assert.Equal(2, of.Platform.Requests.Count);
        Assert.Equal(PlatformRequest.Halt, of.Platform.Requests[0].Request);
        Assert.Contains("token 0x5", of.Platform.Requests[0].Detail, StringComparison.Ordinal);
        Assert.Contains("system-reboot", of.Platform.Requests[1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xffffffffu, 1u)]
    [InlineData(17u, 1u)]
    [InlineData(0u, 17u)]
    [InlineData(0x80000000u, 0x80000000u)]
    public void Absurd_counts_touch_nothing(uint arguments, uint results)
    {
        uint array = _of.ArrayOf(20, 1);
        _of.Platform.Ram.TryWriteUInt32(new PhysicalAddress(array + 4), arguments);
        _of.Platform.Ram.TryWriteUInt32(new PhysicalAddress(array + 8), results);
        Assert.Equal(-4, _of.Firmware.Rtas!.Call(_of.Cpu, array));
        Assert.Equal(Untouched, _of.Cell(array + 12));
        Assert.Empty(_of.Platform.Requests);
    }

    [Theory]
    [InlineData(0x00fffff4u)]
    [InlineData(0xfffffff0u)]
    [InlineData(0x1_0000_0000u)]
    [InlineData(ulong.MaxValue)]
    public void A_block_outside_memory_is_refused(ulong address)
    {
        if (address == 0x00fffff4)
        {
            _of.Write(0x00fffff4, Words.ToBytes([20, 0, 1]));
        }

        Assert.Equal(-4, _of.Firmware.Rtas!.Call(_of.Cpu, address));
        Assert.Empty(_of.Platform.Requests);
    }
}
