using System.Globalization;
using Firmament.Core;
using Firmament.Devices.Storage;

namespace Firmament.Machines.Cards;

/// <summary>The SCSI adapters of a machine by the names that bus= gives them, and the places on them.</summary>
internal sealed class ScsiAdapters
{
    private readonly List<Adapter> _adapters = [];

    /// <summary>True while there is no adapter.</summary>
    public bool IsEmpty => _adapters.Count == 0;

    /// <summary>Adds an adapter.</summary>
    /// <param name="id">The device's id=, or null.</param>
    /// <param name="targets">Where units go.</param>
    /// <param name="lastTarget">The largest target number.</param>
    /// <param name="lastUnit">The largest unit number.</param>
    public void Add(string? id, ScsiTargets targets, int lastTarget, int lastUnit) =>
        _adapters.Add(new Adapter(id == null ? string.Create(CultureInfo.InvariantCulture, $"scsi.{_adapters.Count}") : id + ".0", targets, lastTarget, lastUnit));

    /// <summary>Attaches a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="driver">Who asks, for messages.</param>
    /// <param name="bus">The adapter's bus ("ID.0"), or null for the first adapter.</param>
    /// <param name="target">The target, or null for the first free one.</param>
    /// <param name="number">The unit number.</param>
    /// <exception cref="UserErrorException">There is no such adapter or place, or it is taken.</exception>
    public void Attach(ScsiUnit unit, string driver, string? bus, int? target, int number)
    {
        Adapter? adapter = bus == null ? _adapters.FirstOrDefault() : _adapters.FirstOrDefault(adapter => adapter.Name == bus);
        if (adapter == null)
        {
            throw new UserErrorException(bus == null
                ? $"Device '{driver}' needs a SCSI adapter; give --device virtio-scsi-pci before it."
                : $"There is no SCSI bus '{bus}'; give the adapter id={bus.Split('.')[0]}.");
        }

        int place = target ?? adapter.Targets.FirstFreeTarget();
        if (place < 0 || place > adapter.LastTarget || number < 0 || number > adapter.LastUnit)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                $"SCSI target {place}, unit {number} is not possible on '{adapter.Name}'; it has targets 0 to {adapter.LastTarget} and units 0 to {adapter.LastUnit}."));
        }

        if (adapter.Targets.Units.ContainsKey((place, number)))
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                $"SCSI target {place}, unit {number} of '{adapter.Name}' is taken; give another scsi-id= or lun=."));
        }

        adapter.Targets.Attach(place, number, unit);
    }

    private sealed record Adapter(string Name, ScsiTargets Targets, int LastTarget, int LastUnit);
}
