using Firmament.Core;
using Firmament.Machines.Configuration;

namespace Firmament.Cli;

/// <summary>Stands in where no machine library was linked.</summary>
internal sealed class UnbuiltMachines : IMachineFactory
{
    /// <inheritdoc/>
    public IMachine Create(MachineConfiguration configuration, HostServices services) => throw Refusal(configuration);

    /// <inheritdoc/>
    public Firmament.DeviceTree.DeviceTree BuildDeviceTree(MachineConfiguration configuration) => throw Refusal(configuration);

    private static UserErrorException Refusal(MachineConfiguration configuration)
        => new($"Machine '{configuration.Machine}' is not part of this build; use a complete build of Firmament.");
}
