using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Support;

namespace Firmament.Machines.Tests.Boots;

/// <summary>Linux on pseries: big-endian from the guest images, little-endian with the kernel of Debian's installer where the cache has it.</summary>
public sealed class PseriesBootTests
{
    private const string Parallel = "for i in 1 2 3 4;do cat /bin/busybox|sha256sum& done;wait;nproc";

    [Theory]
    [InlineData("power8", "", "xics", "hash-mmu: ")]
    [InlineData("power9", "", "xics", "hash-mmu: ")]
    [InlineData("power9", "", "xive", "hash-mmu: ")]
    [InlineData("power9", "disable_radix=0 ", "xics", "radix-mmu: ")]
    [InlineData("power9", "disable_radix=0 ", "dual", "radix-mmu: ")]
    public void A_big_endian_kernel_runs_a_command_and_powers_off(string cpu, string arguments, string interrupts, string translation)
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian(arguments + Boot.Run("uname -a")) with
        {
            Cpu = cpu,
            MachineProperties = new Dictionary<string, string> { ["ic-mode"] = interrupts },
        });

        string console = machine.ToPowerOff();

        Assert.Contains("Linux guest 6.1", console, StringComparison.Ordinal);
        Assert.Contains(translation, console, StringComparison.Ordinal);
        AssertHealthy(console);
    }

    [Theory]
    [InlineData("power8", "")]
    [InlineData("power9", "")]
    [InlineData("power9", "disable_radix ")]
    public void Debians_kernel_runs_a_command_and_powers_off(string cpu, string arguments)
    {
        using VirtualMachine machine = VirtualMachine.Create(LittleEndian(arguments + Boot.Run("uname -m")) with { Cpu = cpu });

        string console = machine.ToPowerOff();

        Assert.Contains("\nppc64le", console, StringComparison.Ordinal);
        AssertHealthy(console);
    }

    [Theory]
    [InlineData("xics", 2, 1)]
    [InlineData("xive", 2, 1)]
    [InlineData("xics", 2, 2)]
    public void Several_CPUs_share_the_work(string interrupts, int cores, int threads)
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian(Boot.Run(Parallel)) with
        {
            Topology = new CpuTopology(cores, threads),
            MachineProperties = new Dictionary<string, string> { ["ic-mode"] = interrupts },
        });

        string console = machine.ToPowerOff();

        Assert.Contains($"Brought up 1 node, {cores * threads} CPUs", console, StringComparison.Ordinal);
        Assert.Contains($"\n{cores * threads}\r\n", console, StringComparison.Ordinal);
        AssertHealthy(console);
    }

    [Fact]
    public void A_guest_that_idles_for_longer_than_a_32_bit_decrementer_counts_wakes_up()
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian(Boot.Run("sleep 20;cat /proc/uptime")) with { Topology = new CpuTopology(2, 1) });

        string console = machine.ToPowerOff();

        Assert.Matches("\n2[0-9][.][0-9]+ ", console);
        AssertHealthy(console);
    }

    [Fact]
    public void Two_boots_with_two_CPUs_print_the_same_bytes_and_end_in_the_same_state()
    {
        (string Console, string Hash, MachineStatistics Statistics)[] runs = new (string, string, MachineStatistics)[2];
        for (int i = 0; i < 2; i++)
        {
            using VirtualMachine machine = VirtualMachine.Create(BigEndian(Boot.Run(Parallel)) with { Topology = new CpuTopology(2, 1) });
            machine.ToPowerOff();
            runs[i] = (machine.Console.Text, machine.StateHash(), machine.Statistics);
        }

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void A_guest_reboots_and_comes_up_again()
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian(Boot.Run("reboot -f")) with { Topology = new CpuTopology(2, 1) });

        machine.UntilReady();
        machine.UntilReady();

        Assert.Null(machine.Ended);
    }

    [Fact]
    public void A_reboot_ends_the_run_when_reboots_are_not_wanted()
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian(Boot.Run("reboot -f")) with { NoReboot = true });

        Assert.Equal(StopReason.Reset, machine.RunToEnd()?.Reason);
    }

    [Fact]
    public void A_panic_is_told_with_its_message()
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian("panic=-1 rdinit=/absent init=/absent"));

        StopResult? result = machine.RunToEnd();

        Assert.Equal(StopReason.Panic, result?.Reason);
        Assert.Contains("Unable to mount root fs", result?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_reset_reaches_the_handler_that_linux_registered()
    {
        using VirtualMachine machine = VirtualMachine.Create(BigEndian("quiet panic=-1"));
        Assert.True(machine.RunUntil("GUEST-READY", virtualSeconds: 60), machine.Tail());

        Assert.True(machine.Machine.TryInterruptAll());
        machine.RunUntil("Kernel panic", virtualSeconds: 20);

        Assert.Contains("Oops: System Reset", machine.Console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bad r3", machine.Console.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("disable_radix=0 ")]
    public void A_machine_check_kills_the_program_that_met_it_and_no_more(string arguments)
    {
        // Physical addresses from 2 GiB on are nobody's on this machine.
        using VirtualMachine machine = VirtualMachine.Create(BigEndian($"quiet {arguments}panic=-1 " + Boot.Run("devmem 0x80000000 32; devmem 0x80000000 32; echo still here")));

        string console = machine.ToPowerOff();

        Assert.Contains("MCE: CPU0: machine check", console, StringComparison.Ordinal);
        Assert.Contains("still here", console, StringComparison.Ordinal);
        Assert.DoesNotContain("corrupt r3", console, StringComparison.Ordinal);
    }

    // Linux uses no watchpoint on POWER9, whose first chips had a defect there.
    [Theory]
    [InlineData("power8", true)]
    [InlineData("power9", false)]
    public void Debians_kernel_counts_samples_and_watches_a_program(string cpu, bool watches)
    {
        using VirtualMachine machine = VirtualMachine.Create(LittleEndian("quiet " + Boot.Run("/probe")) with
        {
            Cpu = cpu,
            Initrd = GuestImage.FromBytes("initramfs", GuestProgram.AddTo(Guests.Path("ppc64le/initramfs.cpio.gz"), "probe")),
        });

        string console = machine.ToPowerOff();

        foreach (string line in (string[])["between 1000", "cycles 1000", "kernel 1", "samples 30", "inside 30"])
        {
            Assert.Contains($"PROBE {line}\r\n", console, StringComparison.Ordinal);
        }

        Assert.Equal(watches, console.Contains("PROBE watched 7\r\nPROBE value 7\r\n", StringComparison.Ordinal));
    }

    private static MachineConfiguration BigEndian(string arguments) => Pseries(Guests.Path("ppc64be/vmlinux"), Guests.Path("ppc64be/initramfs.cpio.gz"), arguments);

    private static MachineConfiguration LittleEndian(string arguments)
    {
        string kernel = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/firmament/debian-12-ppc64el/vmlinux");
        Assert.SkipUnless(File.Exists(kernel), "Debian's kernel is not in the cache: fetch it with firmament boot debian.");
        return Pseries(kernel, Guests.Path("ppc64le/initramfs.cpio.gz"), arguments);
    }

    private static MachineConfiguration Pseries(string kernel, string initrd, string arguments) => new()
    {
        Machine = "pseries",
        Kernel = GuestImage.FromFile(kernel),
        Initrd = GuestImage.FromFile(initrd),
        CommandLine = "console=hvc0 " + arguments,
    };

    private static void AssertHealthy(string console)
    {
        foreach (string complaint in (string[])["Oops:", "Call Trace", "detected stall", "soft lockup", "nobody cared", "BUG:"])
        {
            Assert.DoesNotContain(complaint, console, StringComparison.Ordinal);
        }
    }
}
