using Firmament.Core;

namespace Firmament.Machines.Configuration;

/// <summary>Builds machines from their description.</summary>
public interface IMachineFactory
{
    /// <summary>Builds the machine, loads its images and resets it.</summary>
    /// <exception cref="UserErrorException">The configuration is impossible or a file is unusable; nothing was left open or half-written.</exception>
    IMachine Create(MachineConfiguration configuration, HostServices services);

    /// <summary>The device tree the guest would get from <see cref="Create"/>; needs no kernel.</summary>
    /// <exception cref="UserErrorException">The configuration is impossible.</exception>
    Firmament.DeviceTree.DeviceTree BuildDeviceTree(MachineConfiguration configuration);
}
