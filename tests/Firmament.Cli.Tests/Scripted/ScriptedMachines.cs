using Firmament.DeviceTree;
using Firmament.Machines.Configuration;

namespace Firmament.Cli.Tests.Scripted;

/// <summary>Builds scripted machines, and remembers what was asked for.</summary>
internal sealed class ScriptedMachines(params Func<ScriptedMachine, StopResult?>[] steps) : IMachineFactory
{
    public MachineConfiguration? Configuration { get; private set; }

    public ScriptedMachine? Machine { get; private set; }

    /// <summary>The error that building ends in, or null.</summary>
    public Exception? Refusal { get; init; }

    public IMachine Create(MachineConfiguration configuration, HostServices services)
    {
        Configuration = configuration;
        if (Refusal != null)
        {
            throw Refusal;
        }

        Machine = new(configuration, services, steps);
        return Machine;
    }

    public Firmament.DeviceTree.DeviceTree BuildDeviceTree(MachineConfiguration configuration)
    {
        Configuration = configuration;
        Firmament.DeviceTree.DeviceTree tree = new();
        tree.Root.SetString("model", "Scripted");
        return tree;
    }
}
