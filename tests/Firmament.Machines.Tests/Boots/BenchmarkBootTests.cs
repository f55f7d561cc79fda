namespace Firmament.Machines.Tests.Boots;

public sealed class BenchmarkBootTests
{
    [Fact]
    public void Every_benchmark_in_the_guest_computes_the_sum_the_host_computed()
    {
        using VirtualMachine machine = VirtualMachine.Create(Boot.Kernel(Boot.Builtin, Boot.Run("/bench/bench all")));

        machine.RunToEnd(virtualSeconds: 600);
        if (machine.Console.Text.Contains("/bench/bench: not found", StringComparison.Ordinal))
        {
            Assert.Skip("The guest image has no /bench: make one with eng/guests/build.sh initramfs.");
        }

        string[] rows = [.. machine.Console.Text.Split('\n').Where(static line => line.StartsWith("BENCH ", StringComparison.Ordinal))];
        Assert.True(rows.Length >= 30, machine.Tail());
        Assert.DoesNotContain(rows, static row => row.TrimEnd().EndsWith("BAD", StringComparison.Ordinal));
        Assert.Contains("RUN-DONE rc=0", machine.Console.Text, StringComparison.Ordinal);
    }
}
