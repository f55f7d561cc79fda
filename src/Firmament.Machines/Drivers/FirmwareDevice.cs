using Firmament.DeviceTree;
using Firmament.Firmware.Drivers;

namespace Firmament.Machines.Drivers;

/// <summary>A device that the firmware can drive, and its node.</summary>
/// <param name="Node">The node of the disk, the CD or the card.</param>
/// <param name="Block">Its driver when it is a disk or CD, else null.</param>
/// <param name="Network">Its driver when it is a network card, else null.</param>
/// <param name="IsCdrom">It is a CD drive, which may be empty.</param>
internal sealed record FirmwareDevice(DeviceNode Node, IBlockDriver? Block, INetworkDriver? Network, bool IsCdrom);
