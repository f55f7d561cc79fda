namespace Firmament.Machines.Configuration;

/// <summary>What one machine offers: the facts the command line checks and lists, and that building it relies on.</summary>
/// <param name="Name">As the user types it.</param>
/// <param name="Is64Bit">It has 64-bit CPUs; else 32-bit ones.</param>
/// <param name="DefaultCpu">The CPU when none is asked for.</param>
/// <param name="MostCpus">Greatest number of CPUs (threads in all).</param>
/// <param name="MostMemory">Most RAM in bytes.</param>
/// <param name="MostSerialPorts">Serial ports it can have.</param>
/// <param name="Console">The Linux console of its first serial port.</param>
/// <param name="Properties">Machine properties it takes beside those every machine has.</param>
/// <param name="OwnDrives">What a drive is attached to unless told otherwise.</param>
/// <param name="OwnCard">The network card unless told otherwise.</param>
/// <param name="Description">A few words for lists.</param>
public sealed record MachineKind(
    string Name,
    bool Is64Bit,
    string DefaultCpu,
    int MostCpus,
    ulong MostMemory,
    int MostSerialPorts,
    string Console,
    IReadOnlyList<string> Properties,
    DriveInterface OwnDrives,
    string OwnCard,
    string Description)
{
    /// <summary>It can run a ROM in place of the host's firmware.</summary>
    public bool TakesRom => Is64Bit;

    /// <summary>Every machine, the default first.</summary>
    public static IReadOnlyList<MachineKind> All { get; } =
    [
        new("pegasos2", false, "7457", 1, 2UL << 30, 1, "ttyS0", [], DriveInterface.Ide, "virtio-net-pci", "bPlan Pegasos II: 32-bit G4, CHRP"),
        new("pseries", true, "power9", 8, 1UL << 40, 16, "hvc0", Pseries.PseriesOptions.Names, DriveInterface.Scsi, "spapr-vlan", "IBM POWER logical partition (PAPR)"),
    ];

    /// <summary>The machine of this name, or null.</summary>
    public static MachineKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
