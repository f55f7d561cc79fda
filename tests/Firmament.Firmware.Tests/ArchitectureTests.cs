using Firmament.Core.Hypercalls;
using Firmament.Core.Interrupts;
using Firmament.Firmware.Architecture;

namespace Firmament.Firmware.Tests;

/// <summary>Client architecture support, LoPAPR 1.1 appendix B.6.2.3.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private const string Method = "ibm,client-architecture-support";

    private readonly FakeArchitectureHost _host = new();
    private readonly Bench _of;

    public ArchitectureTests() => _of = new Bench(is64Bit: true, architecture: _host);

    public void Dispose() => _of.Dispose();

    [Fact]
    public void What_Linux_asks_on_POWER9_gives_radix_and_xive_at_level_3_00()
    {
        Assert.Equal(0, Ask(Linux()));

        ClientArchitecture agreed = Assert.Single(_host.Applied);
        Assert.Equal(LogicalPvr.Isa300, agreed.LogicalPvr);
        Assert.Equal((InterruptMode.Xive, MmuMode.Radix), (agreed.Interrupts, agreed.Mmu));
        Assert.True(agreed.GuestInvalidates && agreed.KnowsIsa300 && agreed.UsesAffinityForm2 && agreed.ResizesHashTable);

        // As QEMU answered the same kernel (oracle/pseries/pseries-POWER9-vof-on.dts).
        Assert.Equal(
            "19002000" + "00A00500" + "00000000" + "00000000" + "00000000" + "0000" + "8040400040",
            Convert.ToHexString(_of.Tree.Find("/chosen")!["ibm,architecture-vec-5"]!.Value.Span));
    }

    [Fact]
    public void What_Linux_asks_on_POWER8_gives_hash_and_xics()
    {
        _host.Offer = _host.Offer with { Pvr = 0x4d0200, Levels = LogicalPvr.UpTo(LogicalPvr.Isa207), Interrupts = [InterruptMode.Xics], Mmus = [MmuMode.Hash] };

        Assert.Equal(0, Ask(Linux(interrupts: 0, mmu: 0, radix: 0)));

        ClientArchitecture agreed = Assert.Single(_host.Applied);
        Assert.Equal((LogicalPvr.Isa207, InterruptMode.Xics, MmuMode.Hash), (agreed.LogicalPvr, agreed.Interrupts, agreed.Mmu));
        Assert.Equal("1500200000A00500000000000000000000000000000080", Convert.ToHexString(_of.Tree.Find("/chosen")!["ibm,architecture-vec-5"]!.Value.Span));
    }

    [Fact]
    public void Stdout_is_opened_anew_and_the_old_handle_stays_usable()
    {
        uint before = Stdout();

        Assert.Equal(0, Ask(Linux()));

        uint after = Stdout();
        Assert.NotEqual(before, after);
        foreach (uint handle in (uint[])[before, after])
        {
            Assert.Equal(2u, _of.Call("write", handle, _of.Text("ok"), 2));
        }

        Assert.Equal("okok", _of.Platform.Output.ToString());
    }

    [Fact]
    public void The_first_stdout_stays_when_no_instance_is_free()
    {
        uint root = _of.Call("open", _of.Text("/"));
        uint before = Stdout();
        while (_of.Call("open", _of.Text("/")) != 0)
        {
        }

        Assert.Equal(0, Ask(Linux(), root));
        Assert.Equal(before, Stdout());
    }

    [Fact]
    public void A_client_that_knows_no_level_gets_the_chip_if_it_names_it()
    {
        uint[] chip = [0xffff0000, 0x004e0000];
        Assert.Equal(0, Ask(Vector(chip, Isa(0xc0), Options())));
        Assert.Equal(0u, _host.Applied[^1].LogicalPvr);

        _host.Offer = _host.Offer with { AllowsChip = false };
        Assert.Equal(PaprStatus.Hardware, Ask(Vector(chip, Isa(0xc0), Options())));
        Assert.Single(_host.Applied);
    }

    [Fact]
    public void The_highest_level_wins_whatever_the_order()
    {
        uint[] versions = [uint.MaxValue, LogicalPvr.Isa300, uint.MaxValue, LogicalPvr.Isa206, uint.MaxValue, LogicalPvr.Isa310, 0xffff0000, 0x004e0000];
        Assert.Equal(0, Ask(Vector(versions, Isa(0xc0), Options())));
        Assert.Equal(LogicalPvr.Isa300, _host.Applied[^1].LogicalPvr);
    }

    [Fact]
    public void A_client_for_other_CPUs_fails()
    {
        Assert.Equal(PaprStatus.Hardware, Ask(Vector([0xffff0000, 0x003f0000], Isa(0xc0), Options())));
        Assert.Equal(PaprStatus.Hardware, Ask(Vector([], Isa(0xc0), Options())));
    }

    [Theory]
    [InlineData(0x80, 0x40)]
    [InlineData(0xc0, 0x40)]
    [InlineData(0x40, 0x80)]
    [InlineData(0x40, 0xc0)]
    public void Asking_for_either_mode_fails(byte interrupts, byte mmu) =>
        Assert.Equal(PaprStatus.Parameter, Ask(Linux(interrupts, mmu)));

    [Fact]
    public void A_mode_that_is_not_offered_fails()
    {
        _host.Offer = _host.Offer with { Interrupts = [InterruptMode.Xics] };
        Assert.Equal(PaprStatus.Parameter, Ask(Linux(interrupts: 0x40)));
        _host.Offer = _host.Offer with { Interrupts = [InterruptMode.Xive] };
        Assert.Equal(PaprStatus.Parameter, Ask(Linux(interrupts: 0)));
        _host.Offer = _host.Offer with { Mmus = [MmuMode.Hash] };
        Assert.Equal(PaprStatus.Parameter, Ask(Linux()));
        Assert.Empty(_host.Applied);
    }

    [Fact]
    public void Radix_below_level_3_00_fails() =>
        Assert.Equal(PaprStatus.Parameter, Ask(Vector([uint.MaxValue, LogicalPvr.Isa207], Isa(0xc0), Options(0x40, 0x40, 0x40))));

    [Fact]
    public void Radix_without_the_guests_own_invalidation_is_granted_without_it()
    {
        Assert.Equal(0, Ask(Linux(radix: 0)));
        Assert.False(_host.Applied[^1].GuestInvalidates);
    }

    [Fact]
    public void A_missing_option_vector_fails()
    {
        Assert.Equal(PaprStatus.Parameter, Ask([.. Versions([uint.MaxValue, LogicalPvr.Isa300]), 0, 0, 0]));
        Assert.Equal(PaprStatus.Parameter, Ask([.. Versions([uint.MaxValue, LogicalPvr.Isa300]), 3, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void Short_vectors_have_zeros_where_they_end()
    {
        // Vectors of one byte each: no level 3.00, XICS, hash.
        Assert.Equal(0, Ask([.. Versions([uint.MaxValue, LogicalPvr.Isa300]), 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        ClientArchitecture agreed = _host.Applied[^1];
        Assert.Equal((InterruptMode.Xics, MmuMode.Hash, false), (agreed.Interrupts, agreed.Mmu, agreed.KnowsIsa300));
        Assert.Equal([0, 0], _of.Tree.Find("/chosen")!["ibm,architecture-vec-5"]!.Value.ToArray());
    }

    [Fact]
    public void While_another_CPU_runs_nothing_is_changed()
    {
        _host.OtherRuns = true;
        Assert.Equal(PaprStatus.MultipleThreadsActive, Ask(Linux()));
        Assert.Empty(_host.Applied);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xffff_ffffu)]
    [InlineData(0xffff_fff8u)]
    [InlineData(0x0100_0000u)]
    [InlineData(0x8000_0000u)]
    public void A_vector_outside_memory_fails(uint address) => Assert.Equal(PaprStatus.Parameter, AskAt(address));

    [Fact]
    public void A_vector_that_ends_in_the_last_byte_of_memory_is_read()
    {
        byte[] bytes = Linux();
        Assert.Equal(0, AskAt(_of.Write((16 << 20) - (uint)bytes.Length, bytes)));
    }

    [Fact]
    public void Each_cut_of_a_vector_at_the_end_of_memory_fails_but_for_what_nobody_needs()
    {
        byte[] bytes = Linux();
        for (int length = 1; length < bytes.Length; length++)
        {
            _host.Applied.Clear();
            _of.Write((16 << 20) - (uint)length, bytes.AsSpan(0, length));
            Assert.Equal(PaprStatus.Parameter, AskAt((16 << 20) - (uint)length));
            Assert.Empty(_host.Applied);
        }
    }

    [Fact]
    public void A_list_of_versions_without_an_end_fails()
    {
        byte[] endless = Words.ToBytes([.. Enumerable.Range(0, ArchitectureVector.MostPairs + 8).SelectMany(static _ => (uint[])[uint.MaxValue, LogicalPvr.Isa300])]);
        Assert.Equal(PaprStatus.Parameter, Ask(endless));
    }

    [Fact]
    public void Vectors_said_to_be_256_but_not_there_are_not_read_beyond_the_fifth()
    {
        byte[] bytes = [.. Versions([uint.MaxValue, LogicalPvr.Isa300]), 255, .. Isa(0xc0), 0, 0, 0, 0, 0, 0, .. Options()];
        _of.Write((16 << 20) - (uint)bytes.Length, bytes);
        Assert.Equal(0, AskAt((16 << 20) - (uint)bytes.Length));
    }

    [Fact]
    public void Any_bytes_are_answered()
    {
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[512];
            random.NextBytes(bytes);
            byte[] vector = i % 2 == 0 ? bytes : [.. Versions([uint.MaxValue, LogicalPvr.Isa300]), .. bytes];
            Assert.Contains(Ask(vector), (long[])[PaprStatus.Success, PaprStatus.Parameter, PaprStatus.Hardware]);
        }
    }

    [Fact]
    public void A_failed_call_is_the_methods_result_and_not_a_throw()
    {
        uint root = _of.Call("open", _of.Text("/"));
        Assert.Equal(0u, _of.Call("call-method", 2, [_of.Text(Method), root, 0xf0000000]));
        Assert.Equal(unchecked((uint)PaprStatus.Parameter), _of.Results[1]);
        Assert.Contains(_of.Platform.GuestErrors, static error => error.Contains("client-architecture-support", StringComparison.Ordinal));
        Assert.Equal(0u, _of.Call("test-method", _of.Find("/"), _of.Text(Method)));
    }

    [Fact]
    public void The_method_takes_its_argument()
    {
        uint root = _of.Call("open", _of.Text("/"));
        Assert.Equal(unchecked((uint)-4), _of.Call("call-method", 2, [_of.Text(Method), root]));
    }

    private uint Stdout()
    {
        Assert.True(_of.Tree.Find("/chosen")!.TryGetCell("stdout", 0, out uint handle));
        return handle;
    }

    private long Ask(byte[] vector, uint root = 0) => AskAt(_of.Write(Bench.Scratch, vector), root);

    private long AskAt(uint address, uint root = 0)
    {
        bool opens = root == 0;
        root = opens ? _of.Call("open", _of.Text("/")) : root;
        Assert.Equal(0u, _of.Call("call-method", 2, [_of.Text(Method), root, address]));
        int status = (int)_of.Results[1];
        if (opens)
        {
            _of.CallRaw("close", 0, root);
        }

        return status;
    }

    private static byte[] Linux(byte interrupts = 0x40, byte mmu = 0x40, byte radix = 0x40) => Vector(
        [
            0xffff0000, 0x004b0000, 0xffff0000, 0x004e0000, uint.MaxValue, LogicalPvr.Isa310, uint.MaxValue, LogicalPvr.Isa300,
            uint.MaxValue, LogicalPvr.Isa207, uint.MaxValue, LogicalPvr.Isa206,
        ],
        Isa(0xc0),
        Options(interrupts, mmu, radix));

    private static byte[] Vector(uint[] versions, byte[] isa, byte[] options) =>
        [.. Versions(versions), 4, .. isa, 0, 0x20, 1, 0, 0xe0, 0, 1, .. options];

    private static byte[] Versions(uint[] pairs) => [.. Words.ToBytes(pairs), .. Words.ToBytes([0xfffffffe, 0x0f000001])];

    private static byte[] Isa(byte newer) => [2, 0, 0xff, newer];

    private static byte[] Options(byte interrupts = 0, byte mmu = 0, byte radix = 0)
    {
        byte[] bytes = new byte[1 + 26];
        bytes[0] = 25;
        (bytes[2], bytes[5], bytes[6], bytes[22]) = (0xf3, 0xe0, 0x05, 0xc0);
        (bytes[23], bytes[24], bytes[26]) = (interrupts, mmu, radix);
        return bytes;
    }
}
