using Firmament.DeviceTree;

namespace Firmament.Devices.Buses.Vio;

/// <summary>
/// The NVRAM's place on the virtual I/O bus: a node that says how big it is. Its bytes are read and written by RTAS (nvram-fetch, nvram-store),
/// which has them from the machine's store. Source: the pseries reference, section 7.
/// </summary>
/// <param name="size">Bytes: 8 KiB to 1 MiB.</param>
public sealed class SpaprNvram(int size) : VioDevice
{
    /// <summary>The size machines have unless told otherwise.</summary>
    public const int DefaultSize = 0x1_0000;

    /// <summary>The smallest NVRAM a partition may have.</summary>
    public const int SmallestSize = 8 << 10;

    /// <summary>The largest.</summary>
    public const int LargestSize = 1 << 20;

    /// <summary>Bytes.</summary>
    public int Size { get; } = size;

    /// <inheritdoc/>
    public override string NodeName => "nvram";

    /// <inheritdoc/>
    public override string DeviceType => "nvram";

    /// <inheritdoc/>
    public override string Compatible => "qemu,spapr-nvram";

    /// <inheritdoc/>
    public override void Describe(DeviceNode node) => node.SetCells("#bytes", (uint)Size);
}
