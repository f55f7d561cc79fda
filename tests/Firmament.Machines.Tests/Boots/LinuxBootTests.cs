using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Boots;

public sealed class LinuxBootTests
{
    [Theory]
    [InlineData("ppc32/vmlinux-builtin-16m", false)]
    [InlineData("ppc32/vmlinux", true)]
    [InlineData("ppc32/zImage.initrd", false)]
    [InlineData("ppc32/stock/vmlinux-up-unpatched", true)]
    [InlineData("ppc32/stock/zImage-smp-unpatched.initrd", false)]
    public void A_kernel_boots_to_its_shell(string image, bool separateInitrd)
    {
        MachineConfiguration configuration = Boot.Kernel(image);
        using VirtualMachine machine = VirtualMachine.Create(separateInitrd ? configuration.WithInitrd() : configuration);

        machine.UntilReady();
    }

    [Fact]
    public void Firmware_output_is_on_the_console_before_the_kernels_own()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin));

        Assert.True(machine.RunUntil("OF stdout device is: /failsafe", virtualSeconds: 1), machine.Tail());
        machine.UntilReady();
    }

    [Theory]
    [InlineData(HypercallConvention.Sc1)]
    [InlineData(HypercallConvention.Osi)]
    [InlineData(HypercallConvention.Epapr)]
    public void A_kernel_boots_through_each_hypercall_convention(HypercallConvention convention)
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("uname -a")) with { Hypercall = convention });

        Assert.Contains("Linux guest 6.1", machine.ToPowerOff(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7400")]
    [InlineData("7410")]
    [InlineData("7447a")]
    [InlineData("7457")]
    public void A_kernel_boots_on_each_cpu(string cpu)
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin) with { Cpu = cpu });

        machine.UntilReady();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(2048)]
    public void A_kernel_sees_all_memory(int mebibytes)
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin) with { MemoryBytes = (ulong)mebibytes << 20 });

        machine.UntilReady();

        Assert.Contains($"Total memory = {mebibytes}MB", machine.Console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_powers_itself_off()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("uname -a")));

        Assert.Contains("Linux guest 6.1", machine.ToPowerOff(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_reboots_and_comes_up_again()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("reboot -f")));

        machine.UntilReady();
        machine.UntilReady();

        Assert.Null(machine.Ended);
    }

    [Fact]
    public void A_reboot_ends_the_run_when_reboots_are_not_wanted()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("reboot -f")) with { NoReboot = true });

        Assert.Equal(StopReason.Reset, machine.RunToEnd()?.Reason);
    }

    [Fact]
    public void A_kernel_boots_without_rtas()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin) with { UseRtas = false, NoReboot = true });

        machine.UntilReady();
    }

    [Fact]
    public void An_unpatched_kernel_without_rtas_prints_through_the_uart()
    {
        // Its own serial driver finds no ISA ports before the PCI bus is there; the early console goes on printing.
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel("ppc32/stock/vmlinux-up-unpatched").WithInitrd() with { UseRtas = false, NoReboot = true });

        Assert.True(machine.RunUntil("Run /init as init process", virtualSeconds: 60), machine.Tail());
    }

    [Fact]
    public void A_shell_on_the_serial_port_answers_what_is_typed()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin));
        machine.UntilReady();
        Assert.True(machine.RunUntil("# "), machine.Tail());

        machine.Console.Send("echo $((6*7))-answer\n");

        Assert.True(machine.RunUntil("42-answer", virtualSeconds: 20), machine.Tail());
    }

    [Fact]
    public void The_guests_clock_starts_at_the_configured_time()
    {
        using VirtualMachine machine = VirtualMachine.Create(
            Boot.Kernel(Boot.Builtin, Boot.Run("date -u")) with { RtcBase = new DateTimeOffset(2031, 5, 17, 12, 0, 0, TimeSpan.Zero) });

        Assert.Matches("Sat May 17 12:00:0[0-9] UTC 2031", machine.ToPowerOff());
    }

    [Fact]
    public void Two_boots_on_each_engine_print_the_same_bytes_and_end_in_the_same_state()
    {
        (string Console, string Hash, MachineStatistics Statistics)[] runs = new (string, string, MachineStatistics)[3];
        for (int i = 0; i < runs.Length; i++)
        {
            ExecutionEngine engine = i == 0 ? ExecutionEngine.Interpreter : ExecutionEngine.Translator;
            using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("uname -a;date")) with { Engine = engine });
            machine.ToPowerOff();
            runs[i] = (machine.Console.Text, machine.StateHash(), machine.Statistics);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[1], runs[2]);
    }

    [Fact]
    public void A_flattened_tree_of_the_users_replaces_the_generated_one()
    {
        MachineConfiguration configuration = Boot.Kernel(Boot.Builtin, Boot.Run("cat /proc/device-tree/model"));
        using MachineFactoryTree tree = new(configuration);
        tree.Tree.Root.SetString("model", "Pegasos2 of the user");
        using VirtualMachine machine = VirtualMachine.Create(configuration with { DeviceTree = GuestImage.FromBytes("user.dtb", tree.Flatten()) });

        Assert.Contains("Pegasos2 of the user", machine.ToPowerOff(), StringComparison.Ordinal);
    }

    private sealed class MachineFactoryTree(MachineConfiguration configuration) : IDisposable
    {
        public DeviceTree.DeviceTree Tree { get; } = new MachineFactory().BuildDeviceTree(configuration);

        public byte[] Flatten() => DeviceTree.Flattened.FlattenedTree.Write(Tree);

        public void Dispose()
        {
        }
    }
}
