using Firmament.Core.Hypercalls;
using Firmament.Devices.Interrupts;
using Firmament.Firmware.Rtas;

namespace Firmament.Machines.Tests.Pseries.Interrupts;

public sealed class InterruptHypercallTests
{
    private const uint HEoi = 0x64;
    private const uint HCppr = 0x68;
    private const uint HIpi = 0x6c;
    private const uint HIpoll = 0x70;
    private const uint HXirr = 0x74;
    private const uint HXirrX = 0x2fc;
    private const uint GetSourceInfo = 0x3a8;
    private const uint SetSourceConfig = 0x3ac;
    private const uint GetSourceConfig = 0x3b0;
    private const uint GetQueueInfo = 0x3b4;
    private const uint SetQueueConfig = 0x3b8;
    private const uint GetQueueConfig = 0x3bc;
    private const uint Esb = 0x3c8;
    private const uint Sync = 0x3cc;
    private const uint Reset = 0x3d0;

    public static TheoryData<uint> XicsCalls => new() { HEoi, HCppr, HIpi, HIpoll, HXirr, HXirrX };

    public static TheoryData<uint> XiveCalls =>
        new() { GetSourceInfo, SetSourceConfig, GetSourceConfig, GetQueueInfo, SetQueueConfig, GetQueueConfig, 0x3c0, 0x3c4, Esb, Sync, Reset };

