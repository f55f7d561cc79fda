using Firmament.Core;
using Firmament.Core.Backends;
using Firmament.Machines.Configuration;
using Firmament.Machines.Pegasos2;
using Firmament.Machines.Profiling;
using Firmament.Machines.Pseries;

namespace Firmament.Machines;

/// <summary>Builds the machines this library has.</summary>
public sealed class MachineFactory : IMachineFactory
{
    /// <inheritdoc/>
    public IMachine Create(MachineConfiguration configuration, HostServices services) => CreateMachine(configuration, services);

    /// <inheritdoc/>
    public DeviceTree.DeviceTree BuildDeviceTree(MachineConfiguration configuration)
    {
        configuration.Validate();
        using Machine machine = Build(configuration with { Serial = [], NvramFile = null }, new HostServices
        {
            // Nothing of the host is opened: a tree depends on the places of disks and consoles, not on what is behind them.
            OpenDrive = static _ => new MemoryDisk(new byte[DiskImage.SectorSize], isReadOnly: true),
            SerialPorts = [.. configuration.Serial.Select(static port => port.Backend == "null" ? null : new NullCharacterBackend())],
            CharacterDevices = configuration.Devices
                .Select(static device => device["chardev"])
                .OfType<string>()
                .Distinct()
                .ToDictionary(static id => id, static _ => (ICharacterBackend)new NullCharacterBackend()),
        });
        machine.ResetWithoutBoot();
        return machine.DescribeBoot();
    }

    internal static Machine CreateMachine(MachineConfiguration configuration, HostServices services)
    {
        configuration.Validate();
        Machine machine = Build(configuration, services);
        CodeWatch.Connect(machine, services);
        try
        {
            machine.Reset();
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    private static Machine Build(MachineConfiguration configuration, HostServices services) => configuration.Machine switch
    {
        "pseries" => new PseriesMachine(configuration, services),
        _ => new Pegasos2Machine(configuration, services),
    };
}
