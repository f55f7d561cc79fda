using Firmament.Core.Backends;
using Firmament.Core.Hypercalls;
using Firmament.Core.Memory;
using Firmament.Devices.Buses.Vio;
using Firmament.Devices.Network;

namespace Firmament.Machines.Tests.Pseries.Devices;

public sealed class DeviceHypercallTests : IDisposable, ICharacterBackend
{
    private const ulong Valid = 1ul << 63;

    private readonly DeviceCallRig _rig = new();
    private readonly List<byte> _output = [];

    public void Dispose() => _rig.Dispose();

    void ICharacterBackend.Write(ReadOnlySpan<byte> bytes) => _output.AddRange(bytes);

    [Fact]
    public void Every_call_of_the_reference_has_a_row_with_its_name()
    {
        (uint, string)[] wanted =
        [
            (0x1c, "H_GET_TCE"), (0x20, "H_PUT_TCE"), (0x138, "H_STUFF_TCE"), (0x13c, "H_PUT_TCE_INDIRECT"), (0x54, "H_GET_TERM_CHAR"),
            (0x58, "H_PUT_TERM_CHAR"), (0xfc, "H_REG_CRQ"), (0x100, "H_FREE_CRQ"), (0x104, "H_VIO_SIGNAL"), (0x108, "H_SEND_CRQ"),
            (0x2b0, "H_ENABLE_CRQ"), (0x114, "H_REGISTER_LOGICAL_LAN"), (0x118, "H_FREE_LOGICAL_LAN"), (0x11c, "H_ADD_LOGICAL_LAN_BUFFER"),
            (0x120, "H_SEND_LOGICAL_LAN"), (0x130, "H_MULTICAST_CTRL"), (0x14c, "H_CHANGE_LOGICAL_LAN_MAC"),
            (0x1d4, "H_FREE_LOGICAL_LAN_BUFFER"), (0x244, "H_ILLAN_ATTRIBUTES"),
        ];
        Assert.All(wanted, row => Assert.Equal(row.Item2, _rig.Table.Find(row.Item1)?.Name));
    }

    [Fact]
    public void A_unit_that_is_not_there_or_of_another_kind_is_a_parameter_error()
    {
        ulong terminal = _rig.Bus.Place(new SpaprVty("vty", this, _rig.Journal, _rig.Tracer)).Reg;
        foreach (uint number in (uint[])[0x54, 0x58, 0xfc, 0x100, 0x104, 0x108, 0x2b0, 0x114, 0x118, 0x11c, 0x120, 0x130, 0x14c, 0x1d4, 0x244, 0x1c, 0x20, 0x138, 0x13c])
        {
            Assert.Equal(PaprStatus.Parameter, _rig.Call(number, 0x1234, 0, 0x1000));
        }

        foreach (uint number in (uint[])[0x114, 0x118, 0x11c, 0x120, 0x130, 0x14c, 0x1d4, 0x244])
        {
            Assert.Equal(PaprStatus.Parameter, _rig.Call(number, terminal));
        }
    }

    [Fact]
    public void The_console_works_by_its_address_and_by_zero()
    {
        SpaprVty terminal = _rig.Bus.Place(new SpaprVty("vty", this, _rig.Journal, _rig.Tracer));
        // The first line of the oracle's boot: "[    0.10138] p" in 16 characters.
        Assert.Equal(PaprStatus.Success, _rig.Call(0x58, terminal.Reg, 16, 0x5b20_2020_2030_2e30, 0x3138_3330_385d_2070));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x58, 0, 1, 0x2100_0000_0000_0000, 0));
        Assert.Equal("[    0.018308] p!"u8.ToArray(), _output);
        terminal.Input.Post([.. "0123456789"u8]);
        _rig.Journal.Drain();
        Assert.Equal(PaprStatus.Success, _rig.Call(0x54, terminal.Reg));
        Assert.Equal((10ul, 0x3031_3233_3435_3637ul, 0x3839_0000_0000_0000ul), (_rig.Result(0), _rig.Result(1), _rig.Result(2)));
    }

    [Fact]
    public void Entries_are_put_and_got_as_the_oracle_s_kernel_does()
    {
        _rig.Tables.Create(0x8000_0000).Enable(0, 12, 0x4_0000);
        for (ulong ioba = 0; ioba < 0x4000_0000; ioba += 0x20_0000)
        {
            Assert.Equal(PaprStatus.Success, _rig.Call(0x138, 0x8000_0000, ioba, 0, 0x200));
        }

        Assert.Equal(PaprStatus.Success, _rig.Call(0x20, 0x8000_0000, 0x5000, 0x7003));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x1c, 0x8000_0000, 0x5000));
        Assert.Equal(0x7003ul, _rig.Result(0));
        _rig.Ram.TryWriteUInt64(new PhysicalAddress(0x3008), 0x9001);
        Assert.Equal(PaprStatus.Success, _rig.Call(0x13c, 0x8000_0000, 0x5000, 0x3000, 2));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x1c, 0x8000_0000, 0x6000));
        Assert.Equal(0x9001ul, _rig.Result(0));
    }

    [Fact]
    public void A_frame_s_six_descriptors_and_token_are_in_r5_to_r11()
    {
        NetworkHub hub = new();
        SpaprLan lan = _rig.Bus.Place(new SpaprLan("lan", [2, 0, 0, 0, 0, 1], hub.CreatePort(), _rig.Journal, _rig.Tracer));
        List<byte[]> seen = [];
        Core.Replay.InputJournal journal = new();
        hub.CreatePort().Attach(journal.CreateChannel("peer", seen.Add));
        for (ulong page = 0; page < 8; page++)
        {
            Assert.Equal(PaprStatus.Success, _rig.Call(0x20, lan.Reg, page << 12, (0x10_0000 + (page << 12)) | 3));
        }

        Assert.Equal(PaprStatus.Success, _rig.Call(0x114, lan.Reg, 0, Valid | (64ul << 32) | 0x2000, 0x1000, 0x0200_0000_0001));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x104, lan.Reg, 1));
        ulong piece = Valid | (20ul << 32) | 0x3000;
        Assert.Equal(PaprStatus.Success, _rig.Call(0x120, lan.Reg, piece, piece, piece, piece, piece, piece, 0));
        journal.Drain();
        Assert.Equal(120, Assert.Single(seen).Length);
        Assert.Equal(0ul, _rig.Result(0));
        Assert.Equal(PaprStatus.Parameter, _rig.Call(0x120, lan.Reg, piece, 0, 0, 0, 0, 0, 1));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x244, lan.Reg, 0, 0));
        Assert.Equal(PaprStatus.Success, _rig.Call(0x118, lan.Reg));
    }
}
