using Firmament.Cli.Tests.Scripted;
using Firmament.Machines;
using Firmament.Machines.Demo;

namespace Firmament.Cli.Tests;

public sealed class DemoTests
{
    [Theory]
    [InlineData("sc1")]
    [InlineData("osi")]
    [InlineData("epapr")]
    public void The_real_demo_runs_on_the_real_machine_and_ends_with_status_0(string convention)
    {
        using MemoryStreams streams = new();
        int status = new CommandLineApp(new()
        {
            Machines = new MachineFactory(),
            Streams = streams,
            DemoProgram = static () => DemoProgram.Build(),
        }).Invoke(["demo", "--hypercall", convention]);

        Assert.Equal(0, status);
        Assert.StartsWith("Hello from PowerPC code", streams.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\nPower off.\r\n", streams.Output, StringComparison.Ordinal);
    }
}
