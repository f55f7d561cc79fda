using Firmament.Devices.Buses.Spapr;
using Firmament.Firmware.Drivers.Papr;

namespace Firmament.Machines.Drivers;

/// <summary>A DMA window for a driver of the firmware's: what H_PUT_TCE and H_STUFF_TCE reach.</summary>
/// <param name="tables">The partition's windows.</param>
/// <param name="window">The one.</param>
internal sealed class TceWindow(TceTables tables, TceTable window) : ITceWindow
{
    /// <inheritdoc/>
    public ulong Start => window.Start;

    /// <inheritdoc/>
    public ulong Length => window.Length;

    /// <inheritdoc/>
    public int PageShift => window.PageShift;

    /// <inheritdoc/>
    public long Put(ulong busAddress, ulong entry) => tables.Put(window.Liobn, busAddress, entry);

    /// <inheritdoc/>
    public long Stuff(ulong busAddress, ulong entry, ulong count) => tables.Stuff(window.Liobn, busAddress, entry, count);
}
