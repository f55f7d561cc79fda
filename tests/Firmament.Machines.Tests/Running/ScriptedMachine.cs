using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Running;

/// <summary>A machine without a board.</summary>
internal sealed class ScriptedMachine : Machine
{
    public ScriptedMachine(bool noReboot = false, IHostClock? hostClock = null, TimeMode timeMode = TimeMode.Virtual, int cpus = 1, IMachineWatcher? watcher = null)
        : base(new MachineConfiguration { MemoryBytes = 16 << 20, NoReboot = noReboot, TimeMode = timeMode }, new HostServices { Clock = hostClock, Watcher = watcher })
    {
        Cpus = [.. Enumerable.Range(0, cpus).Select(_ => new ScriptedProcessor(Clock))];
        Clock.DeadlineMoved = StopProcessors;
        Input = Journal.CreateChannel("console", bytes => Received.AddRange(bytes));
    }

    public IReadOnlyList<ScriptedProcessor> Cpus { get; }

    public ScriptedProcessor Cpu => Cpus[0];

    public InputChannel Input { get; }

    public List<byte> Received { get; } = [];

    public int Boots { get; private set; }

    public override string Name => "scripted";

    public override IReadOnlyList<IMachineProcessor> Processors => Cpus;

    public void Ask(StopReason reason) => AskFor(new StopResult(reason));

    public override InputChannel? ConsoleInput(int port) => Input;

    public override Firmament.DeviceTree.DeviceTree DescribeBoot() => new();

    protected override bool InterruptPending => Cpu.InterruptLevel;

    public override void SendBreak(int port)
    {
    }

    protected override void ResetBoard()
    {
    }

    protected override void Boot() => Boots++;
}
