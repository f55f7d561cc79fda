namespace Firmament.Firmware.Forth.Devices;

/// <summary>The instance data of one open instance: guest memory, and how much of the node's initial values it has.</summary>
internal readonly record struct InstanceData(uint Address, uint Size, int Initialised);
