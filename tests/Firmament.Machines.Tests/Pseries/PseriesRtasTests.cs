using System.Buffers.Binary;
using System.Text;
using Firmament.DeviceTree;
using Firmament.Firmware;
using Firmament.Machines.Pseries.Rtas;
using Firmament.Machines.Pseries.Tree;

namespace Firmament.Machines.Tests.Pseries;

public sealed class PseriesRtasTests : IDisposable
{
    private const uint Untouched = 0xdeadbeef;

    private readonly PartitionBench _of = new();

    public static TheoryData<uint> Tokens => [.. PseriesRtas.Table.Select(static row => row.Token)];

    public void Dispose() => _of.Dispose();

    [Fact]
    public void The_node_has_all_45_tokens_in_a_row()
    {
        DeviceNode node = _of.Tree.Find("/rtas")!;
        Assert.Equal(Enumerable.Range(0x2000, 45).Select(static token => (uint)token), PseriesRtas.Table.Select(static row => row.Token));
        Assert.All(PseriesRtas.Table, row => Assert.True(node.TryGetCell(row.Name, 0, out uint token) && token == row.Token));
        Assert.True(node.TryGetCell("rtas-size", 0, out uint size));
        Assert.Equal(20u + 2048 + (16 * 4) + 8, size);
        Assert.Null(node["rtas-version"]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Wrong_counts_are_a_parameter_error_and_do_nothing(uint token)
    {
        ServiceSignature signature = PseriesRtas.Table.Find(token)!.Signature;
        if (signature.MostArguments > 16)
        {
            // display-character's counts are not checked.
            return;
        }

        Assert.Equal(-3, _of.Rtas(token, signature.LeastResults, new uint[signature.MostArguments + 1]));
        Assert.Equal(-3, _of.Rtas(token, signature.MostResults + 1, new uint[signature.LeastArguments]));
        Assert.Empty(_of.DeviceCalls);
        Assert.Empty(_of.Requests);
    }

    [Fact]
    public void A_block_without_room_for_the_status_does_nothing()
    {
        _of.Rtas(0x2003, 0, 0, 0);
        Assert.Empty(_of.Requests);
    }

    [Fact]
    public void Characters_reach_the_console_by_token_and_by_the_old_number()
    {
        Assert.Equal(0, _of.Rtas(0x2000, 1, 'o'));
        Assert.Equal(0, _of.Rtas(0xa, 1, 'k'));
        Assert.Equal("ok", _of.Output.ToString());
    }

    [Fact]
    public void A_CPU_is_started_with_its_starters_modes_and_stops_itself()
    {
        _of.Cpus[0].Lpcr = ulong.MaxValue;
        Assert.Equal(0, _of.Rtas(0x2005, 2, 1));
        Assert.Equal(0u, _of.Results[1]);
        Assert.Equal(0, _of.Rtas(0x2006, 1, 1, 0x60, 0x77));
        Assert.Equal((0x60u, 0x77u, false), (_of.Cpus[1].Pc, _of.Cpus[1].ReadGpr(3), _of.Cpus[1].IsStopped));
        Assert.Equal(0x03d0_0400u, _of.Cpus[1].Lpcr);
        Assert.Equal(0, _of.Rtas(0x2005, 2, 1));
        Assert.Equal(2u, _of.Results[1]);
        Assert.Equal(-1, _of.Rtas(0x2006, 1, 1, 0x60, 0x77));
        _of.RtasOn(1, 0x2007, 1);
        Assert.True(_of.Cpus[1].IsStopped);
        Assert.Equal(0, _of.Rtas(0x2006, 1, 1, 0x80, 0));
    }

    [Fact]
    public void A_CPU_that_is_not_there_is_a_parameter_error()
    {
        Assert.Equal(-3, _of.Rtas(0x2005, 2, 4));
        Assert.Equal(Untouched, _of.Results[1]);
        Assert.Equal(-3, _of.Rtas(0x2006, 1, uint.MaxValue, 0, 0));
    }

    [Fact]
    public void The_partition_is_suspended_by_its_last_CPU_only()
    {
        Assert.Equal(0, _of.Rtas(0x202a, 1));
        _of.Cpus[2].IsStopped = false;
        Assert.Equal(-9005, _of.Rtas(0x202a, 1));
    }

    [Fact]
    public void System_parameters_are_read_as_far_as_the_buffer_goes()
    {
        Assert.Equal(0, _of.Rtas(0x2008, 1, 20, PartitionBench.Buffer, 4000));
        byte[] bytes = _of.Bytes(PartitionBench.Buffer, 256);
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        Assert.Equal("MaxEntCap=4,DesMem=256,DesProcs=4,MaxPlatProcs=4\0", Encoding.ASCII.GetString(bytes, 2, length));

        _of.Fill(PartitionBench.Buffer, "........"u8);
        Assert.Equal(0, _of.Rtas(0x2008, 1, 20, PartitionBench.Buffer, 4));
        Assert.Equal([0, (byte)length, (byte)'M', (byte)'a', (byte)'.'], _of.Bytes(PartitionBench.Buffer, 5));
        Assert.Equal(0, _of.Rtas(0x2008, 1, 42, PartitionBench.Buffer, 3));
        Assert.Equal([0, 1, 0], _of.Bytes(PartitionBench.Buffer, 3));
        Assert.Equal(0, _of.Rtas(0x2008, 1, 48, PartitionBench.Buffer, 18));
        Assert.Equal([0, 0], _of.Bytes(PartitionBench.Buffer, 2));
    }

    [Theory]
    [InlineData(20u, PartitionBench.Buffer, 1u, -9999)]
    [InlineData(20u, PartitionBench.Buffer, 0u, -9999)]
    [InlineData(20u, 0xf000_0000u, 100u, -9999)]
    [InlineData(20u, 0x00ff_fffeu, uint.MaxValue, -9999)]
    [InlineData(21u, PartitionBench.Buffer, 100u, -3)]
    public void A_system_parameter_that_cannot_be_read_fails(uint parameter, uint buffer, uint length, int status) =>
        Assert.Equal(status, _of.Rtas(0x2008, 1, parameter, buffer, length));

    [Fact]
    public void No_system_parameter_can_be_set()
    {
        Assert.Equal(-9002, _of.Rtas(0x2009, 1, 20, PartitionBench.Buffer));
        Assert.Equal(-3, _of.Rtas(0x2009, 1, 1, PartitionBench.Buffer));
    }

    [Fact]
    public void The_uuid_is_16_bytes()
    {
        using PartitionBench of = new(new PseriesTopology { MemoryBytes = 256 << 20, Uuid = "00112233-4455-6677-8899-aabbccddeeff" });
        Assert.Equal(0, of.Rtas(0x2008, 1, 48, PartitionBench.Buffer, 18));
        Assert.Equal("001000112233445566778899AABBCCDDEEFF", Convert.ToHexString(of.Bytes(PartitionBench.Buffer, 18)));
    }

    [Theory]
    [InlineData(PartitionBench.Buffer, "Fatal exception")]
    [InlineData(0xf000_0000u, "")]
    public void A_panic_is_reported_with_its_message(uint address, string message)
    {
        _of.Fill(PartitionBench.Buffer, "Fatal exception\0"u8);
        Assert.Equal(0, _of.Rtas(0x201f, 1, address));
        Assert.Equal([(PlatformRequest.Panic, message)], _of.Requests);
    }

    [Fact]
    public void A_panic_message_without_an_end_is_cut()
    {
        Assert.True(_of.Ram.TryFill(new(PartitionBench.Buffer), 4096, (byte)'x'));
        Assert.Equal(0, _of.Rtas(0x201f, 1, PartitionBench.Buffer));
        Assert.Equal(511, _of.Requests[0].Detail.Length);
    }

    [Fact]
    public void Power_off_and_reboot_are_asked_for()
    {
        Assert.Equal(0, _of.Rtas(0x2003, 1, uint.MaxValue, uint.MaxValue));
        Assert.Equal(0, _of.Rtas(0x2004, 1));
        Assert.Equal([PlatformRequest.PowerOff, PlatformRequest.Reset], _of.Requests.Select(static request => request.Request));
    }

    [Fact]
    public void Power_is_always_on()
    {
        Assert.Equal(0, _of.Rtas(0x201b, 2, uint.MaxValue, 0));
        Assert.Equal(100u, _of.Results[1]);
        Assert.Equal(0, _of.Rtas(0x201c, 2, uint.MaxValue));
        Assert.Equal(100u, _of.Results[1]);
        Assert.Equal(-3, _of.Rtas(0x201c, 2, 0));
        Assert.Equal(-3, _of.Rtas(0x201b, 2, 0, 100));
    }

    [Fact]
    public void Connectors_are_the_cores_that_are_there()
    {
        Assert.Equal(0, _of.Rtas(0x201d, 2, 9003, 0x1000_0002));
        Assert.Equal(1u, _of.Results[1]);
        foreach (uint connector in (uint[])[0x1000_0001, 0x1000_0004, 0x2000_0000, 0, uint.MaxValue])
        {
            Assert.Equal(-3, _of.Rtas(0x201d, 2, 9003, connector));
            Assert.Equal(-3, _of.Rtas(0x201a, 1, 9001, connector, 1));
        }

        Assert.Equal(-3, _of.Rtas(0x201d, 2, 9001, 0x1000_0000));
    }

    [Theory]
    [InlineData(9001u, 1u, 0)]
    [InlineData(9001u, 0u, -9000)]
    [InlineData(9002u, 3u, 0)]
    [InlineData(9002u, 4u, -3)]
    [InlineData(9003u, 1u, 0)]
    [InlineData(9003u, 0u, -9000)]
    [InlineData(9000u, 1u, -3)]
    public void Nothing_that_is_plugged_in_can_be_given_up(uint type, uint state, int status) =>
        Assert.Equal(status, _of.Rtas(0x201a, 1, type, 0x1000_0000, state));

    [Fact]
    public void A_connector_has_nothing_left_to_configure()
    {
        Assert.True(_of.Ram.TryWriteUInt32(new(PartitionBench.Buffer), 0x1000_0000));
        Assert.Equal(-9003, _of.Rtas(0x201e, 1, PartitionBench.Buffer, 0));
        Assert.True(_of.Ram.TryWriteUInt32(new(PartitionBench.Buffer), 0x4000_0000));
        Assert.Equal(-3, _of.Rtas(0x201e, 1, PartitionBench.Buffer, 0));
        Assert.Equal(-3, _of.Rtas(0x201e, 1, 0xf000_0000, 0));
    }

    [Fact]
    public void A_shutdown_is_announced_and_fetched_once()
    {
        Assert.Equal(1, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, PartitionBench.Buffer, 2048));
        _of.Partition.Events.RaiseShutdown();
        Assert.Equal(1, _of.EpowPulses);
        Assert.Equal(1, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x10000000, 1, PartitionBench.Buffer, 2048));
        Assert.Equal(1, _of.Rtas(0x200f, 1, 0xffffffff, 0, PartitionBench.Buffer, 2048));
        Assert.Equal(2, _of.EpowPulses);
        Assert.Equal(0, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, PartitionBench.Buffer, 2048, 0));
        Assert.Equal(1, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, PartitionBench.Buffer, 2048));
    }

    [Fact]
    public void The_log_of_a_shutdown_has_the_layout_guests_read()
    {
        _of.Partition.Events.RaiseShutdown();
        Assert.Equal(0, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, PartitionBench.Buffer, 2048));
        byte[] log = _of.Bytes(PartitionBench.Buffer, 116);
        Assert.Equal("063400400000006C", Convert.ToHexString(log.AsSpan(0, 8)));
        Assert.Equal("86008E00" + "0000000000000000" + "49424D00", Convert.ToHexString(log.AsSpan(8, 16)));
        Assert.Equal("50480030", Convert.ToHexString(log.AsSpan(24, 4)));
        Assert.Equal("2026112218220700", Convert.ToHexString(log.AsSpan(32, 8)));
        Assert.Equal("55480018" + "00000000" + "A00000D0", Convert.ToHexString(log.AsSpan(72, 12)));
        Assert.Equal("45500014" + "02000000" + "03010100", Convert.ToHexString(log.AsSpan(96, 12)));
    }

    [Fact]
    public void A_log_is_cut_to_its_buffer_and_kept_when_the_buffer_is_no_memory()
    {
        _of.Partition.Events.RaiseShutdown();
        Assert.Equal(-3, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, 0xf0000000, 2048));
        Assert.True(_of.Ram.TryFill(new(PartitionBench.Buffer), 64, 0xee));
        Assert.Equal(0, _of.Rtas(0x200e, 1, 0x500, 0x1000, 0x40000000, 1, PartitionBench.Buffer, 8));
        Assert.Equal(0xee, _of.Bytes(PartitionBench.Buffer + 8, 1)[0]);
        Assert.False(_of.Partition.Events.IsPending);
    }

    [Fact]
    public void Devices_serve_their_own_calls()
    {
        Assert.Equal(0, _of.Rtas(0x200a, 1, 0x1200, 1, 5));
        Assert.Equal(0, _of.Rtas(0x200b, 3, 0x1200));
        Assert.Equal([0u, 3u, 5u], _of.Results);
        Assert.Equal(0, _of.Rtas(0x200c, 1, 0x1200));
        Assert.Equal(0, _of.Rtas(0x200d, 1, 0x1200));
        Assert.Equal(0, _of.Rtas(0x2010, 1, 0x71000000, 1));
        Assert.Equal(0, _of.Rtas(0x2011, 1));
        Assert.Equal(0, _of.Rtas(0x2016, 2, 0, 0x8000000, 0x20000000, 4));
        Assert.Equal(0, _of.Rtas(0x2017, 1, 0, 0x8000000, 0x20000000, 4, 0));
        Assert.Equal(0, _of.Rtas(0x2018, 3, 0, 0x8000000, 0x20000000, 0));
        Assert.Equal(0, _of.Rtas(0x2019, 4, 0, 0x8000000, 0x20000000, 3, 1, 1));
        Assert.Equal(0, _of.Rtas(0x2026, 5, 0, 0x8000000, 0x20000000));
        Assert.Equal(0, _of.Rtas(0x2026, 6, 0, 0x8000000, 0x20000000));
        Assert.Equal(0, _of.Rtas(0x2027, 4, 0, 0x8000000, 0x20000000, 16, 31));
        Assert.Equal(0, _of.Rtas(0x2028, 1, 0x80000001));
        Assert.Equal(0, _of.Rtas(0x2029, 1, 0, 0x8000000, 0x20000000));
        Assert.Equal(
            [
                "set-xive 1200 1 5", "get-xive 1200", "int-off 1200", "int-on 1200", "bypass 71000000 True", "quiesce", "read-bridge-config",
                "write-bridge-config", "query-interrupt-source", "change-msi", "query-window", "query-window", "create-window", "remove-window", "reset-window",
            ],
            _of.DeviceCalls);
    }

    [Theory]
    [InlineData(0x2020u, 4, 1)]
    [InlineData(0x2021u, 4, 2)]
    [InlineData(0x2022u, 3, 4)]
    [InlineData(0x2022u, 3, 5)]
    [InlineData(0x2023u, 4, 1)]
    [InlineData(0x2024u, 3, 1)]
    [InlineData(0x2025u, 8, 1)]
    public void There_is_no_enhanced_error_handling(uint token, int arguments, int results) =>
        Assert.Equal(-3, _of.Rtas(token, results, new uint[arguments]));

    [Fact]
    public void Nvram_and_clock_are_the_machines()
    {
        _of.Fill(PartitionBench.Buffer, "abc"u8);
        Assert.Equal(0, _of.Rtas(0x2013, 2, 0xfffd, PartitionBench.Buffer, 3));
        Assert.Equal(0, _of.Rtas(0x2012, 2, 0xfffd, PartitionBench.Buffer + 16, 3));
        Assert.Equal("abc"u8.ToArray(), _of.Bytes(PartitionBench.Buffer + 16, 3));
        Assert.Equal(-3, _of.Rtas(0x2012, 2, 0xfffe, PartitionBench.Buffer, 3));
        Assert.Equal(0, _of.Rtas(0x2001, 8));
        Assert.Equal([0u, 2026u, 11u, 22u, 18u, 22u, 7u, 0u], _of.Results);
        Assert.Equal(0, _of.Rtas(0x2002, 1, 2026, 12, 1, 0, 0, 0, 0));
    }
}
