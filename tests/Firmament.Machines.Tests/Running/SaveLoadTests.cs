using Firmament.Core.State;
using Firmament.Machines.Configuration;
using Firmament.Machines.Tests.Boots;
using Firmament.Machines.Tests.Demo;

namespace Firmament.Machines.Tests.Running;

public sealed class SaveLoadTests
{
    [Theory]
    [InlineData(0.000_005)]
    [InlineData(0.000_1)]
    [InlineData(0.002)]
    public void A_machine_goes_on_from_where_another_was_saved(double virtualSeconds)
    {
        using VirtualMachine first = VirtualMachine.Create(DemoTests.Configuration());
        Assert.Null(first.RunToEnd(virtualSeconds));
        using VirtualMachine second = VirtualMachine.Create(DemoTests.Configuration());

        Transfer(first, second);
        int saved = first.Console.Text.Length;

        Assert.Equal(StopReason.PowerOff, first.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.Equal(StopReason.PowerOff, second.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.NotEmpty(second.Console.Text);
        Assert.Equal(first.Console.Text[saved..], second.Console.Text);
        Assert.Equal(first.StateHash(), second.StateHash());
    }

    [Fact]
    public void A_saved_run_ends_as_one_that_was_never_interrupted()
    {
        using VirtualMachine whole = VirtualMachine.Create(DemoTests.Configuration());
        whole.RunToEnd(virtualSeconds: 1);
        using VirtualMachine first = VirtualMachine.Create(DemoTests.Configuration());
        first.RunToEnd(0.001);
        using VirtualMachine second = VirtualMachine.Create(DemoTests.Configuration());
        Transfer(first, second);
        second.RunToEnd(virtualSeconds: 1);

        Assert.Equal(whole.Console.Text, first.Console.Text + second.Console.Text);
        Assert.Equal(whole.StateHash(), second.StateHash());
    }

    [Fact]
    public void A_machine_that_has_run_goes_back_to_an_earlier_state()
    {
        using VirtualMachine machine = VirtualMachine.Create(DemoTests.Configuration());
        machine.RunToEnd(0.001);
        using MemoryStream state = Save(machine);
        string hash = machine.StateHash();
        machine.RunToEnd(virtualSeconds: 1);
        string end = machine.StateHash();
        Assert.NotEqual(hash, end);

        machine.LoadState(state);

        Assert.Null(machine.Ended);
        Assert.Equal(hash, machine.StateHash());
        Assert.Equal(StopReason.PowerOff, machine.RunToEnd(virtualSeconds: 1)?.Reason);
        Assert.Equal(end, machine.StateHash());
    }

    [Fact]
    public void A_machine_that_has_ended_is_restored_as_ended()
    {
        using VirtualMachine first = VirtualMachine.Create(DemoTests.Configuration());
        first.RunToEnd(virtualSeconds: 1);
        using VirtualMachine second = VirtualMachine.Create(DemoTests.Configuration());

        Transfer(first, second);

        Assert.Equal(StopReason.PowerOff, second.Ended?.Reason);
        Assert.Equal(StopReason.PowerOff, second.RunToEnd()?.Reason);
        Assert.Empty(second.Console.Text);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.2)]
    public void A_booting_Linux_goes_on_from_where_another_was_saved(double virtualSeconds)
    {
        MachineConfiguration configuration = Boot.Kernel(Boot.Builtin, Boot.Run("cat /proc/interrupts | wc -l")) with
        {
            Devices = [new DeviceConfiguration { Driver = "virtio-rng-pci" }],
        };
        using VirtualMachine first = VirtualMachine.Create(configuration);
        Assert.Null(first.RunToEnd(virtualSeconds));
        using VirtualMachine second = VirtualMachine.Create(configuration);

        Transfer(first, second);
        int saved = first.Console.Text.Length;

        string text = first.ToPowerOff();
        Assert.Equal(StopReason.PowerOff, second.RunToEnd(virtualSeconds: 300)?.Reason);
        Assert.Equal(text[saved..], second.Console.Text);
        Assert.Equal(first.StateHash(), second.StateHash());
    }

    [Fact]
    public void The_state_of_a_machine_with_other_memory_is_refused()
    {
        using VirtualMachine first = VirtualMachine.Create(DemoTests.Configuration());
        using VirtualMachine second = VirtualMachine.Create(DemoTests.Configuration() with { MemoryBytes = 64 << 20 });
        using MemoryStream state = Save(first);

        StateFormatException error = Assert.Throws<StateFormatException>(() => second.LoadState(state));

        Assert.Equal("pegasos2/memory/ram", error.Path);
        Assert.Equal(
            "the saved state is unusable at pegasos2/memory/ram: it has 33554432 bytes of memory where the machine has 67108864",
            error.Message);
    }

    [Fact]
    public void The_state_of_a_machine_with_other_devices_is_refused()
    {
        using VirtualMachine first = VirtualMachine.Create(DemoTests.Configuration());
        using VirtualMachine second = VirtualMachine.Create(
            DemoTests.Configuration() with { Devices = [new DeviceConfiguration { Driver = "virtio-rng-pci" }] });
        using MemoryStream state = Save(first);

        Assert.Throws<StateFormatException>(() => second.LoadState(state));
    }

    [Fact]
    public void The_whole_state_prints_as_json()
    {
        using VirtualMachine machine = VirtualMachine.Create(DemoTests.Configuration());
        machine.RunToEnd(0.001);
        using MemoryStream stream = new();
        using (JsonVisitor json = new(stream))
        {
            ((IStateful)machine.Machine).Visit(json);
        }

        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(stream.ToArray());
        Assert.Equal(33554432, document.RootElement.GetProperty("memory").GetProperty("ram").GetProperty("size").GetInt64());
        Assert.True(document.RootElement.GetProperty("clock").GetProperty("now").GetInt64() > 0);
        Assert.True(document.RootElement.TryGetProperty("mv64361", out _));
    }

    private static MemoryStream Save(VirtualMachine machine)
    {
        MemoryStream state = new();
        machine.SaveState(state);
        state.Position = 0;
        return state;
    }

    private static void Transfer(VirtualMachine from, VirtualMachine to)
    {
        using MemoryStream state = Save(from);
        to.LoadState(state);
        Assert.Equal(state.Length, state.Position);
        Assert.Equal(from.StateHash(), to.StateHash());
    }
}
