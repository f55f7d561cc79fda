using Firmament.Core.Hypercalls;
using Firmament.Firmware.Hypercalls;

namespace Firmament.Firmware.Tests;

/// <summary>Hypercalls of a 64-bit CPU: in 32-bit mode the upper halves of registers are left over from something else.</summary>
public sealed class SixtyFourBitCallTests : IDisposable
{
    private const ulong ThirtyTwoBitMode = 0x3002;
    private const ulong SixtyFourBitMode = 0x8000_0000_0000_3002;
    private const ulong Leftover = 0xdead_beef_0000_0000;

    private readonly Bench _of = new(is64Bit: true, answersProblemState: true);

    public void Dispose() => _of.Dispose();

    [Theory]
    [InlineData(ThirtyTwoBitMode, Leftover)]
    [InlineData(SixtyFourBitMode, 0UL)]
    [InlineData(SixtyFourBitMode, 0xc000_0000_0000_0000)]
    public void A_client_is_served_in_both_modes(ulong msr, ulong upper)
    {
        uint array = _of.ArrayOf(_of.Text("finddevice"), 1, _of.Text("/chosen"));
        Assert.Equal(0, Call(msr, PaprHypercalls.ClientToken, upper | array));
        Assert.Equal(_of.Tree.Find("/chosen")!.Phandle, _of.Cell(array + 16));
    }

    [Fact]
    public void A_client_with_translation_on_names_effective_addresses()
    {
        uint array = _of.ArrayOf(_of.Text("finddevice"), 1, _of.Text("/chosen"));
        Assert.Equal(-1, Call(SixtyFourBitMode | 0x30, PaprHypercalls.ClientToken, 0xc000_0000_0000_0000 | array));
    }

    [Theory]
    [InlineData(ThirtyTwoBitMode, Leftover)]
    [InlineData(SixtyFourBitMode, 0UL)]
    [InlineData(SixtyFourBitMode, 0xc000_0000_0000_0000)]
    public void Rtas_is_served_in_both_modes(ulong msr, ulong upper)
    {
        uint array = _of.ArrayOf(10, 1, 'x');
        Assert.Equal(0, Call(msr, PaprHypercalls.RtasToken, upper | array));
        Assert.Equal("x", _of.Platform.Output.ToString());
    }

    [Fact]
    public void A_status_fills_the_whole_register()
    {
        Assert.Equal(PaprStatus.Parameter, Call(SixtyFourBitMode, PaprHypercalls.RtasToken, 0x0100_0000_0000_0000));
        Assert.Equal(PaprStatus.Function, Call(SixtyFourBitMode, 0x1234, 0));
    }

    [Fact]
    public void Problem_state_is_refused_where_the_machine_says_so()
    {
        uint array = _of.ArrayOf(10, 1, 'x');
        Assert.Equal(PaprStatus.Privilege, Call(SixtyFourBitMode | 0x4000, PaprHypercalls.RtasToken, array));
        Assert.Equal(PaprStatus.Privilege, Call(SixtyFourBitMode | 0x4000, 0x1234, 0));
        Assert.Equal("", _of.Platform.Output.ToString());
        Assert.Contains(_of.Platform.GuestErrors, static error => error.Contains("problem state", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plain_system_call_of_problem_state_is_the_guests()
    {
        _of.Cpu.Msr = SixtyFourBitMode | 0x4000;
        Assert.False(_of.Firmware.SystemCalls.TryIntercept(_of.Cpu, 0));
    }

    private long Call(ulong msr, ulong number, ulong argument)
    {
        _of.Cpu.Msr = msr;
        _of.Cpu.WriteGpr(3, number);
        _of.Cpu.WriteGpr(4, argument);
        Assert.True(_of.Firmware.SystemCalls.TryIntercept(_of.Cpu, 1));
        return (long)_of.Cpu.ReadGpr(3);
    }
}
