using Firmament.Core.Replay;
using Firmament.Machines.Configuration;

namespace Firmament.Machines.Tests.Running;

/// <summary>A machine without a board.</summary>
internal sealed class ScriptedMachine : Machine
{
    public ScriptedMachine(bool noReboot = false, IHostClock? hostClock = null, TimeMode timeMode = TimeMode.Virtual)
        : base(new MachineConfiguration { MemoryBytes = 16 << 20, NoReboot = noReboot, TimeMode = timeMode }, new HostServices { Clock = hostClock })
    {
        Cpu = new ScriptedProcessor(Clock);
        Clock.DeadlineMoved = Cpu.RequestStop;
        Input = Journal.CreateChannel("console", bytes => Received.AddRange(bytes));
    }

    public ScriptedProcessor Cpu { get; }

    public InputChannel Input { get; }

    public List<byte> Received { get; } = [];

    public int Boots { get; private set; }

    public override string Name => "scripted";

    public override IMachineProcessor Processor => Cpu;

    public void Ask(StopReason reason) => AskFor(new StopResult(reason));

    public override InputChannel? ConsoleInput(int port) => Input;

    protected override bool InterruptPending => Cpu.InterruptLevel;

    public override void SendBreak(int port)
    {
    }

    protected override void ResetBoard()
    {
    }

    protected override void Boot() => Boots++;
}