    [Theory]
    [MemberData(nameof(XicsCalls))]
    public void Xics_calls_find_no_hardware_while_xive_is_active(uint number)
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xive);
        Assert.Equal(PaprStatus.Hardware, rig.Call(number, 0, 0));
        Assert.Equal(0u, rig.Result());
    }

    [Theory]
    [MemberData(nameof(XiveCalls))]
    public void Xive_calls_are_no_function_while_xics_is_active(uint number)
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xics);
        Assert.Equal(PaprStatus.Function, rig.Call(number, 0, 0, 0, 0, 0));
        Assert.Equal(0u, rig.Result());
    }

    [Fact]
    public void Reporting_lines_are_no_function_at_all()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xive);
        Assert.Equal(PaprStatus.Function, rig.Call(0x3c0, 0, 0x1000));
        Assert.Equal(PaprStatus.Function, rig.Call(0x3c4, 0, 0));
    }

    [Fact]
    public void Two_cpus_send_each_other_interrupts_through_xics()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xics);
        Assert.Equal(0, rig.Call(HCppr, 0xff));
        rig.Cpu = 1;
        Assert.Equal(0, rig.Call(HCppr, 0xff));
        Assert.Equal(0, rig.Call(HIpi, 0, 4));
        Assert.True(rig.Line(0));
        Assert.False(rig.Line(1));
        Assert.Equal(0, rig.Call(HIpoll, 0));
        Assert.Equal((0xff000002u, 4u), (rig.Result(), rig.Result(1)));
        rig.Cpu = 0;
        Assert.Equal(0, rig.Call(HXirr, 0xff));
        Assert.Equal(0xff000002, rig.Result());
        Assert.False(rig.Line(0));
        Assert.Equal(0, rig.Call(HIpi, 0, 0xff));
        Assert.Equal(0, rig.Call(HEoi, 0xff000002));
        Assert.Equal(0, rig.Call(HXirrX, 0xff));
        Assert.Equal((0xff000000u, InterruptRig.TimeBase), (rig.Result(), rig.Result(1)));
    }

    [Fact]
    public void Bad_servers_and_sources_are_a_parameters_fault_in_xics()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xics);
        Assert.Equal(PaprStatus.Parameter, rig.Call(HIpi, 2, 0));
        Assert.Equal(PaprStatus.Parameter, rig.Call(HIpi, ulong.MaxValue, 0));
        Assert.Equal(PaprStatus.Parameter, rig.Call(HIpoll, 2));
        Assert.Equal(2u, rig.Result()); // a call that fails leaves r4
        Assert.Equal(PaprStatus.Parameter, rig.Call(HEoi, 0xff00abcd));
    }

    [Fact]
    public void Rtas_configures_masks_and_unmasks_a_source()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xics);
        rig.Interrupts.Claim(0x1200, isLevel: true);
        Assert.Equal(RtasStatus.Success, rig.Rtas.SetXive(0x1200, 1, 5));
        Assert.Equal(RtasStatus.Success, rig.Rtas.GetXive(0x1200, out uint server, out uint priority));
        Assert.Equal((1u, 5u), (server, priority));
        Assert.Equal(RtasStatus.Success, rig.Rtas.InterruptOff(0x1200));
        Assert.Equal(RtasStatus.Success, rig.Rtas.GetXive(0x1200, out _, out priority));
        Assert.Equal(0xffu, priority);
        Assert.Equal(RtasStatus.Success, rig.Rtas.InterruptOn(0x1200));
        Assert.Equal(RtasStatus.Success, rig.Rtas.GetXive(0x1200, out _, out priority));
        Assert.Equal(5u, priority);
        rig.Cpu = 1;
        rig.Call(HCppr, 0xff);
        rig.Interrupts.Source(0x1200).Raise();
        Assert.True(rig.Line(1));
    }

    [Fact]
    public void Rtas_refuses_bad_arguments_and_answers_a_hardware_error_while_xive_is_active()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xics);
        rig.Interrupts.Claim(0x1200, isLevel: true);
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.SetXive(0x1201, 0, 5));
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.SetXive(0x1200, 2, 5));
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.SetXive(0x1200, 0, 0x100));
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.GetXive(0xffffffff, out _, out _));
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.InterruptOff(0));
        Assert.Equal(RtasStatus.ParameterError, rig.Rtas.InterruptOn(2));
        rig.Interrupts.Select(PseriesInterruptMode.Xive);
        Assert.Equal(RtasStatus.HardwareError, rig.Rtas.SetXive(0x1200, 0, 5));
        Assert.Equal(RtasStatus.HardwareError, rig.Rtas.GetXive(0x1200, out _, out _));
        Assert.Equal(RtasStatus.HardwareError, rig.Rtas.InterruptOff(0x1200));
        Assert.Equal(RtasStatus.HardwareError, rig.Rtas.InterruptOn(0x1200));
    }

    [Fact]
    public void Results_of_the_xive_calls_are_in_their_registers()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xive);
        rig.Interrupts.Claim(0x1200, isLevel: true);
        Assert.Equal(0, rig.Call(GetSourceInfo, 0, 1));
        Assert.Equal(
            (0ul, 0x0006010000030000ul, 0x0006010000020000ul, 16ul),
            (rig.Result(), rig.Result(1), rig.Result(2), rig.Result(3)));
        Assert.Equal(0, rig.Call(GetQueueInfo, 0, 1, 6));
        Assert.Equal((0x00060100401c0000ul, 16ul), (rig.Result(), rig.Result(1)));
        Assert.Equal(0, rig.Call(SetQueueConfig, 1, 1, 6, 0x10000, 16));
        Assert.Equal(0, rig.Call(GetQueueConfig, 1, 1, 6));
        Assert.Equal((3ul, 0x10000ul, 16ul, 0ul), (rig.Result(), rig.Result(1), rig.Result(2), rig.Result(3)));
        Assert.Equal(0, rig.Call(SetSourceConfig, 2, 0x1200, 1, 6, 0x33));
        Assert.Equal(0, rig.Call(GetSourceConfig, 0, 0x1200));
        Assert.Equal((1ul, 6ul, 0x33ul), (rig.Result(), rig.Result(1), rig.Result(2)));
        Assert.Equal(0, rig.Call(Esb, 0, 0x1200, 0xc00, 0));
        Assert.Equal(1u, rig.Result());
        Assert.Equal(0, rig.Call(Esb, 1, 0x1200, 0xd00, 0));
        Assert.Equal(ulong.MaxValue, rig.Result());
        Assert.Equal(0, rig.Call(Sync, 0, 0x1200));
        Assert.Equal(0, rig.Call(Reset, 0));
        Assert.Equal(0, rig.Call(GetQueueConfig, 0, 1, 6));
        Assert.Equal((0ul, 0ul, 0ul), (rig.Result(), rig.Result(1), rig.Result(2)));
    }

    [Fact]
    public void A_xive_call_that_fails_leaves_its_result_registers()
    {
        using InterruptRig rig = new(PseriesInterruptMode.Xive);
        Assert.Equal(PaprStatus.Parameter2, rig.Call(GetSourceInfo, 0, 0x1999));
        Assert.Equal((0ul, 0x1999ul, 0xdead0002ul, 0xdead0003ul), (rig.Result(), rig.Result(1), rig.Result(2), rig.Result(3)));
        Assert.Equal(PaprStatus.Parameter3, rig.Call(Esb, 0, 0, 0x10000, 0));
        Assert.Equal(0u, rig.Result());
        Assert.Equal(PaprStatus.Parameter, rig.Call(Reset, 1));
    }
}
