namespace Firmament.Machines.Booting;

/// <summary>Who meets the client program at its first instruction.</summary>
internal enum BootMode
{
    /// <summary>Open Firmware on the host: r5 is its client interface.</summary>
    OpenFirmware,

    /// <summary>Nobody: the client finds a flat tree in r3 and calls the hypervisor itself.</summary>
    FlatTree,

    /// <summary>A ROM of the user's, which gets the flat tree in r3 and finds the client in memory.</summary>
    Rom,
}
