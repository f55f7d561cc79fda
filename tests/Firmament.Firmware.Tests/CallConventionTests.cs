using Firmament.Core.Memory;

namespace Firmament.Firmware.Tests;

public sealed class CallConventionTests : IDisposable
{
    private readonly Bench _of = new();

    public void Dispose() => _of.Dispose();

    public static TheoryData<string> Names => [.. ClientInterface.ClientServices.Services.Select(static row => row.Name)];

    public static TheoryData<string> NamesWithArguments =>
        [.. ClientInterface.ClientServices.Services.Where(static row => row.Signature.LeastArguments > 0).Select(static row => row.Name)];

    [Fact]
    public void An_unknown_service_answers_minus_one_and_touches_no_result()
    {
        Assert.Equal(-1, _of.CallRaw("no-such-service", 2, 1, 2));
        Assert.Equal([0xdeadbeef, 0xdeadbeef], _of.Results);
        Assert.Contains(_of.Platform.GuestErrors, static e => e.Contains("no-such-service", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NamesWithArguments))]
    public void A_service_with_too_few_arguments_answers_minus_one_and_does_nothing(string service)
    {
        Assert.Equal(-1, _of.CallRaw(service, 1));
        Assert.Equal([0xdeadbeef], _of.Results);
        Assert.Empty(_of.Platform.Requests);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_service_with_bad_pointers_everywhere_is_performed_and_never_throws(string service)
    {
        foreach (uint pointer in (uint[])[0, 0xf0000000, 0xffffffff, 0x00fffffe, 0x7fffffff])
        {
            int r3 = _of.CallRaw(service, 9, pointer, pointer, pointer, pointer, pointer, pointer, pointer, pointer);
            Assert.InRange(r3, -1, 0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void More_results_than_a_service_defines_are_zero_and_fewer_are_fine(string service)
    {
        int defined = ClientInterface.ClientServices.Services.First(row => row.Name == service).Signature.Results.Count;
        uint[] arguments = new uint[8];
        Assert.Equal(0, _of.CallRaw(service, defined + 3, arguments));
        Assert.All(_of.Results[defined..], static cell => Assert.Equal(0u, cell));
        Assert.Equal(0, _of.CallRaw(service, 0, arguments));
    }

    [Fact]
    public void An_array_that_ends_with_memory_is_served()
    {
        uint address = (uint)_of.Platform.Ram.Size - 20;
        _of.ArrayAt(address, _of.Text("finddevice"), 1, _of.Text("/"));
        Assert.Equal(0, _of.Firmware.Client.Call(_of.Cpu, address));
        Assert.Equal(_of.Tree.Root.Phandle, _of.Cell(address + 16));
    }

    [Theory]
    [InlineData(0xffffffffu)]
    [InlineData(0xfffffff0u)]
    [InlineData(0x00fffff8u)]
    [InlineData(0x80000000u)]
    public void An_array_outside_memory_answers_minus_one(uint address) => Assert.Equal(-1, _of.Firmware.Client.Call(_of.Cpu, address));

    [Theory]
    [InlineData(0xffffffffu, 0u)]
    [InlineData(0u, 0xffffffffu)]
    [InlineData(0x40000000u, 0x40000000u)]
    [InlineData(257u, 0u)]
    [InlineData(0u, 257u)]
    public void Absurd_counts_answer_minus_one(uint arguments, uint results)
    {
        uint array = _of.ArrayOf(_of.Text("milliseconds"), 1);
        _of.Platform.Ram.TryWriteUInt32(new PhysicalAddress(array + 4), arguments);
        _of.Platform.Ram.TryWriteUInt32(new PhysicalAddress(array + 8), results);
        Assert.Equal(-1, _of.Firmware.Client.Call(_of.Cpu, array));
    }

    [Fact]
    public void Many_cells_are_served()
    {
        uint[] arguments = new uint[200];
        arguments[0] = _of.Text("/");
        Assert.Equal(_of.Tree.Root.Phandle, _of.Call("finddevice", 200, arguments));
        Assert.All(_of.Results[1..], static cell => Assert.Equal(0u, cell));
    }

    [Fact]
    public void A_service_name_that_is_no_string_answers_minus_one()
    {
        Assert.Equal(-1, _of.Firmware.Client.Call(_of.Cpu, _of.ArrayOf(0xf0000000, 1)));
        Assert.Equal(-1, _of.CallRaw(new string('x', 200), 1));
        Assert.Equal(-1, _of.CallRaw("", 1));
    }

    [Fact]
    public void A_client_in_virtual_mode_is_served_across_pages_that_are_apart()
    {
        _of.Cpu.Pages = new() { [0x50000] = 0x300, [0x50001] = 0x500, [0x60000] = 0x400, [0x60001] = 0x2ff };
        Put(0x300ff0, [.. Word(0x60000ffc), .. Word(4), .. Word(1), .. Word(_of.Tree.Find("/openprom")!.Phandle)]);
        Put(0x500000, [.. Word(0x60001100), .. Word(0x50001ffa), .. Word(6), .. Word(0xdeadbeef)]);
        Put(0x400ffc, "getp"u8.ToArray());
        Put(0x2ff000, "rop\0"u8.ToArray());
        Put(0x2ff100, "model\0"u8.ToArray());
        Assert.Equal(0, _of.Firmware.Client.Call(_of.Cpu, 0x50000ff0));
        Assert.Equal(13u, _of.Cell(0x50000c));
        Assert.Equal("Pegaso"u8.ToArray(), _of.Bytes(0x500ffa, 6));

        void Put(uint address, byte[] bytes) => _of.Write(address, bytes);
        static byte[] Word(uint value) => Words.ToBytes([value]);
    }

    [Fact]
    public void An_array_whose_results_cannot_be_written_runs_nothing()
    {
        uint array = _of.ArrayOf(_of.Text("claim"), 1, 0x800000, 0x1000, 0);
        _of.Cpu.ReadOnlyPages.Add(array >> 12);
        Assert.Equal(-1, _of.Firmware.Client.Call(_of.Cpu, array));
        _of.Cpu.ReadOnlyPages.Clear();
        Assert.Equal(0x800000u, _of.Call("claim", 0x800000, 0x1000, 0));
    }
}
